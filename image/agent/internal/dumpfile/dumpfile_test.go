package dumpfile

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// core returns a core file with one segment of the given length.
func core(data int) []byte {
	file := make([]byte, HeaderSize+segmentSize+data)
	copy(file, "\x7fELF\x02\x01\x01")
	binary.LittleEndian.PutUint16(file[16:], 4)
	binary.LittleEndian.PutUint64(file[32:], HeaderSize)
	binary.LittleEndian.PutUint16(file[54:], segmentSize)
	binary.LittleEndian.PutUint16(file[56:], 1)
	file[HeaderSize] = 1
	binary.LittleEndian.PutUint64(file[HeaderSize+8:], HeaderSize+segmentSize)
	binary.LittleEndian.PutUint64(file[HeaderSize+32:], uint64(data))
	return file
}

func written(t *testing.T, text []byte) string {
	path := filepath.Join(t.TempDir(), "core")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func isWhole(path string) bool { return JudgePath(filepath.Dir(path), path) == Whole }

func TestACoreIsWholeFromItsLastByteOn(t *testing.T) {
	whole := core(1000)
	for length, expected := range map[int]bool{0: false, 63: false, 64: false, 119: false, len(whole) - 1: false,
		len(whole): true} {
		if got := isWhole(written(t, whole[:length])); got != expected {
			t.Errorf("%d of %d bytes: got %v", length, len(whole), got)
		}
	}
	if !isWhole(written(t, append(whole, 'x'))) {
		t.Error("with a table at its end it is not whole")
	}
}

func TestHeadersThatLie(t *testing.T) {
	for name, change := range map[string]func([]byte){
		"no core":                 func(f []byte) { binary.LittleEndian.PutUint16(f[16:], 2) },
		"32 bits":                 func(f []byte) { f[4] = 1 },
		"headers of another size": func(f []byte) { binary.LittleEndian.PutUint16(f[54:], 32) },
		"a segment of no type":    func(f []byte) { f[HeaderSize] = 0 },
		"no headers":              func(f []byte) { binary.LittleEndian.PutUint16(f[56:], 0) },
		"headers behind the end":  func(f []byte) { binary.LittleEndian.PutUint64(f[32:], 1<<40) },
		"headers nowhere":         func(f []byte) { binary.LittleEndian.PutUint64(f[32:], 1<<62) },
		"a section nowhere": func(f []byte) {
			binary.LittleEndian.PutUint16(f[56:], 0xffff)
			binary.LittleEndian.PutUint64(f[40:], 1<<62)
		},
		"headers before it":       func(f []byte) { binary.LittleEndian.PutUint64(f[32:], 1<<63) },
		"many in no section":      func(f []byte) { binary.LittleEndian.PutUint16(f[56:], 0xffff) },
		"a length that overflows": func(f []byte) { binary.LittleEndian.PutUint64(f[HeaderSize+32:], 1<<63-1) },
	} {
		file := core(1000)
		change(file)
		expected := Foreign
		if name == "headers behind the end" {
			expected = Short
		}
		if got := Judge(bytes.NewReader(file), int64(len(file))); got != expected {
			t.Errorf("%s: got %v, expected %v", name, got, expected)
		}
	}
}

func TestLinksAndPipesAreNoDumps(t *testing.T) {
	folder := t.TempDir()
	whole := written(t, core(10))
	link, pipe := filepath.Join(folder, "link"), filepath.Join(folder, "pipe")
	if os.Symlink(whole, link) != nil || syscall.Mkfifo(pipe, 0o600) != nil {
		t.Fatal("could not make them")
	}
	for _, path := range []string{link, pipe} {
		if JudgePath(folder, path) != Foreign {
			t.Error(path)
		}
	}
	if list, all := List(folder, folder, AnyDepth); len(list) != 0 || !all {
		t.Error(list)
	}
}

func TestTheDepthOfAList(t *testing.T) {
	root := t.TempDir()
	for _, path := range []string{"a", "b/c", "b/d/e", ".f/g", "bad\n", "bad\u202e", "bad\xff"} {
		os.MkdirAll(filepath.Join(root, filepath.Dir(path)), 0o700)
		os.WriteFile(filepath.Join(root, path), nil, 0o600)
	}
	for depth, expected := range map[int]int{1: 1, 2: 3, AnyDepth: 4} {
		if got, _ := List(root, root, depth); len(got) != expected {
			t.Errorf("depth %d: %v", depth, got)
		}
	}
}

func FuzzDeclaredEnd(f *testing.F) {
	f.Add(core(100))
	f.Add([]byte("\x7fELF\x02"))
	f.Fuzz(func(t *testing.T, text []byte) {
		Judge(bytes.NewReader(text), int64(len(text)))
	})
}

func TestWhatIsNoCoreIsNoDump(t *testing.T) {
	program := core(10)
	binary.LittleEndian.PutUint16(program[16:], 2)
	for text, expected := range map[string]Verdict{"": Short, "\x7fEL": Foreign, "\x7fELF": Short, "text": Foreign,
		string(program): Foreign, string(core(10)): Whole, string(core(10)[:100]): Short} {
		if got := Judge(strings.NewReader(text), int64(len(text))); got != expected {
			t.Errorf("%q: got %v, expected %v", text, got, expected)
		}
	}
}

// sparse returns a file whose header claims the given number of segments, all of them holes.
func sparse(t *testing.T, segments uint32, size int64) *os.File {
	t.Helper()
	file, err := os.Create(filepath.Join(t.TempDir(), "core"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	header := core(0)[:HeaderSize]
	binary.LittleEndian.PutUint16(header[56:], 0xffff)
	binary.LittleEndian.PutUint64(header[40:], HeaderSize)
	section := make([]byte, 64)
	binary.LittleEndian.PutUint32(section[44:], segments)
	file.Write(append(header, section...))
	file.Truncate(size)
	return file
}

func TestHeadersThatClaimMillionsOfSegmentsAreSoonDoneWith(t *testing.T) {
	const size = 1 << 32
	for _, segments := range []uint32{65_535, maxSegments, maxSegments + 1, 1 << 20, 4_000_000_000} {
		file, began := sparse(t, segments, size), time.Now()
		Judge(file, size)
		if spent := time.Since(began); spent > 200*time.Millisecond {
			t.Errorf("%d segments took %v", segments, spent)
		}
	}
}

func TestAWalkGoesOnWhereItsBudgetEnded(t *testing.T) {
	root, files := t.TempDir(), 700
	for i := 0; i < files; i++ {
		folder := filepath.Join(root, strconv.Itoa(i%7))
		os.MkdirAll(folder, 0o700)
		os.WriteFile(filepath.Join(folder, strconv.Itoa(i)), nil, 0o600)
	}
	walker := Walker{Root: root, Start: root, Depth: AnyDepth}
	for round := 0; round < 2; round++ {
		seen := map[string]int{}
		for looks := 1; ; looks++ {
			done := walker.Walk(NewBudget(100, time.Minute), func(file File) { seen[file.Path]++ })
			if done && looks != 8 {
				t.Errorf("%d looks", looks)
			}
			if done {
				break
			}
		}
		if len(seen) != files {
			t.Errorf("saw %d of %d", len(seen), files)
		}
	}
}

func TestFoldersThatAreTooDeepAreToldOf(t *testing.T) {
	root := t.TempDir()
	path := root
	for i := 0; i < 3*AnyDepth; i++ {
		path = filepath.Join(path, "a")
	}
	os.MkdirAll(path, 0o700)
	os.WriteFile(filepath.Join(path, "core"), nil, 0o600)
	walker := Walker{Root: root, Start: root, Depth: AnyDepth}
	done := walker.Walk(NewBudget(1000, time.Minute), func(file File) { t.Error(file.Path) })
	if !done || !walker.TooDeep {
		t.Error(done, walker.TooDeep)
	}
}
