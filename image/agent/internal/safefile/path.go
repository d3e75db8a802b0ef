package safefile

import (
	"os"
	"path/filepath"
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

// Lstat tells about a file below a root.
func Lstat(root, path string) (os.FileInfo, error) {
	folder, err := Open(root, filepath.Dir(path))
	if err != nil {
		return nil, err
	}
	defer folder.Close()
	return folder.Lstat(filepath.Base(path))
}
