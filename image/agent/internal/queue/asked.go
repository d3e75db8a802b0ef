package queue

import (
	"os"

	"cdk8s-procdump/agent/internal/setting"
)

// askedFile contains one byte for each requested dump, so that the agent knows how many dumps on demand it may find.
func askedFile() string { return setting.State("asked") }

// NoteAsked records a request for a dump.
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

// CountAsked returns how many dumps were requested.
func CountAsked() int {
	info, err := os.Stat(askedFile())
	if err != nil {
		return 0
	}
	return int(info.Size())
}
