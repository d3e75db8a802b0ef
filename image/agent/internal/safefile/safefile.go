// Package safefile accesses files below a folder in which others may write. It opens each component of a path on its
// own, without following links, and works on the open folder, so that nobody can redirect it by replacing a component.
// The root is trusted: the pod mounts a volume there.
package safefile

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
)

const folderFlags = syscall.O_RDONLY | syscall.O_DIRECTORY | syscall.O_NOFOLLOW | syscall.O_CLOEXEC

// MaxDepth is how many folders a path may have below its root. Each open folder needs a descriptor.
const MaxDepth = 16

// Folder is an open folder.
type Folder struct{ file *os.File }

// OpenRoot opens a trusted folder and follows links in its path.
func OpenRoot(path string) (*Folder, error) { return openAt(-1, path, folderFlags&^syscall.O_NOFOLLOW) }

// Open opens the root or a folder below it.
func Open(root, path string) (*Folder, error) {
	folder, err := OpenRoot(root)
	if err != nil || path == root {
		return folder, err
	}
	below, found := strings.CutPrefix(path, root+"/")
	names := strings.Split(below, "/")
	if !found || len(names) > MaxDepth {
		folder.Close()
		return nil, fmt.Errorf("%s is not below %s, or too deep", path, root)
	}
	for _, name := range names {
		next, err := folder.Enter(name)
		folder.Close()
		if err != nil {
			return nil, err
		}
		folder = next
	}
	return folder, nil
}

func openAt(at int, name string, flags int) (*Folder, error) {
	descriptor, err := openRetrying(at, name, flags, 0)
	if err != nil {
		return nil, &os.PathError{Op: "open", Path: name, Err: err}
	}
	// Library functions that use this name reach the open folder itself.
	return &Folder{os.NewFile(uintptr(descriptor), "/proc/self/fd/"+strconv.Itoa(descriptor))}, nil
}

func openRetrying(at int, name string, flags int, mode uint32) (descriptor int, err error) {
	for {
		if descriptor, err = syscall.Openat(at, name, flags, mode); err != syscall.EINTR {
			return descriptor, err
		}
	}
}

func (f *Folder) descriptor() int { return int(f.file.Fd()) }

// at returns a path of which others can change only the last component.
func (f *Folder) at(name string) string { return f.file.Name() + "/" + name }

// Close closes the folder.
func (f *Folder) Close() { f.file.Close() }

// Enter opens a folder in this folder.
func (f *Folder) Enter(name string) (*Folder, error) {
	if err := check(name); err != nil {
		return nil, err
	}
	return openAt(f.descriptor(), name, folderFlags)
}

// check refuses names that are not a single component of a path.
func check(name string) error {
	if name == "" || name == "." || name == ".." || strings.ContainsAny(name, "/\x00") {
		return fmt.Errorf("%q is no name of a file", name)
	}
	return nil
}

// Info returns information about the folder itself.
func (f *Folder) Info() (os.FileInfo, error) { return f.file.Stat() }

// Lstat returns information about a file in the folder.
func (f *Folder) Lstat(name string) (os.FileInfo, error) {
	if err := check(name); err != nil {
		return nil, err
	}
	return os.Lstat(f.at(name))
}

// Entries returns the next entries, at most limit, or none at the end.
func (f *Folder) Entries(limit int) []os.DirEntry {
	entries, _ := f.file.ReadDir(limit)
	return entries
}

// Open opens a regular file. It does not block on a pipe.
func (f *Folder) Open(name string) (*os.File, os.FileInfo, error) {
	if err := check(name); err != nil {
		return nil, nil, err
	}
	flags := syscall.O_RDONLY | syscall.O_NOFOLLOW | syscall.O_NONBLOCK | syscall.O_CLOEXEC
	descriptor, err := openRetrying(f.descriptor(), name, flags, 0)
	if err != nil {
		return nil, nil, &os.PathError{Op: "open", Path: name, Err: err}
	}
	file := os.NewFile(uintptr(descriptor), name)
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s is no regular file", name)
	}
	if err != nil {
		file.Close()
		return nil, nil, err
	}
	return file, info, nil
}

// Make creates a folder unless it exists, and opens it.
func (f *Folder) Make(name string, mode uint32) (*Folder, error) {
	if err := check(name); err != nil {
		return nil, err
	}
	err := syscall.Mkdirat(f.descriptor(), name, mode)
	if err != nil && err != syscall.EEXIST {
		return nil, &os.PathError{Op: "mkdir", Path: name, Err: err}
	}
	return f.Enter(name)
}

// Chmod changes the mode of this folder, even if its path now leads elsewhere.
func (f *Folder) Chmod(mode os.FileMode) error { return f.file.Chmod(mode) }

// IsMine reports whether the agent's user owns the folder, so that nobody else may change its mode. Root changes no
// folder of the application.
func (f *Folder) IsMine() bool {
	info, err := f.Info()
	return err == nil && info.Sys().(*syscall.Stat_t).Uid == uint32(os.Geteuid())
}

// Remove removes a file if it is still the given one.
func (f *Folder) Remove(name string, same os.FileInfo) error {
	now, err := f.Lstat(name)
	if err != nil {
		return err
	}
	if !os.SameFile(now, same) {
		return fmt.Errorf("%s is another file by now", name)
	}
	return syscall.Unlinkat(f.descriptor(), name)
}

// RemoveFolder removes an empty folder.
func (f *Folder) RemoveFolder(name string) error {
	if err := check(name); err != nil {
		return err
	}
	return syscall.Rmdir(f.at(name))
}
