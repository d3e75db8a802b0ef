package agent

import (
	"fmt"
	"path/filepath"
	"time"

	"cdk8s-procdump/agent/internal/dumpfile"
	"cdk8s-procdump/agent/internal/queue"
	"cdk8s-procdump/agent/internal/safefile"
)

// What is done when there are more files than one look can take.

func (a *Agent) reportCrowd() {
	a.setReason("scan", fmt.Sprintf("found more files in %s than one look at them can take (%d, or %d that may be "+
		"dumps): dumps outside the sidecar's own folders are found later; remove what does not belong there",
		a.plan.DumpDirectory, lookEntries, maxPending))
}

func (a *Agent) reportDepth() {
	for _, walker := range a.scanner.walkers {
		if walker.TooDeep {
			a.setReason("depth", fmt.Sprintf("found folders in %s that are more than %d levels deep, in which no "+
				"dump is looked for: remove them", a.plan.DumpDirectory, dumpfile.AnyDepth))
			return
		}
	}
	a.clearReason("depth")
}

// share is how much of a bound there is for a file: files anywhere leave half of it to the folders of the agent.
func (a *Agent) share(path string, bound int) int {
	if a.isInOwnFolder(path) {
		return bound
	}
	return bound / 2
}

func (a *Agent) isInOwnFolder(path string) bool {
	folder := filepath.Dir(path)
	return filepath.Dir(folder) == a.plan.PodDirectory() || folder == a.plan.CrashDirectory()
}

// isCrowded tells that not every file can be waited for until it has proved to be no dump.
func (a *Agent) isCrowded() bool {
	return len(a.scanner.foreign) >= maxForeign || len(a.pending) >= maxPending/4
}

// isStale tells whether a file that nobody has changed for a while is no dump, by its beginning alone. The time of the
// change is the one that no program can set.
func isStale(file dumpfile.File) bool {
	opened, info, err := file.Folder.Open(filepath.Base(file.Path))
	if err != nil {
		return true
	}
	defer opened.Close()
	return time.Since(safefile.ChangedAt(info)) > staleTime && dumpfile.Judge(opened, info.Size()) == dumpfile.Foreign
}

// Retention first: a store that is full may have room after it. Not while the pod is going. What lies anywhere in the
// spool waits for what was asked for.
func (a *Agent) chooseJob() *job {
	if !a.stopping && !time.Now().Before(a.sweepAt) && (a.plan.Spooled() || a.plan.Retention.Any()) {
		return &job{name: sweep}
	}
	var byOthers *job
	for _, number := range a.numbers() {
		// What the ledger does not know yet has not been counted.
		source := a.store.queue[number]
		if a.settled[source] == "" || time.Now().Before(a.store.retryAt[number]) {
			continue
		}
		next := &job{name: queue.Describe(number), number: number}
		if a.isInOwnFolder(source) {
			return next
		}
		if byOthers == nil {
			byOthers = next
		}
	}
	return byOthers
}
