package dumpfile

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// core returns a core file with one segment of so many bytes.
func core(data int) []byte {
	file := make([]byte, headerSize+segmentSize+data)
	copy(file, "\x7fELF\x02\x01\x01")
	binary.LittleEndian.PutUint16(file[16:], 4)
	binary.LittleEndian.PutUint64(file[32:], headerSize)
	binary.LittleEndian.PutUint16(file[54:], segmentSize)
	binary.LittleEndian.PutUint16(file[56:], 1)
	binary.LittleEndian.PutUint64(file[headerSize+8:], headerSize+segmentSize)
	binary.LittleEndian.PutUint64(file[headerSize+32:], uint64(data))
	return file
}

func written(t *testing.T, text []byte) string {
	path := filepath.Join(t.TempDir(), "core")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestACoreIsWholeFromItsLastByteOn(t *testing.T) {
	whole := core(1000)
	for length, expected := range map[int]bool{0: false, 63: false, 64: false, 119: false, len(whole) - 1: false,
		len(whole): true} {
		if got := IsWhole(written(t, whole[:length])); got != expected {
			t.Errorf("%d of %d bytes: got %v", length, len(whole), got)
		}
	}
	if !IsWhole(written(t, append(whole, 'x'))) {
		t.Error("with a table at its end it is not whole")
	}
}

func TestHeadersThatLie(t *testing.T) {
	for name, change := range map[string]func([]byte){
		"no core":                 func(f []byte) { binary.LittleEndian.PutUint16(f[16:], 2) },
		"32 bits":                 func(f []byte) { f[4] = 1 },
		"headers of another size": func(f []byte) { binary.LittleEndian.PutUint16(f[54:], 32) },
		"no headers":              func(f []byte) { binary.LittleEndian.PutUint16(f[56:], 0) },
		"headers behind the end":  func(f []byte) { binary.LittleEndian.PutUint64(f[32:], 1<<62) },
		"headers before it":       func(f []byte) { binary.LittleEndian.PutUint64(f[32:], 1<<63) },
		"many in no section":      func(f []byte) { binary.LittleEndian.PutUint16(f[56:], 0xffff) },
		"a length that overflows": func(f []byte) { binary.LittleEndian.PutUint64(f[headerSize+32:], 1<<63-1) },
	} {
		file := core(1000)
		change(file)
		if IsWhole(written(t, file)) {
			t.Errorf("%s: it is whole", name)
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
		if IsWhole(path) || IsCore(path) {
			t.Error(path)
		}
	}
	if list := List(folder, 0); len(list) != 0 {
		t.Error(list)
	}
}

func TestWhatIsOpenIsSeen(t *testing.T) {
	path := written(t, core(10))
	if IsOpen(path) {
		t.Fatal("nobody has it open")
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if !IsOpen(path) {
		t.Fatal("it is open")
	}
}

func TestTheDepthOfAList(t *testing.T) {
	root := t.TempDir()
	for _, path := range []string{"a", "b/c", "b/d/e", ".f/g", "bad\n"} {
		os.MkdirAll(filepath.Join(root, filepath.Dir(path)), 0o700)
		os.WriteFile(filepath.Join(root, path), nil, 0o600)
	}
	for depth, expected := range map[int]int{1: 1, 2: 3, 0: 4} {
		if got := List(root, depth); len(got) != expected {
			t.Errorf("depth %d: %v", depth, got)
		}
	}
}

func FuzzDeclaredEnd(f *testing.F) {
	f.Add(core(100))
	f.Add([]byte("\x7fELF\x02"))
	f.Fuzz(func(t *testing.T, text []byte) {
		path := filepath.Join(t.TempDir(), "core")
		os.WriteFile(path, text, 0o600)
		IsWhole(path)
	})
}
