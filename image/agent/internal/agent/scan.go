package agent

import (
	"os"
	"path/filepath"
	"strings"

	"cdk8s-procdump/agent/internal/dumpfile"
	"cdk8s-procdump/agent/internal/event"
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
	for _, path := range dumpfile.List(a.plan.CrashDirectory(), 1) {
		if name := filepath.Base(path); strings.HasSuffix(name, ".dmp") && strings.Contains(name,
			"_"+a.plan.Pod.Name+"_") {
			files = append(files, path)
		}
	}
	return files
}

// scan watches new files until they are finished, also those of other writers.
func (a *Agent) scan() {
	a.looks++
	for _, path := range a.listFiles() {
		switch a.settled[path] {
		case complete, other:
		case incomplete:
			if a.looks%revisitLooks == 0 && dumpfile.IsWhole(path) {
				a.settle(path, complete)
			}
		default:
			a.follow(path)
		}
	}
}

func (a *Agent) follow(path string) {
	info, err := os.Lstat(path)
	if err != nil {
		a.forgetPending(path)
		return
	}
	a.markSpoolChanged()
	before, known := a.pending[path]
	now := pending{bytes: info.Size()}
	switch {
	case !known || now.bytes != before.bytes || dumpfile.IsOpen(path):
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
