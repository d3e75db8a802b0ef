package publish

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

func TestLegalNames(t *testing.T) {
	for given, expected := range map[string]string{
		"core.1": "core.1", "a:b c": "a_b_c", "NUL.2": "_NUL.2", "con": "_con", "lpt9.x": "_lpt9.x",
		"ends.": "ends", "...": "_",
		"x.json": "x.json.core", "x.PARTIAL": "x.PARTIAL.core", ".hidden": "_.hidden", strings.Repeat("é",
			100): strings.Repeat("_", 100),
		strings.Repeat("a", 200): strings.Repeat("a", 160),
	} {
		if got := legalName(given); got != expected {
			t.Errorf("%q: got %q, expected %q", given, got, expected)
		}
	}
}

func FuzzLegalName(f *testing.F) {
	f.Add("nul..")
	legal := regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._-]{0,165}$`)
	f.Fuzz(func(t *testing.T, base string) {
		name := legalName(base)
		if !legal.MatchString(name) && !strings.HasPrefix(name, "-") || strings.HasSuffix(name, ".") ||
			device.MatchString(strings.ToLower(name)) {
			t.Fatalf("%q became %q", base, name)
		}
	})
}

func TestACopyHasTheSumOfWhatWasWritten(t *testing.T) {
	for _, size := range []int{0, 1, blockSize - 1, blockSize, blockSize + 1, 9*blockSize + 7} {
		text := make([]byte, size)
		for i := range text {
			text[i] = byte(i * 7)
		}
		folder := t.TempDir()
		from, to := filepath.Join(folder, "from"), filepath.Join(folder, "to")
		os.WriteFile(from, text, 0o600)
		source, _ := os.Open(from)
		target, _ := os.Create(to)
		written, sum, err := copySynced(target, source, 1<<40)
		copied, _ := os.ReadFile(to)
		expected := sha256.Sum256(text)
		if err != nil || written != int64(size) || string(copied) != string(text) ||
			sum != hex.EncodeToString(expected[:]) {
			t.Errorf("%d bytes: %d, %v", size, written, err)
		}
		source.Close()
		target.Close()
	}
}

func TestARenameReplacesNothing(t *testing.T) {
	folder := t.TempDir()
	from, to := filepath.Join(folder, "from"), filepath.Join(folder, "to")
	os.WriteFile(from, []byte("new"), 0o600)
	os.WriteFile(to, []byte("old"), 0o600)
	if err := renameToNew(from, to); err != syscall.EEXIST {
		t.Errorf("got %v", err)
	}
	if text, _ := os.ReadFile(to); string(text) != "old" {
		t.Errorf("it holds %q", text)
	}
	os.Remove(to)
	if err := renameToNew(from, to); err != nil {
		t.Error(err)
	}
}
