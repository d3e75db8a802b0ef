package queue

import (
	"os"

	"cdk8s-procdump/agent/internal/setting"
)

// The file has one byte for each dump that a person asked for, so that the agent knows how many of those that it finds
// may be theirs.
func askedFile() string { return setting.State("asked") }

// NoteAsked adds a dump that is asked for.
func NoteAsked() error {
	file, err := os.OpenFile(askedFile(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = file.WriteString(".")
	if closed := file.Close(); err == nil {
		err = closed
	}
	return err
}

// CountAsked returns how many dumps were asked for.
func CountAsked() int {
	info, err := os.Stat(askedFile())
	if err != nil {
		return 0
	}
	return int(info.Size())
}
