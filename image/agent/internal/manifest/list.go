package manifest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"cdk8s-procdump/agent/internal/dumpfile"
	"cdk8s-procdump/agent/internal/safefile"
)

var (
	fileName = regexp.MustCompile(`^[A-Za-z0-9._-]{1,200}$`)
	sum      = regexp.MustCompile(`^[0-9a-f]{64}$`)
)

// Read returns a manifest that this agent wrote. For any other file, ok is false.
func Read(root, path string) (m Manifest, ok bool) {
	folder, err := safefile.Open(root, filepath.Dir(path))
	if err != nil {
		return m, false
	}
	defer folder.Close()
	return readIn(folder, filepath.Base(path))
}

func readIn(folder *safefile.Folder, name string) (m Manifest, ok bool) {
	file, info, err := folder.Open(name)
	if err != nil {
		return m, false
	}
	defer file.Close()
	if info.Size() > MaxBytes {
		return m, false
	}
	text := make([]byte, info.Size())
	if _, err := file.ReadAt(text, 0); err != nil || !bytes.HasPrefix(text, []byte(`{"schema":"`+Schema+`",`)) {
		return m, false
	}
	if json.Unmarshal(text, &m) != nil {
		return m, false
	}
	_, err = time.Parse("2006-01-02T15:04:05Z", m.DumpedAt)
	return m, err == nil && m.Bytes >= 0 && fileName.MatchString(m.File) && sum.MatchString(m.SHA256) &&
		name == m.File+".json"
}

// Published is a dump in the store.
type Published struct {
	Path     string
	SHA256   string
	DumpedAt string
	Complete bool
	// Bytes is the length according to the manifest.
	Bytes int64
	// Info describes the dump's file; nil if it was removed.
	Info os.FileInfo
}

// Lists are limited to this many files, so that they fit into the sidecar's memory.
const (
	maxEntries = 400_000
	listTime   = 10 * time.Minute
)

// List returns the published dumps of a store. With alsoMissing, it includes manifests whose dump was removed.
func List(store string, alsoMissing bool) ([]Published, error) {
	var list []Published
	walker := dumpfile.Walker{Root: store, Start: store, Depth: 2}
	defer walker.Close()
	all := walker.Walk(dumpfile.NewBudget(maxEntries, listTime), func(file dumpfile.File) {
		path, isManifest := strings.CutSuffix(file.Path, ".json")
		folder := filepath.Dir(path)
		if !isManifest || folder == store || strings.HasPrefix(filepath.Base(folder), ".") ||
			strings.HasPrefix(filepath.Base(path), ".") {
			return
		}
		m, ok := readIn(file.Folder, filepath.Base(file.Path))
		if !ok {
			return
		}
		info, err := file.Folder.Lstat(m.File)
		if err == nil && !info.Mode().IsRegular() {
			return
		}
		if err == nil || alsoMissing {
			list = append(list, Published{path, m.SHA256, m.DumpedAt, m.Complete, m.Bytes, info})
		}
	})
	if !all {
		return list, fmt.Errorf("found more than %d files in %s, or it took longer than %d s to list them: remove "+
			"what is not needed", maxEntries, store, int(listTime.Seconds()))
	}
	return list, nil
}
