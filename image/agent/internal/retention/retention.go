// Package retention decides what the store keeps of this workload, all its pods together: the newest dump always,
// older ones within the bounds. Nothing is deleted that the agent did not write: a published dump has our manifest, a
// direct one lies in a folder that the agent names, and an unfinished copy has our name.
package retention

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"time"

	"cdk8s-procdump/agent/internal/dumpfile"
	"cdk8s-procdump/agent/internal/event"
	"cdk8s-procdump/agent/internal/folder"
	"cdk8s-procdump/agent/internal/manifest"
	"cdk8s-procdump/agent/internal/plan"
	"cdk8s-procdump/agent/internal/spool"
)

// An unfinished copy of another pod that has not changed for so long has lost its writer.
const stale = 24 * time.Hour

// Sweeper deletes what is not kept.
type Sweeper struct {
	Plan *plan.Plan
	// Folder is that of this pod in the store: it stays though it is empty.
	Folder string
}

type kept struct {
	path     string
	bytes    int64
	complete bool
	at       string
}

// Sweep removes what the retention does not keep.
func (s Sweeper) Sweep() error {
	root := s.Plan.DumpDirectory
	if s.Plan.Spooled() {
		root = s.Plan.Store.Directory
	}
	if !folder.IsWritable(root) {
		return fmt.Errorf("found %s not writable: check the volume's mount, owner and access", root)
	}
	if s.Plan.Spooled() {
		s.removeStalePartials()
	}
	if s.Plan.Retention.Any() {
		s.removeSurplus(s.list(), -1)
	}
	return nil
}

// MakeRoom removes the oldest dumps of a store on the node's disk until another one fits: the kubelet evicts a pod
// that overruns it, the application included. The dump waits in the spool.
func (s Sweeper) MakeRoom(bytes int64) error {
	size := s.Plan.Store.Mebibytes
	if size == 0 {
		return nil
	}
	list := s.list()
	// Beside each dump lies a manifest, and both fill whole blocks.
	const blocks = 8192
	room := size*spool.MiB - bytes - blocks*int64(len(list)+1)
	total := bytesOf(list)
	// The newest dump stays. Nothing is deleted for a copy that cannot fit.
	fits := room >= 0 && (len(list) == 0 || list[newestOf(list)].bytes <= room)
	if fits {
		total = s.removeSurplus(list, room)
	}
	if !fits || total > room {
		return fmt.Errorf("found %d bytes in the store of %d MiB and no room for %d bytes more: wait for the "+
			"retention, or raise the sizeLimit of the store", total, size, bytes)
	}
	return nil
}

func (s Sweeper) list() []kept {
	var list []kept
	if s.Plan.Spooled() {
		for _, dump := range manifest.List(s.Plan.Store.Directory, false) {
			list = append(list, kept{dump.Path, dump.Bytes, dump.Complete, dump.DumpedAt})
		}
	} else {
		list = s.listDirect()
	}
	sort.Slice(list, func(i, j int) bool {
		if list[i].at != list[j].at {
			return list[i].at < list[j].at
		}
		return list[i].path < list[j].path
	})
	return list
}

var directDump = regexp.MustCompile(`/[a-z0-9.-]+/[0-9]+-[a-z0-9_-]+/[^/]+$`)

func (s Sweeper) listDirect() []kept {
	var list []kept
	for _, path := range dumpfile.List(s.Plan.DumpDirectory, 3) {
		info, err := os.Lstat(path)
		below := strings.TrimPrefix(path, s.Plan.DumpDirectory)
		if err == nil && strings.Count(below, "/") == 3 && directDump.MatchString(path) &&
			!strings.HasPrefix(filepath.Base(path), ".") {
			list = append(list, kept{path, info.Size(), true, event.Time(info.ModTime())})
		}
	}
	return list
}

// removeSurplus returns how many bytes are left. Room is how many may stay; any number where it is negative.
func (s Sweeper) removeSurplus(list []kept, room int64) int64 {
	count, total, newest := len(list), bytesOf(list), newestOf(list)
	for i, dump := range list {
		reason := s.reason(dump, count, total, room)
		if reason == "" {
			break
		}
		if i != newest && s.remove(dump, reason) {
			count, total = count-1, total-dump.bytes
		}
	}
	return total
}

func bytesOf(list []kept) int64 {
	total := int64(0)
	for _, dump := range list {
		total += dump.bytes
	}
	return total
}

// newestOf returns the newest complete dump, where there is one: what broke off does not stand for it.
func newestOf(list []kept) int {
	newest := len(list) - 1
	for i, dump := range list {
		if dump.complete {
			newest = i
		}
	}
	return newest
}

func (s Sweeper) reason(dump kept, count int, total, room int64) string {
	bounds := s.Plan.Retention
	oldest := event.Time(time.Now().Add(-time.Duration(bounds.AgeSeconds) * time.Second))
	switch {
	case bounds.AgeSeconds > 0 && dump.at < oldest:
		return fmt.Sprintf("older than %d s", bounds.AgeSeconds)
	case bounds.Count > 0 && count > bounds.Count:
		return fmt.Sprintf("one of %d dumps, kept are %d", count, bounds.Count)
	case bounds.Mebibytes > 0 && total > bounds.Mebibytes*spool.MiB:
		return fmt.Sprintf("%d bytes in all, kept are %d MiB", total, bounds.Mebibytes)
	case room >= 0 && total > room:
		return fmt.Sprintf("%d bytes in all, and the next dump needs room in a store of %d MiB", total,
			s.Plan.Store.Mebibytes)
	}
	return ""
}

// The dump goes before its manifest: a dump without one would be left for ever.
func (s Sweeper) remove(dump kept, reason string) bool {
	if s.Plan.Spooled() {
		if os.Remove(dump.path) != nil || os.Remove(dump.path+".json") != nil {
			return false
		}
		if folder := filepath.Dir(dump.path); folder != s.Folder {
			os.Remove(folder) // only where it is empty
		}
	} else if !dumpfile.IsWhole(dump.path) || dumpfile.IsOpen(dump.path) || os.Remove(dump.path) != nil {
		return false
	}
	event.Info("dump-removed", event.F("path", dump.path), event.F("bytes", dump.bytes), event.F("reason", reason))
	return true
}

var partial = regexp.MustCompile(`^\.[a-z0-9-]+\.[A-Za-z0-9._-]+\.partial$`)

func (s Sweeper) removeStalePartials() {
	for _, path := range dumpfile.List(s.Plan.Store.Directory, 2) {
		info, err := os.Lstat(path)
		if err != nil || filepath.Dir(filepath.Dir(path)) != s.Plan.Store.Directory ||
			!partial.MatchString(filepath.Base(path)) || time.Since(info.ModTime()) < stale || os.Remove(path) != nil {
			continue
		}
		event.Info("partial-removed", event.F("path", path), event.F("reason", fmt.Sprintf("not changed for %d s: "+
			"its writer is gone", int(stale.Seconds()))))
	}
}
