// Package retention decides which dumps the store keeps of all pods of this workload: always the newest, and older ones
// within the limits. It deletes only what the agent wrote: published dumps with a manifest of the agent, direct dumps
// in folders that the agent names, and unfinished copies with the agent's names. It uses only the clock of the store:
// it compares the times of files with that of a file that it just wrote there. Clocks of nodes differ, and a manifest
// may contain any time.
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
	"cdk8s-procdump/agent/internal/safefile"
	"cdk8s-procdump/agent/internal/spool"
)

// An unfinished copy of another pod that has not changed for this time has no writer any more.
const stale = 24 * time.Hour

// Sweeper deletes dumps that are not kept.
type Sweeper struct {
	Plan *plan.Plan
	// Folder is the folder of this pod in the store. It is kept even if it is empty.
	Folder string
}

type kept struct {
	path     string
	info     os.FileInfo
	complete bool
	// dumpedAt is the order of files with equal times.
	dumpedAt string
}

func (k kept) bytes() int64 { return k.info.Size() }

// Sweep removes dumps that the retention does not keep.
func (s Sweeper) Sweep() error {
	root := s.Plan.DumpDirectory
	if s.Plan.Spooled() {
		root = s.Plan.Store.Directory
	}
	if !folder.IsWritable(root) {
		return fmt.Errorf("found %s not writable: check the volume's mount, owner and access", root)
	}
	now, err := clockOf(root)
	if err != nil {
		return fmt.Errorf("could not write a file to %s to read its time (%v): check its free space", root, err)
	}
	if s.Plan.Spooled() {
		s.removeStalePartials(now)
	}
	if !s.Plan.Retention.Any() {
		return nil
	}
	list, err := s.list()
	if err == nil {
		s.removeSurplus(list, now, noBound)
	}
	return err
}

// clockOf returns the current time according to the file system.
func clockOf(root string) (time.Time, error) {
	file, err := os.CreateTemp(root, ".*.clock.partial")
	if err != nil {
		return time.Time{}, err
	}
	defer os.Remove(file.Name())
	defer file.Close()
	if _, err := file.WriteString("\n"); err != nil {
		return time.Time{}, err
	}
	info, err := file.Stat()
	if err != nil {
		return time.Time{}, err
	}
	return info.ModTime(), nil
}

// MakeRoom removes the oldest dumps of a store on the node's disk until another one fits: the kubelet evicts a pod,
// with the application, that exceeds the size of the store. The dump waits in the spool. Free is the free space of the
// disk.
func (s Sweeper) MakeRoom(bytes, free int64) error {
	size := s.Plan.Store.Mebibytes
	if size == 0 {
		return nil
	}
	list, err := s.list()
	if err != nil {
		return err
	}
	// Each dump has a manifest, and both use whole blocks.
	const blocks = 8192
	room := size*spool.MiB - bytes - blocks*int64(len(list)+1)
	total := bytesOf(list)
	if free < bytes {
		room = min(room, total-(bytes-free))
	}
	// The newest dump is kept. Nothing is deleted for a copy that cannot fit.
	fits := room >= 0 && (len(list) == 0 || list[newestOf(list)].bytes() <= room)
	if fits && total > room {
		var now time.Time
		if now, err = clockOf(s.Plan.Store.Directory); err != nil {
			return fmt.Errorf("could not read the time of %s: %v", s.Plan.Store.Directory, err)
		}
		total = s.removeSurplus(list, now, room)
	}
	if !fits || total > room {
		return fmt.Errorf("found %d bytes in the store of %d MiB and no room for %d bytes more: wait for the "+
			"retention, or raise the sizeLimit of the store", total, size, bytes)
	}
	return nil
}

func (s Sweeper) list() (list []kept, err error) {
	if s.Plan.Spooled() {
		var published []manifest.Published
		published, err = manifest.List(s.Plan.Store.Directory, false)
		for _, dump := range published {
			list = append(list, kept{dump.Path, dump.Info, dump.Complete, dump.DumpedAt})
		}
	} else {
		list, err = s.listDirect()
	}
	sort.Slice(list, func(i, j int) bool {
		if a, b := list[i].info.ModTime(), list[j].info.ModTime(); !a.Equal(b) {
			return a.Before(b)
		}
		if list[i].dumpedAt != list[j].dumpedAt {
			return list[i].dumpedAt < list[j].dumpedAt
		}
		return list[i].path < list[j].path
	})
	return list, err
}

var directDump = regexp.MustCompile(`/[a-z0-9.-]+/[0-9]+-[a-z0-9_-]+/[^/]+$`)

func (s Sweeper) listDirect() ([]kept, error) {
	var list []kept
	root := s.Plan.DumpDirectory
	paths, all := dumpfile.List(root, root, 3)
	if !all {
		return nil, fmt.Errorf("found too many files in %s to list them in one look: remove what is not needed", root)
	}
	for _, path := range paths {
		info, err := safefile.Lstat(root, path)
		below := strings.TrimPrefix(path, s.Plan.DumpDirectory)
		if err == nil && strings.Count(below, "/") == 3 && directDump.MatchString(path) {
			list = append(list, kept{path, info, true, ""})
		}
	}
	return list, nil
}

// noBound disables the limit of removeSurplus.
const noBound = -1

// removeSurplus removes dumps and returns the bytes that are left. Room is how many bytes may be left; a negative room
// means no limit.
func (s Sweeper) removeSurplus(list []kept, now time.Time, room int64) int64 {
	count, total, newest := len(list), bytesOf(list), newestOf(list)
	for i, dump := range list {
		reason := s.reason(dump, now, count, total, room)
		if reason == "" {
			break
		}
		if i != newest && s.remove(dump, reason) {
			count, total = count-1, total-dump.bytes()
		}
	}
	return total
}

func bytesOf(list []kept) int64 {
	total := int64(0)
	for _, dump := range list {
		total += dump.bytes()
	}
	return total
}

// newestOf returns the newest complete dump, or the newest incomplete one if there is no complete dump.
func newestOf(list []kept) int {
	newest := len(list) - 1
	for i, dump := range list {
		if dump.complete {
			newest = i
		}
	}
	return newest
}

func (s Sweeper) reason(dump kept, now time.Time, count int, total, room int64) string {
	bounds := s.Plan.Retention
	// The age is in seconds, because a duration is limited to 292 years and a file may have any time.
	age := now.Unix() - dump.info.ModTime().Unix()
	switch {
	case bounds.AgeSeconds > 0 && age > bounds.AgeSeconds:
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

// remove removes the dump before its manifest: a dump without a manifest would stay forever.
func (s Sweeper) remove(dump kept, reason string) bool {
	root := s.Plan.DumpDirectory
	if s.Plan.Spooled() {
		root = s.Plan.Store.Directory
	} else if verdict, open := (&dumpfile.Openers{}).Look(root, dump.path); verdict != dumpfile.Whole || open {
		return false
	}
	path, name := filepath.Split(dump.path)
	path = filepath.Clean(path)
	folder, err := safefile.Open(root, path)
	if err != nil {
		return false
	}
	defer folder.Close()
	if folder.Remove(name, dump.info) != nil {
		return false
	}
	if s.Plan.Spooled() {
		removeManifest(folder, name+".json")
		if path != s.Folder {
			removeEmpty(root, filepath.Base(path))
		}
	}
	event.Info("dump-removed", event.F("path", dump.path), event.F("bytes", dump.bytes()), event.F("reason", reason))
	return true
}

func removeEmpty(root, name string) {
	if folder, err := safefile.OpenRoot(root); err == nil {
		folder.RemoveFolder(name)
		folder.Close()
	}
}

func removeManifest(folder *safefile.Folder, name string) {
	if info, err := folder.Lstat(name); err == nil && info.Mode().IsRegular() {
		folder.Remove(name, info)
	}
}

var partial = regexp.MustCompile(`^\.[a-z0-9-]+\.[A-Za-z0-9._-]+\.partial$`)

func (s Sweeper) removeStalePartials(now time.Time) {
	root := s.Plan.Store.Directory
	walker := dumpfile.Walker{Root: root, Start: root, Depth: 2, All: true}
	defer walker.Close()
	const maxEntries = 400_000
	walker.Walk(dumpfile.NewBudget(maxEntries, time.Minute), func(file dumpfile.File) {
		name := filepath.Base(file.Path)
		if !file.Info.Mode().IsRegular() || !partial.MatchString(name) ||
			now.Unix()-file.Info.ModTime().Unix() < int64(stale.Seconds()) || file.Folder.Remove(name, file.Info) != nil {
			return
		}
		event.Info("partial-removed", event.F("path", file.Path), event.F("reason", fmt.Sprintf("not changed for "+
			"%d s: its writer is gone", int(stale.Seconds()))))
	})
}
