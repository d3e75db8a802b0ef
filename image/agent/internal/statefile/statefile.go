// Package statefile writes small files so that a reader never sees a partial one.
package statefile

import (
	"io"
	"os"
)

// Write replaces a file.
func Write(path string, text []byte) error {
	if err := os.WriteFile(path+".new", text, 0o600); err != nil {
		os.Remove(path + ".new")
		return err
	}
	return os.Rename(path+".new", path)
}

// Append appends a line to a file.
func Append(path string, line string) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = file.WriteString(line + "\n")
	if closed := file.Close(); err == nil {
		err = closed
	}
	return err
}

// Read returns at most limit bytes of a file, or "" if the file is missing.
func Read(path string, limit int64) string {
	file, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer file.Close()
	text, _ := io.ReadAll(io.LimitReader(file, limit))
	return string(text)
}
