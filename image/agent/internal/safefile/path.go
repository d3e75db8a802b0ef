package safefile

import (
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// OpenFile opens a regular file below a root.
func OpenFile(root, path string) (*os.File, os.FileInfo, error) {
	folder, err := Open(root, filepath.Dir(path))
	if err != nil {
		return nil, nil, err
	}
	defer folder.Close()
	return folder.Open(filepath.Base(path))
}

// Lstat returns information about a file below a root.
func Lstat(root, path string) (os.FileInfo, error) {
	folder, err := Open(root, filepath.Dir(path))
	if err != nil {
		return nil, err
	}
	defer folder.Close()
	return folder.Lstat(filepath.Base(path))
}

// ChangedAt returns the change time of a file, which includes changes of its times and names. No program can set it.
func ChangedAt(info os.FileInfo) time.Time {
	status := info.Sys().(*syscall.Stat_t)
	return time.Unix(status.Ctim.Unix())
}

// Inode returns the inode number of a file, which does not depend on its name.
func Inode(info os.FileInfo) uint64 { return info.Sys().(*syscall.Stat_t).Ino }
