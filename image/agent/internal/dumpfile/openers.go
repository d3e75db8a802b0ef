package dumpfile

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
	"time"

	"cdk8s-procdump/agent/internal/process"
)

// Openers finds out who has a file open. It sees writers in the other container too: they have the sidecar's user, or
// the sidecar is root.
type Openers struct {
	file  os.FileInfo // that is searched for
	begun time.Time
	pids  []int // that are left
	// The process in the middle of which a look ended.
	pid         int
	descriptors *os.File
}

const (
	// A look at the descriptors of all processes goes on at the next look.
	openersTime = 100 * time.Millisecond
	// A search whose file is not asked for any more.
	openersStale = time.Minute
	chunk        = 256
)

// IsOpen tells whether a process may still write to the file. The kernel is asked first: it lends a file to a reader
// only where nobody writes. Store file systems and root without the capability for it do not; then all descriptors of
// all processes are looked at, piece by piece, and the file counts as open until that has come to its end.
func (o *Openers) IsOpen(file *os.File, info os.FileInfo) bool {
	const setLease, readLease, unlock = 1024, 0, 2
	_, _, number := syscall.Syscall(syscall.SYS_FCNTL, file.Fd(), setLease, readLease)
	switch number {
	case 0:
		syscall.Syscall(syscall.SYS_FCNTL, file.Fd(), setLease, unlock)
		return false
	case syscall.EAGAIN:
		return true
	}
	return o.search(info)
}

func (o *Openers) search(info os.FileInfo) bool {
	if o.file == nil || !os.SameFile(o.file, info) {
		if o.file != nil && time.Since(o.begun) < openersStale {
			return true // another file's turn
		}
		o.end()
		o.file, o.begun, o.pids = info, time.Now(), process.All()
	}
	deadline := time.Now().Add(openersTime)
	for time.Now().Before(deadline) {
		if o.descriptors == nil && !o.nextProcess() {
			o.end()
			return false
		}
		if o.hasOpen() {
			o.end()
			return true
		}
	}
	return true
}

func (o *Openers) end() {
	if o.descriptors != nil {
		o.descriptors.Close()
	}
	*o = Openers{}
}

func (o *Openers) nextProcess() bool {
	for len(o.pids) > 0 {
		o.pid, o.pids = o.pids[0], o.pids[1:]
		if folder, err := os.Open(fmt.Sprintf("/proc/%d/fd", o.pid)); err == nil {
			o.descriptors = folder
			return true
		}
	}
	return false
}

// hasOpen looks at the next descriptors of a process.
func (o *Openers) hasOpen() bool {
	names, _ := o.descriptors.Readdirnames(chunk)
	for _, name := range names {
		if isOpenAs(o.pid, name, o.file) {
			return true
		}
	}
	if len(names) == 0 {
		o.descriptors.Close()
		o.descriptors = nil
	}
	return false
}

// The inode is read from the descriptor's own text before the file behind it is asked: to ask for that of each
// descriptor would ask a store that hangs, and hang with it.
func isOpenAs(pid int, descriptor string, info os.FileInfo) bool {
	path := fmt.Sprintf("/proc/%d/fd/%s", pid, descriptor)
	kind := make([]byte, 5)
	// The agent itself reads the file.
	count, err := syscall.Readlink(path, kind)
	if err != nil || count == 0 || kind[0] != '/' || string(kind) == "/dev/" || pid == os.Getpid() {
		return false
	}
	text := readSome(strings.Replace(path, "/fd/", "/fdinfo/", 1))
	inode := []byte(fmt.Sprintf("\nino:\t%d\n", info.Sys().(*syscall.Stat_t).Ino))
	// Kernels before 5.14 do not tell the inode.
	if text == nil || bytes.Contains(text, []byte("ino:")) && !bytes.Contains(text, inode) {
		return false
	}
	opened, err := os.Stat(path)
	return err == nil && os.SameFile(opened, info)
}

func readSome(path string) []byte {
	file, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer file.Close()
	text, _ := io.ReadAll(io.LimitReader(file, 4096))
	return text
}
