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

// A file that is this much newer than the clock of the store has a forged time.
const future = time.Minute

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
	pod      string // that has it, by its folder
}

// writtenAt returns when the content was written. With direct delivery, the application can set that time: a dump from
// the future would be the newest forever, so it counts as the oldest.
func (k kept) writtenAt(now time.Time) time.Time {
	if written := k.info.ModTime(); !written.After(now.Add(future)) {
		return written
	}
	return time.Time{}
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
	list, err := s.list(now)
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
	now, err := clockOf(s.Plan.Store.Directory)
	if err != nil {
		return fmt.Errorf("could not read the time of %s: %v", s.Plan.Store.Directory, err)
	}
	list, err := s.list(now)
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
		total = s.removeSurplus(list, now, room)
	}
	if !fits || total > room {
		return fmt.Errorf("found %d bytes in the store of %d MiB and no room for %d bytes more: wait for the "+
			"retention, or raise the sizeLimit of the store", total, size, bytes)
	}
	return nil
}

func (s Sweeper) list(now time.Time) (list []kept, err error) {
	if s.Plan.Spooled() {
		var published []manifest.Published
		published, err = manifest.List(s.Plan.Store.Directory, false)
		for _, dump := range published {
			list = append(list, kept{dump.Path, dump.Info, dump.Complete, dump.DumpedAt,
				podOf(s.Plan.Store.Directory, dump.Path)})
		}
	} else {
		list, err = s.listDirect()
	}
	sort.Slice(list, func(i, j int) bool {
		if a, b := list[i].writtenAt(now), list[j].writtenAt(now); !a.Equal(b) {
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
		if err != nil || strings.Count(below, "/") != 3 || !directDump.MatchString(path) {
			continue
		}
		// A file that is not a dump does not count, and an incomplete dump is not the newest.
		if verdict := dumpfile.JudgePath(root, path); verdict != dumpfile.Foreign {
			list = append(list, kept{path, info, verdict == dumpfile.Whole, "", podOf(root, path)})
		}
	}
	return list, nil
}

// noBound disables the limit of removeSurplus.
const noBound = -1

// removeSurplus removes dumps and returns the bytes that are left. Room is how many bytes may be left; a negative room
// means no limit.
func (s Sweeper) removeSurplus(list []kept, now time.Time, room int64) int64 {
	surplus := newSurplus(list, s.Plan.Limits.DumpsPerPod+plan.DumpsBeside)
	for i, dump := range list {
		if reason := s.tooOld(dump, now); reason != "" && i != surplus.newest {
			surplus.take(i, s.remove(dump, reason))
		}
	}
	for {
		victim, reason := s.next(surplus, room)
		if reason == "" {
			return surplus.bytes
		}
		surplus.take(victim, s.remove(list[victim], reason))
	}
}

// next returns the next dump to delete and the reason, or no reason if the others may stay.
func (s Sweeper) next(surplus *surplus, room int64) (victim int, reason string) {
	victim, found := surplus.victim()
	if !found {
		return 0, ""
	}
	// The newest is kept even if it is larger than the limit. The limit then applies to the others.
	bounds := s.Plan.Retention
	total, bound := surplus.bytes, bounds.Mebibytes*spool.MiB
	if newest := surplus.list[surplus.newest].bytes(); newest > bound {
		total -= newest
	}
	switch {
	case bounds.Count > 0 && surplus.count > bounds.Count:
		return victim, fmt.Sprintf("one of %d dumps, kept are %d", surplus.count, bounds.Count)
	case bound > 0 && total > bound:
		return victim, fmt.Sprintf("%d bytes in all, kept are %d MiB", surplus.bytes, bounds.Mebibytes)
	case room >= 0 && surplus.bytes > room:
		return victim, fmt.Sprintf("%d bytes in all, and the next dump needs room in a store of %d MiB", surplus.bytes,
			s.Plan.Store.Mebibytes)
	}
	return 0, ""
}

func (s Sweeper) tooOld(dump kept, now time.Time) string {
	bound := s.Plan.Retention.AgeSeconds
	// Compares seconds, because a duration holds only 292 years and a file may have any time.
	written := dump.info.ModTime()
	if written.After(now.Add(future)) {
		written = safefile.ChangedAt(dump.info)
	}
	if bound == 0 || now.Unix()-written.Unix() <= bound {
		return ""
	}
	return fmt.Sprintf("older than %d s", bound)
}

// Removes the dump before its manifest: a dump without one would stay forever.
func (s Sweeper) remove(dump kept, reason string) bool {
	root := s.Plan.DumpDirectory
	if s.Plan.Spooled() {
		root = s.Plan.Store.Directory
	} else if verdict, open := lookNow(root, dump.path); verdict != dumpfile.Whole || open {
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

// The search through all descriptors takes longer the more descriptors the application has.
func lookNow(root, path string) (dumpfile.Verdict, bool) {
	const longest = 5 * time.Second
	return (&dumpfile.Openers{}).LookNow(root, path, time.Now().Add(longest))
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
