package retention

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cdk8s-procdump/agent/internal/event"
	"cdk8s-procdump/agent/internal/manifest"
	"cdk8s-procdump/agent/internal/plan"
)

// store returns a store with dumps of 1,000 bytes each, with the given names and ages in hours.
func store(t *testing.T, ages map[string]int) string {
	root := t.TempDir()
	for name, age := range ages {
		path := filepath.Join(root, name)
		os.MkdirAll(filepath.Dir(path), 0o700)
		os.WriteFile(path, make([]byte, 1000), 0o600)
		at := time.Now().Add(-time.Duration(age) * time.Hour)
		describe(path, func(m *manifest.Manifest) { m.DumpedAt = event.Time(at) })
		os.Chtimes(path, at, at)
	}
	return root
}

func describe(path string, change func(*manifest.Manifest)) {
	m := manifest.Manifest{Schema: manifest.Schema, File: filepath.Base(path), Bytes: 1000, Complete: true,
		SHA256: strings.Repeat("0", 64), DumpedAt: event.Time(time.Now())}
	change(&m)
	os.WriteFile(path+".json", event.JSON(m), 0o600)
}

func sweep(t *testing.T, root string, bounds plan.Retention) string {
	t.Helper()
	sweeper := Sweeper{Plan: &plan.Plan{Store: &plan.Store{Directory: root}, Retention: bounds}}
	if err := sweeper.Sweep(); err != nil {
		t.Fatal(err)
	}
	var left []string
	filepath.WalkDir(root, func(path string, entry os.DirEntry, _ error) error {
		if !entry.IsDir() && !strings.HasSuffix(path, ".json") {
			left = append(left, strings.TrimPrefix(path, root+"/"))
		}
		return nil
	})
	return strings.Join(left, " ")
}

func TestAManifestSaysNothingOfAges(t *testing.T) {
	for _, at := range []string{"2000-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0000-01-01T00:00:00Z"} {
		root := store(t, map[string]int{"a/old": 50, "a/young": 2, "b/newest": 1})
		describe(root+"/a/young", func(m *manifest.Manifest) { m.DumpedAt = at })
		if left := sweep(t, root, plan.Retention{AgeSeconds: 3600 * 10}); left != "a/young b/newest" {
			t.Errorf("%s: left are %s", at, left)
		}
	}
}

func TestTimesOfFilesThatAreAbsurd(t *testing.T) {
	root := store(t, map[string]int{"a/young": 2, "a/future": 1, "a/ancient": 3})
	os.Chtimes(root+"/a/future", time.Unix(1<<33, 0), time.Unix(1<<33, 0))
	os.Chtimes(root+"/a/ancient", time.Unix(-1<<31, 0), time.Unix(-1<<31, 0))
	if left := sweep(t, root, plan.Retention{AgeSeconds: 3600 * 10}); left != "a/future a/young" {
		t.Error(left)
	}
}

func TestBytesAreThoseOfTheFiles(t *testing.T) {
	root := store(t, map[string]int{"a/1": 3, "a/2": 2, "a/3": 1})
	describe(root+"/a/2", func(m *manifest.Manifest) { m.Bytes = 1<<63 - 1 })
	if left := sweep(t, root, plan.Retention{Mebibytes: 1}); left != "a/1 a/2 a/3" {
		t.Error(left)
	}
}

func TestNumbersThatAreNoneMakeNoManifest(t *testing.T) {
	for _, number := range []string{"99999999999999999999", "0123", "1e400", "-1", "1.5", `"1"`} {
		root := store(t, map[string]int{"a/1": 3, "a/2": 2, "a/3": 1})
		text, _ := os.ReadFile(root + "/a/1.json")
		os.WriteFile(root+"/a/1.json", []byte(strings.Replace(string(text), `"bytes":1000`, `"bytes":`+number, 1)), 0o600)
		if left := sweep(t, root, plan.Retention{Count: 1}); left != "a/1 a/3" {
			t.Errorf("%s: left are %s", number, left)
		}
	}
}

func TestLinksAreLeftAloneAndNotFollowed(t *testing.T) {
	root, outside := store(t, map[string]int{"a/1": 3, "a/2": 2, "b/3": 1}), t.TempDir()
	other := store(t, map[string]int{"c/4": 90})
	os.Symlink(other+"/c", root+"/c")
	os.Rename(root+"/a/1", outside+"/1")
	os.Symlink(outside+"/1", root+"/a/1")
	if left := sweep(t, root, plan.Retention{Count: 1, AgeSeconds: 60}); left != "a/1 b/3 c" {
		t.Error(left)
	}
	for _, path := range []string{outside + "/1", other + "/c/4"} {
		if _, err := os.Stat(path); err != nil {
			t.Error(err)
		}
	}
}

func TestRoomIsNotMadeForWhatTheDiskCannotHold(t *testing.T) {
	root := store(t, map[string]int{"a/1": 3, "a/2": 2, "a/3": 1})
	sweeper := Sweeper{Plan: &plan.Plan{Store: &plan.Store{Directory: root, Mebibytes: 10}}}
	for bytes, expected := range map[int64]int{5000: 3, 3_000_000: 3} {
		free := int64(1000)
		if err := sweeper.MakeRoom(bytes, free); err == nil {
			t.Error("there is room for", bytes)
		}
		files, _ := filepath.Glob(root + "/a/?")
		if len(files) != expected {
			t.Errorf("%d bytes: left are %v", bytes, files)
		}
	}
	if err := sweeper.MakeRoom(2500, 1000); err != nil {
		t.Error(err)
	}
	if files, _ := filepath.Glob(root + "/a/?"); fmt.Sprint(files) != fmt.Sprint([]string{root + "/a/3"}) {
		t.Error(files)
	}
}
