// Package dumpfile tells what is a dump, and when it is finished. ProcDump's exit code and output do not: files appear
// under their final name and grow, and a dump that broke half way is reported as written. The rule is ELF length, no
// writer, stable size. Counting, caps, scanning, publishing and listing all ask this package.
package dumpfile

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"os"
	"strings"
	"unicode"
	"unicode/utf8"

	"cdk8s-procdump/agent/internal/safefile"
)

const (
	// HeaderSize is that of the header of an ELF file.
	HeaderSize  = 64
	segmentSize = 56
	// A segment for each mapping, and no machine lets a process have more: this is the highest vm.max_map_count that
	// programs ask for. More headers would only keep the reader busy.
	maxSegments = 1 << 18
	coreType    = 4
	// The address space of a process ends before.
	maxEnd = 1 << 48
)

// Verdict is what the content of a file says.
type Verdict int

const (
	// Foreign is no dump.
	Foreign Verdict = iota
	// Short may become a dump, or was to be one.
	Short
	// Whole is a dump from its first to its last byte.
	Whole
)

// IsName tells whether a dump, or a folder above it, may be called so. Other names are not ours: they could forge lines
// of a log and output for people, or do not survive a file of the queue.
func IsName(name string) bool {
	return utf8.ValidString(name) &&
		!strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) || r == utf8.RuneError })
}

// Judge looks into a file. Both writers put the headers first and the data in order, so it is short until its last
// byte. What has headers that no process can have is no dump.
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
	if !bytes.HasPrefix(header, []byte("\x7fELF")) || count >= 18 && binary.LittleEndian.Uint16(header[16:]) != coreType {
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

// JudgePath looks into a file below a root.
func JudgePath(root, path string) Verdict {
	file, info, err := safefile.OpenFile(root, path)
	if err != nil {
		return Foreign
	}
	defer file.Close()
	return Judge(file, info.Size())
}

// Look looks into a file below a root, and for who writes it.
func (o *Openers) Look(root, path string) (verdict Verdict, open bool) {
	file, info, err := safefile.OpenFile(root, path)
	if err != nil {
		return Foreign, false
	}
	defer file.Close()
	return Judge(file, info.Size()), o.IsOpen(file, info)
}

// Ends that are none.
const (
	nonsense = -1
	unknown  = -2
)

func declaredEnd(file io.ReaderAt, header []byte, size int64) int64 {
	const class64 = 2
	offset := int64(binary.LittleEndian.Uint64(header[32:]))
	count := int64(binary.LittleEndian.Uint16(header[56:]))
	// An escape: more headers than fit 16 bits, and the number is in the first section header.
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
	const info = 44 // of a section header
	count := make([]byte, 4)
	if _, err := file.ReadAt(count, sections+info); err != nil {
		return 0
	}
	return int64(binary.LittleEndian.Uint32(count))
}

// lastByte ends at the first segment that the file does not hold, or that is none: no writer leaves one out, and a hole
// would be full of them.
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

// SameContent tells by length and times whether a file is as it was.
func SameContent(now, before os.FileInfo) bool {
	return os.SameFile(now, before) && now.Size() == before.Size() && now.ModTime().Equal(before.ModTime())
}

// zeros is how much of a dump's end a live process never leaves empty: its stack and its vdso come last.
const zeros = 64 << 10

// EndsInZeros tells whether a native dump has nothing but zeros at its end. ProcDump writes them for memory that it can
// no longer read, because the target died.
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
