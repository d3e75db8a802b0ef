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

// Openers searches for processes that have a file open. It finds writers in the other container too, because they have
// the sidecar's user, or the sidecar is root.
type Openers struct {
	file  os.FileInfo // the file of the search
	begun time.Time
	pids  []int // processes still to examine
	// The process at which the last look ended.
	pid         int
	descriptors *os.File
}

const (
	// A search of all descriptors continues at the next look after this time.
	openersTime = 100 * time.Millisecond
	// After this time, the search for another file may start.
	openersStale = time.Minute
	chunk        = 256
)

// IsOpen reports whether a process may still write to the file. It first asks the kernel for a read lease, which needs
// a file without writers. File systems of stores have no leases, and root may lack the capability. Then IsOpen searches
// the descriptors of all processes in pieces, and the file counts as open until the search ends.
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

// isOpenNow searches until it knows, for the retention and for commands, which run once. A file that it does not know
// about in time counts as open.
func (o *Openers) isOpenNow(file *os.File, info os.FileInfo, until time.Time) bool {
	for {
		open := o.IsOpen(file, info)
		if !open || o.file == nil || time.Now().After(until) {
			return open
		}
	}
}

func (o *Openers) search(info os.FileInfo) bool {
	if o.file == nil || !os.SameFile(o.file, info) {
		if o.file != nil && time.Since(o.begun) < openersStale {
			return true // another file is searched for
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

// hasOpen examines the next descriptors of a process.
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

// isOpenAs reports whether a descriptor is the file. It reads the inode from fdinfo before it calls stat: a stat of
// each descriptor would access a store that hangs, and hang too.
func isOpenAs(pid int, descriptor string, info os.FileInfo) bool {
	path := fmt.Sprintf("/proc/%d/fd/%s", pid, descriptor)
	kind := make([]byte, 5)
	// The agent itself only reads the file.
	count, err := syscall.Readlink(path, kind)
	if err != nil || count == 0 || kind[0] != '/' || string(kind) == "/dev/" || pid == os.Getpid() {
		return false
	}
	text := readSome(strings.Replace(path, "/fd/", "/fdinfo/", 1))
	inode := []byte(fmt.Sprintf("\nino:\t%d\n", info.Sys().(*syscall.Stat_t).Ino))
	// Kernels before 5.14 do not show the inode.
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
