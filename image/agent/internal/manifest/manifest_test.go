package manifest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cdk8s-procdump/agent/internal/event"
)

func sound() Manifest {
	return Manifest{Schema: Schema, File: "core.1", SHA256: strings.Repeat("0", 64), DumpedAt: "2026-01-02T03:04:05Z"}
}

func TestOnlyWhatTheAgentWroteIsAManifest(t *testing.T) {
	folder := t.TempDir()
	read := func(name string, text []byte) bool {
		path := filepath.Join(folder, name)
		os.WriteFile(path, text, 0o600)
		defer os.Remove(path)
		_, ok := Read(folder, path)
		return ok
	}
	if !read("core.1.json", event.JSON(sound())) {
		t.Fatal("a sound one is none")
	}
	if read("other.json", event.JSON(sound())) {
		t.Error("of another file")
	}
	for name, change := range map[string]func(*Manifest){
		"another schema": func(m *Manifest) { m.Schema = "mine/1" },
		"no sum":         func(m *Manifest) { m.SHA256 = "" },
		"a path":         func(m *Manifest) { m.File = "../core.1" },
		"bytes below 0":  func(m *Manifest) { m.Bytes = -1 },
		"no time":        func(m *Manifest) { m.DumpedAt = "yesterday" },
		"too long":       func(m *Manifest) { m.Trigger = strings.Repeat("x", MaxBytes) },
	} {
		m := sound()
		change(&m)
		if read("core.1.json", event.JSON(m)) {
			t.Error(name)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(event.JSON(sound()))
	f.Fuzz(func(t *testing.T, text []byte) {
		folder := t.TempDir()
		path := filepath.Join(folder, "core.1.json")
		os.WriteFile(path, text, 0o600)
		if m, ok := Read(folder, path); ok && m.File != "core.1" {
			t.Fatal(m)
		}
	})
}
