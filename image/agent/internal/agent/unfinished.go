package agent

import (
	"fmt"
	"time"

	"cdk8s-procdump/agent/internal/dumpfile"
	"cdk8s-procdump/agent/internal/plan"
	"cdk8s-procdump/agent/internal/process"
	"cdk8s-procdump/agent/internal/safefile"
	"cdk8s-procdump/agent/internal/setting"
)

// Checks of files that do not change any more.

func (a *Agent) hasGrown(path string) bool {
	info, err := safefile.Lstat(a.plan.DumpDirectory, path)
	return err == nil && info.Size() > a.bytes[path]
}

// isOrphan reports whether the target of a dump is dead.
func (a *Agent) isOrphan(path string) bool {
	dump := a.attribute(path)
	return dump.Start != 0 && !process.Alive(dump.PID, dump.Start)
}

// isCutOff reports whether a native dump lacks memory of its target. ProcDump still writes the full length, with zeros
// for memory that it can no longer read.
func (a *Agent) isCutOff(dump Dump, alive *bool) bool {
	return a.plan.Runtime == plan.Native && alive != nil && !*alive &&
		(a.pending[dump.Path].orphaned || dumpfile.EndsInZeros(a.plan.DumpDirectory, dump.Path))
}

// reportUnfinished reports files that a process keeps open although they do not grow.
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
	a.setReason("unfinished", fmt.Sprintf("found %d files in %s that are open, incomplete and do not grow, such as %s: "+
		"end the process that writes them, or remove them", count, a.plan.DumpDirectory, first))
}

// hasUnsettled reports whether a folder contains an unfinished dump, including one that appeared after the last scan.
func (a *Agent) hasUnsettled(folder string) bool {
	found := false
	budget := a.folderBudget()
	walker := dumpfile.Walker{Root: a.plan.DumpDirectory, Start: folder, Depth: 1}
	walker.Walk(budget, func(file dumpfile.File) {
		if a.settled[file.Path] == "" && a.scanner.foreign[file.Path] == nil && !(a.isCrowded() && isStale(file)) &&
			!beginsForeign(file) {
			found, budget.Entries = true, 0
		}
	})
	walker.Close()
	return found
}

func (a *Agent) isGone(path string) bool {
	_, err := safefile.Lstat(a.plan.DumpDirectory, path)
	return err != nil
}
