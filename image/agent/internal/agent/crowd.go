package agent

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"cdk8s-procdump/agent/internal/dumpfile"
	"cdk8s-procdump/agent/internal/event"
	"cdk8s-procdump/agent/internal/queue"
	"cdk8s-procdump/agent/internal/safefile"
	"cdk8s-procdump/agent/internal/spool"
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

// share is how much of a bound there is for a file: files anywhere leave half of it to the folders of the agent, and no
// folder takes what others need. Beside are the files that have their part already.
func (a *Agent) share(path string, bound int, beside iter) int {
	if !a.isInOwnFolder(path) {
		return bound / 2
	}
	count, folder := 0, filepath.Dir(path)
	beside(func(other string) {
		if filepath.Dir(other) == folder {
			count++
		}
	})
	if count >= maxInFolder {
		return 0
	}
	return bound
}

// iter calls a function with each path.
type iter func(visit func(path string))

func (a *Agent) eachPending(visit func(path string)) {
	for path := range a.pending {
		visit(path)
	}
}

func (a *Agent) eachQueued(visit func(path string)) {
	for _, path := range a.store.queue {
		visit(path)
	}
}

// isInOwnFolder tells whether a file is where the agent lets dumps be written.
func (a *Agent) isInOwnFolder(path string) bool {
	folder := filepath.Dir(path)
	if folder == a.plan.CrashDirectory() {
		return a.plan.CrashDumps
	}
	match := folderName.FindStringSubmatch(strings.TrimPrefix(path, a.plan.PodDirectory()+"/"))
	if match == nil || filepath.Dir(folder) != a.plan.PodDirectory() {
		return false
	}
	pid, _ := strconv.Atoi(match[1])
	_, seen := a.lastTargets[pid]
	_, known := a.watch(match[2])
	return seen && (known || match[2] == onDemand)
}

// maxInFolder is more than honest writers leave in one folder before the store has them.
const maxInFolder = 40

// maxLeftEvents is how many files that are left alone are told of: a log must not grow by what is made up.
const maxLeftEvents = 20

// byHandBeside is how many dumps by hand are taken beside the limit of the pod.
const byHandBeside = 5

// isTooMuch tells what no honest writer leaves: several names of one file, more bytes than the spool may hold, and dumps
// by hand without number, which would push those of others out of the store.
func (a *Agent) isTooMuch(path string, info os.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	size := a.plan.SpoolMebibytes * spool.MiB
	limit := a.plan.Limits.DumpsPerPod + byHandBeside
	switch {
	case ok && stat.Nlink > 1:
		a.reportLeft(path, "it has several names")
	case size > 0 && info.Size() > size:
		a.reportLeft(path, fmt.Sprintf("it has %d MiB, and the spool may hold %d", info.Size()/spool.MiB,
			a.plan.SpoolMebibytes))
	case a.byHand >= limit && a.attribute(path).Watch == byHand:
		a.reportLeft(path, fmt.Sprintf("%d dumps were made by hand, which is dumpsPerPod and %d more", a.byHand,
			byHandBeside))
	default:
		return false
	}
	return true
}

func (a *Agent) reportLeft(path, why string) {
	if a.scanner.left++; a.scanner.left > maxLeftEvents {
		return
	}
	event.Warn("file-left", event.F("path", path), event.F("reason", why+": it is not published, take the dump with the "+
		"command dump"))
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
