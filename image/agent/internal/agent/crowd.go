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

// Handling of more files than one look can examine.

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

// share returns how much of a bound a file may use. Files elsewhere leave half of it to the agent's folders, and no
// folder of the agent uses the part of another. Beside is how many files of the same folder already count.
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

// isInOwnFolder reports whether a file is in a folder that the agent made for dumps.
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

// maxInFolder is more dumps than regular writers leave in one folder before they are published.
const maxInFolder = 40

// isCrowded reports whether there are too many files to wait until each has proved not to be a dump.
func (a *Agent) isCrowded() bool {
	return len(a.scanner.foreign) >= maxForeign || len(a.pending) >= maxPending/4
}

// beginsForeign reports whether the header shows that a file is not a dump, even while it grows.
func beginsForeign(file dumpfile.File) bool {
	opened, _, err := file.Folder.Open(filepath.Base(file.Path))
	if err != nil {
		return false
	}
	defer opened.Close()
	return dumpfile.BeginsForeign(opened)
}

// isStale reports, from the header alone, whether an old file is not a dump. Its age is that of its change time, which
// no program can set.
func isStale(file dumpfile.File) bool {
	opened, info, err := file.Folder.Open(filepath.Base(file.Path))
	if err != nil {
		return true
	}
	defer opened.Close()
	return time.Since(safefile.ChangedAt(info)) > staleTime && dumpfile.Judge(opened, info.Size()) == dumpfile.Foreign
}
