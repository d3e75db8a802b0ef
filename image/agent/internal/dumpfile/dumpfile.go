// Package dumpfile tells when a dump is finished. ProcDump's exit code and output do not: files appear under their
// final name and grow, and a dump that broke half way is reported as written. The rule is ELF length, no opener,
// stable size.
package dumpfile

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"cdk8s-procdump/agent/internal/process"
)

const (
	headerSize  = 64
	segmentSize = 56
	// More headers than this no process has.
	maxSegments = 1 << 20
)

// Open opens a regular file without following a link at its end, and without waiting for a pipe's other end.
func Open(path string) (*os.File, os.FileInfo, error) {
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, nil, err
	}
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s is no regular file", path)
	}
	if err != nil {
		file.Close()
		return nil, nil, err
	}
	return file, info, nil
}

// IsCore tells whether a file begins as an ELF file does.
func IsCore(path string) bool {
	file, _, err := Open(path)
	if err != nil {
		return false
	}
	defer file.Close()
	magic := make([]byte, 4)
	_, err = io.ReadFull(file, magic)
	return err == nil && string(magic) == "\x7fELF"
}

// IsWhole tells whether a core file is as long as its program headers say. Both writers put the headers first and the
// data in order, so the file is short until its last byte.
func IsWhole(path string) bool {
	file, info, err := Open(path)
	if err != nil {
		return false
	}
	defer file.Close()
	end, ok := declaredEnd(file, info.Size())
	return ok && info.Size() >= end
}

func declaredEnd(file io.ReaderAt, size int64) (int64, bool) {
	header := make([]byte, headerSize)
	if _, err := file.ReadAt(header, 0); err != nil {
		return 0, false
	}
	const coreType = 4
	if !bytes.HasPrefix(header, []byte("\x7fELF\x02")) || binary.LittleEndian.Uint16(header[16:]) != coreType {
		return 0, false
	}
	offset := int64(binary.LittleEndian.Uint64(header[32:]))
	count := int64(binary.LittleEndian.Uint16(header[56:]))
	// An escape: more headers than fit 16 bits, and the number is in the first section header.
	if count == 0xffff {
		count = longCount(file, int64(binary.LittleEndian.Uint64(header[40:])))
	}
	if binary.LittleEndian.Uint16(header[54:]) != segmentSize || count <= 0 || count > maxSegments ||
		offset < 0 || offset > size-count*segmentSize {
		return 0, false
	}
	return lastByte(io.NewSectionReader(file, offset, count*segmentSize), count)
}

func longCount(file io.ReaderAt, sections int64) int64 {
	const info = 44 // of a section header
	count := make([]byte, 4)
	if sections <= 0 || sections > 1<<62 {
		return 0
	}
	if _, err := file.ReadAt(count, sections+info); err != nil {
		return 0
	}
	return int64(binary.LittleEndian.Uint32(count))
}

func lastByte(headers io.Reader, count int64) (int64, bool) {
	end := int64(0)
	segment := make([]byte, segmentSize)
	for ; count > 0; count-- {
		if _, err := io.ReadFull(headers, segment); err != nil {
			return 0, false
		}
		start := int64(binary.LittleEndian.Uint64(segment[8:]))
		length := int64(binary.LittleEndian.Uint64(segment[32:]))
		if start < 0 || length < 0 || start+length < start {
			return 0, false
		}
		end = max(end, start+length)
	}
	return end, true
}

// IsOpen tells whether a process has the file open. Sees writers in the other container too: they have the sidecar's
// user, or the sidecar is root. The inode is read from the descriptor's own text first: to ask for the file behind
// each descriptor would ask a store that hangs, and hang with it.
func IsOpen(path string) bool {
	info, err := os.Lstat(path)
	if err != nil {
		return false
	}
	inode := []byte(fmt.Sprintf("\nino:\t%d\n", info.Sys().(*syscall.Stat_t).Ino))
	for _, pid := range process.All() {
		folder := fmt.Sprintf("/proc/%d/fdinfo", pid)
		descriptors, err := os.ReadDir(folder)
		if err != nil {
			continue
		}
		for _, descriptor := range descriptors {
			text, err := os.ReadFile(folder + "/" + descriptor.Name())
			// Kernels before 5.14 do not tell the inode.
			if err != nil || bytes.Contains(text, []byte("ino:")) && !bytes.Contains(text, inode) {
				continue
			}
			opened, err := os.Stat(fmt.Sprintf("/proc/%d/fd/%s", pid, descriptor.Name()))
			if err == nil && os.SameFile(opened, info) {
				return true
			}
		}
	}
	return false
}

// List returns the regular files of a directory and of what is below it, to a depth; of any depth where that is 0.
// Links are not followed. A name with control characters is not ours, and could forge lines of a log.
func List(directory string, depth int) []string {
	var files []string
	entries, err := os.ReadDir(directory)
	if err != nil {
		return nil
	}
	for _, entry := range entries {
		path := filepath.Join(directory, entry.Name())
		switch {
		case strings.ContainsFunc(entry.Name(), isControl):
		case entry.Type().IsRegular():
			files = append(files, path)
		case entry.IsDir() && depth != 1:
			files = append(files, List(path, max(0, depth-1))...)
		}
	}
	return files
}

func isControl(r rune) bool { return r < 0x20 || r == 0x7f }

// Prepare makes a folder for dumps. Who writes them has the sidecar's user: ProcDump itself, or the .NET runtime, which
// is no target otherwise. Nobody else may read them.
func Prepare(folder string) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	return os.Chmod(folder, 0o700)
}

// zeros is how much of a dump's end a live process never leaves empty: its stack and its vdso come last.
const zeros = 64 << 10

// EndsInZeros tells whether a native dump has nothing but zeros at its end. ProcDump writes them for memory that it can
// no longer read, because the target died.
func EndsInZeros(path string) bool {
	file, info, err := Open(path)
	if err != nil {
		return false
	}
	defer file.Close()
	end, ok := declaredEnd(file, info.Size())
	if !ok {
		return false
	}
	tail := make([]byte, min(zeros, end))
	if _, err := file.ReadAt(tail, end-int64(len(tail))); err != nil {
		return false
	}
	return len(bytes.Trim(tail, "\x00")) == 0
}
