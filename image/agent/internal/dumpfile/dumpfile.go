// Package dumpfile decides whether a file is a dump and whether it is finished. ProcDump's exit code and output do not
// show it: files have their final name while they grow, and ProcDump reports a dump that broke off as written. A dump
// is finished if it has its ELF length, a stable size and no writer. Counting, limits, scanning, publishing and listing
// all use this package.
package dumpfile

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"os"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"cdk8s-procdump/agent/internal/safefile"
)

const (
	// HeaderSize is the size of an ELF header.
	HeaderSize  = 64
	segmentSize = 56
	// A dump has one segment for each mapping. This is the highest vm.max_map_count that programs ask for. More headers
	// would only keep the reader busy.
	maxSegments = 1 << 18
	coreType    = 4
	// The address space of a process is smaller.
	maxEnd = 1 << 48
)

// Verdict is the result of examining a file.
type Verdict int

const (
	// Foreign is a file that is not a dump.
	Foreign Verdict = iota
	// Short is an unfinished or incomplete dump.
	Short
	// Whole is a dump with all its bytes.
	Whole
)

// IsName reports whether a dump, or a folder above it, may have this name. Other names could forge log lines and the
// output of commands, or cannot be stored in a queue file.
func IsName(name string) bool {
	return utf8.ValidString(name) &&
		!strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) || r == utf8.RuneError })
}

// Judge examines a file. Both writers write the headers first and the data in order, so a dump is short until its last
// byte. A file whose headers no process can have is not a dump.
func Judge(file io.ReaderAt, size int64) Verdict {
	if size == 0 {
		return Short
	}
	header := make([]byte, HeaderSize)
	count, err := file.ReadAt(header, 0)
	if err != nil && err != io.EOF {
		return Foreign
	}
	header = header[:count]
	if !isCore(header) {
		return Foreign
	}
	if len(header) < HeaderSize {
		return Short
	}
	switch end := declaredEnd(file, header, size); {
	case end == nonsense:
		return Foreign
	case end == unknown || size < end:
		return Short
	}
	return Whole
}

// BeginsForeign reports whether the header shows that a file will never be a dump, even if it grows: both writers
// write the header first.
func BeginsForeign(file io.ReaderAt) bool {
	header := make([]byte, HeaderSize)
	count, _ := file.ReadAt(header, 0)
	return count == HeaderSize && !isCore(header)
}

// isCore reports whether a header, which may end before the type, is that of a core dump.
func isCore(header []byte) bool {
	return bytes.HasPrefix(header, []byte("\x7fELF")) &&
		(len(header) < 18 || binary.LittleEndian.Uint16(header[16:]) == coreType)
}

// JudgePath examines a file below a root.
func JudgePath(root, path string) Verdict {
	file, info, err := safefile.OpenFile(root, path)
	if err != nil {
		return Foreign
	}
	defer file.Close()
	return Judge(file, info.Size())
}

// LookNow examines a file below a root, and searches until it knows whether a process writes to it.
func (o *Openers) LookNow(root, path string, until time.Time) (verdict Verdict, open bool) {
	file, info, err := safefile.OpenFile(root, path)
	if err != nil {
		return Foreign, false
	}
	defer file.Close()
	return Judge(file, info.Size()), o.isOpenNow(file, info, until)
}

// Look examines a file below a root and checks whether a process writes to it.
func (o *Openers) Look(root, path string) (verdict Verdict, open bool) {
	file, info, err := safefile.OpenFile(root, path)
	if err != nil {
		return Foreign, false
	}
	defer file.Close()
	return Judge(file, info.Size()), o.IsOpen(file, info)
}

// Results of declaredEnd other than a length.
const (
	nonsense = -1
	unknown  = -2
)

func declaredEnd(file io.ReaderAt, header []byte, size int64) int64 {
	const class64 = 2
	offset := int64(binary.LittleEndian.Uint64(header[32:]))
	count := int64(binary.LittleEndian.Uint16(header[56:]))
	// 0xffff means that the number of headers does not fit 16 bits and is in the first section header.
	if count == 0xffff {
		sections := int64(binary.LittleEndian.Uint64(header[40:]))
		if sections <= 0 || sections > maxEnd {
			return nonsense
		}
		if count = longCount(file, sections); count == 0 {
			return unknown
		}
	}
	if header[4] != class64 || binary.LittleEndian.Uint16(header[54:]) != segmentSize || count <= 0 ||
		count > maxSegments || offset < 0 || offset > maxEnd {
		return nonsense
	}
	if offset > size-count*segmentSize {
		return unknown
	}
	return lastByte(bufio.NewReaderSize(io.NewSectionReader(file, offset, count*segmentSize), 1<<16), count, size)
}

func longCount(file io.ReaderAt, sections int64) int64 {
	const info = 44 // offset in a section header
	count := make([]byte, 4)
	if _, err := file.ReadAt(count, sections+info); err != nil {
		return 0
	}
	return int64(binary.LittleEndian.Uint32(count))
}

// lastByte returns the declared length of a dump. It stops at the first segment beyond the end of the file. A segment
// without a type is nonsense: no writer writes one, and a hole in the file would contain many.
func lastByte(headers io.Reader, count, size int64) int64 {
	end := int64(0)
	segment := make([]byte, segmentSize)
	for ; count > 0 && end <= size; count-- {
		if _, err := io.ReadFull(headers, segment); err != nil {
			return unknown
		}
		if binary.LittleEndian.Uint32(segment) == 0 {
			return nonsense
		}
		start := int64(binary.LittleEndian.Uint64(segment[8:]))
		length := int64(binary.LittleEndian.Uint64(segment[32:]))
		if start < 0 || length < 0 || start > maxEnd || length > maxEnd {
			return nonsense
		}
		end = max(end, start+length)
	}
	return end
}

// SameContent reports whether a file is the same and has an unchanged length and modification time.
func SameContent(now, before os.FileInfo) bool {
	return os.SameFile(now, before) && now.Size() == before.Size() && now.ModTime().Equal(before.ModTime())
}

// zeros is a length at the end of a dump that a live process never leaves empty: its stack and its vdso come last.
const zeros = 64 << 10

// EndsInZeros reports whether a native dump ends in zeros. ProcDump writes zeros for memory that it can no longer read
// because the target died.
func EndsInZeros(root, path string) bool {
	file, info, err := safefile.OpenFile(root, path)
	if err != nil {
		return false
	}
	defer file.Close()
	header := make([]byte, HeaderSize)
	if _, err := file.ReadAt(header, 0); err != nil {
		return false
	}
	end := declaredEnd(file, header, info.Size())
	if end <= 0 || end > info.Size() {
		return false
	}
	tail := make([]byte, min(zeros, end))
	if _, err := file.ReadAt(tail, end-int64(len(tail))); err != nil {
		return false
	}
	return len(bytes.Trim(tail, "\x00")) == 0
}
