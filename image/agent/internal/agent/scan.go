package agent

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"cdk8s-procdump/agent/internal/dumpfile"
	"cdk8s-procdump/agent/internal/event"
	"cdk8s-procdump/agent/internal/plan"
	"cdk8s-procdump/agent/internal/process"
	"cdk8s-procdump/agent/internal/setting"
)

const (
	// A writer of another user cannot be seen; it is given this many looks without a byte before its file counts as
	// broken.
	quietLooks = 15
	// A short file may still grow: it is looked at again now and then.
	revisitLooks = 60
)

// pending is a file that is still being written.
type pending struct {
	bytes int64
	quiet int
	// changedAt is when it was last seen to grow.
	changedAt time.Time
	// orphaned tells that its target was dead while it was being written.
	orphaned bool
}

// A spool is this pod's own, and a person may dump anywhere in it; a store that is written to directly has other pods'
// folders.
func (a *Agent) listFiles() []string {
	if a.plan.Spooled() {
		return dumpfile.List(a.plan.DumpDirectory, 0)
	}
	files := dumpfile.List(a.plan.PodDirectory(), 2)
	if !a.plan.CrashDumps {
		return files
	}
	// The runtime writes the host's name, which is the pod's name cut to 63 characters, or the node's with hostNetwork.
	host, _ := os.Hostname()
	for _, path := range dumpfile.List(a.plan.CrashDirectory(), 1) {
		if name := filepath.Base(path); strings.HasSuffix(name, ".dmp") && strings.Contains(name, "_"+host+"_") {
			files = append(files, path)
		}
	}
	return files
}

// scan watches new files until they are finished, also those of other writers.
func (a *Agent) scan() {
	a.looks++
	files := a.listFiles()
	for path := range a.pending {
		if !slices.Contains(files, path) {
			a.forgetPending(path) // it was removed before it was finished
		}
	}
	for _, path := range files {
		switch a.settled[path] {
		case complete, other:
		case incomplete:
			if a.looks%revisitLooks == 0 && a.hasGrown(path) && dumpfile.IsWhole(path) {
				a.settle(path, complete)
			}
		default:
			a.follow(path)
		}
	}
	a.reportUnfinished()
}

func (a *Agent) follow(path string) {
	info, err := os.Lstat(path)
	if err != nil {
		a.forgetPending(path)
		return
	}
	a.markSpoolChanged()
	before, known := a.pending[path]
	now := pending{bytes: info.Size(), changedAt: before.changedAt, orphaned: before.orphaned}
	if !known || now.bytes != before.bytes {
		now.changedAt = time.Now()
	}
	still := time.Since(now.changedAt)
	switch {
	case !known || now.bytes != before.bytes || dumpfile.IsOpen(path) && still < setting.Unfinished:
		now.orphaned = now.orphaned || known && a.isOrphan(path)
	case dumpfile.IsWhole(path):
		a.settle(path, complete)
		return
	default:
		now.quiet = before.quiet + 1
	}
	a.pending[path] = now
	if now.quiet >= quietLooks {
		a.settleShort(path, now.bytes)
	}
}

func (a *Agent) settleShort(path string, bytes int64) {
	file, _, err := dumpfile.Open(path)
	if err == nil {
		file.Close()
	}
	switch {
	case err != nil:
		a.forgetPending(path)
		a.settled[path] = other
		event.Warn("file-unreadable", event.F("path", path), event.F("reason", "it is another user's, so whether "+
			"it is a dump cannot be seen, and it is not published: give it the sidecar's user"))
	case bytes == 0 || dumpfile.IsCore(path):
		a.settle(path, incomplete)
	default:
		a.forgetPending(path)
		a.settled[path] = other
	}
}

func (a *Agent) hasGrown(path string) bool {
	info, err := os.Lstat(path)
	return err == nil && info.Size() > a.bytes[path]
}

// isOrphan tells whether the target that a file is a dump of is dead.
func (a *Agent) isOrphan(path string) bool {
	dump := a.attribute(path)
	return dump.Start != 0 && !process.Alive(dump.PID, dump.Start)
}

// isCutOff tells whether a native dump lacks what its target had: ProcDump writes the full length all the same, with
// zeros for what it cannot read any more.
func (a *Agent) isCutOff(dump Dump, alive *bool) bool {
	return a.plan.Runtime == plan.Native && alive != nil && !*alive &&
		(a.pending[dump.Path].orphaned || dumpfile.EndsInZeros(dump.Path))
}

// reportUnfinished says that a file is neither finished nor broken: something keeps it open.
func (a *Agent) reportUnfinished() {
	count, first := 0, ""
	for path, file := range a.pending {
		if time.Since(file.changedAt) < setting.Unfinished {
			continue
		}
		count++
		if first == "" || path < first {
			first = path
		}
	}
	if count == 0 {
		a.clearReason("unfinished")
		return
	}
	a.setReason("unfinished", fmt.Sprintf("found %d files in %s that are open, not whole and do not grow, such as %s: "+
		"end the process that writes them, or remove them", count, a.plan.DumpDirectory, first))
}

func (a *Agent) forgetPending(path string) { delete(a.pending, path) }

// hasUnsettled tells whether a file of a folder may be under way, also one that came into being after the last scan.
func (a *Agent) hasUnsettled(folder string) bool {
	for _, path := range dumpfile.List(folder, 1) {
		if a.settled[path] == "" {
			return true
		}
	}
	return false
}
