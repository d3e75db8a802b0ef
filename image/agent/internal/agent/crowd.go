package agent

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"cdk8s-procdump/agent/internal/dumpfile"
	"cdk8s-procdump/agent/internal/safefile"
)

// What is done when there are more files than one look can take.

func (a *Agent) reportCrowd() {
	a.setReason("scan", fmt.Sprintf("found more files in %s than one scan can examine (%d, or %d possible "+
		"dumps): dumps outside the sidecar's own folders are found later; remove files that do not belong there",
		a.plan.DumpDirectory, lookEntries, maxPending))
}

func (a *Agent) reportDepth() {
	for _, walker := range a.scanner.walkers {
		if walker.TooDeep {
			a.setReason("depth", fmt.Sprintf("found folders in %s deeper than %d levels, which are not searched "+
				"for dumps: remove them", a.plan.DumpDirectory, dumpfile.AnyDepth))
			return
		}
	}
	a.clearReason("depth")
}

// share is how much of a bound there is for a file: files anywhere leave half of it to the folders of the agent, and no
// folder takes what others need. Beside is how many files of its folder have their part already.
func (a *Agent) share(path string, bound, beside int) int {
	switch {
	case !a.isInOwnFolder(path):
		return bound / 2
	case beside >= maxInFolder:
		return 0
	}
	return bound
}

func (a *Agent) pendingBeside(path string) (count int) {
	for other := range a.pending {
		if filepath.Dir(other) == filepath.Dir(path) {
			count++
		}
	}
	return count
}

func (a *Agent) queuedBeside(path string) (count int) {
	for _, other := range a.store.queue {
		if filepath.Dir(other) == filepath.Dir(path) {
			count++
		}
	}
	return count
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
