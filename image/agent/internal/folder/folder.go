// Package folder examines folders.
package folder

import (
	"os"
	"syscall"
)

// Names returns the names in a folder, unordered, or nil if it cannot be read.
func Names(path string) []string {
	file, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer file.Close()
	names, _ := file.Readdirnames(-1)
	return names
}

// Exists reports whether a path is a folder.
func Exists(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// IsWritable reports whether the agent's user may write to a folder.
func IsWritable(path string) bool {
	const write = 2
	return Exists(path) && syscall.Access(path, write) == nil
}
