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

// What a file that is quiet may lack.

func (a *Agent) hasGrown(path string) bool {
	info, err := safefile.Lstat(a.plan.DumpDirectory, path)
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
		(a.pending[dump.Path].orphaned || dumpfile.EndsInZeros(a.plan.DumpDirectory, dump.Path))
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
	a.setReason("unfinished", fmt.Sprintf("found %d files in %s that are open, incomplete and do not grow, such as %s: "+
		"end the process that writes them, or remove them", count, a.plan.DumpDirectory, first))
}
