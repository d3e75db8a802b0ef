package agent

import (
	"fmt"
	"syscall"
	"time"

	"cdk8s-procdump/agent/internal/event"
	"cdk8s-procdump/agent/internal/plan"
	"cdk8s-procdump/agent/internal/process"
	"cdk8s-procdump/agent/internal/setting"
	"cdk8s-procdump/agent/internal/spool"
	"cdk8s-procdump/agent/internal/target"
)

// What keeps ProcDump from harming its target: a dump that hangs is ended, and nothing is left stopped.

// checkHang ends a ProcDump whose dump does not come: it would wait without end for a runtime that hangs, and hold a
// native target still. It also ends one whose dump came, and that does not know: the profiler in the runtime may wait
// for an answer to its request for the dump that never comes.
func (a *Agent) checkHang(key runKey, run *armed) {
	if run.dumped {
		if time.Since(run.dumpedAt) >= setting.DumpStart {
			a.interrupt(run)
		}
		return
	}
	if run.firedAt.IsZero() {
		if len(a.armings[key].Fired) > 0 || a.hasUnsettled(run.folder) {
			run.firedAt, run.mayTake = time.Now(), setting.DumpTime(spool.Estimate(a.plan, key.pid))
		}
		return
	}
	spent := time.Since(run.firedAt)
	if spent < run.mayTake {
		return
	}
	if !run.hung {
		run.hung = true
		a.setReason(procdumpReason(key), fmt.Sprintf("the dump of process %d for watch '%s' did not come in %d s: %s; "+
			"ProcDump is ended, and armed again later", key.pid, key.watch, int(spent.Seconds()),
			target.WhyNoDump(a.plan, key.pid)))
	}
	if a.plan.Runtime == plan.Native {
		run.Kill()
	} else {
		a.interrupt(run)
	}
}

func (a *Agent) mayResume(key runKey, watch plan.Watch) bool {
	return a.stopped[key.pid] < 2 && !watch.LeavesTargetStopped
}

// A ProcDump that dies may leave its target stopped for ever. Not resumed are a target that a debugger holds (state t),
// one that was stopped before, and the target of a signal trigger: who chose that accepted it to stand still.
func (a *Agent) resume(key runKey, watch plan.Watch) {
	found, ok := process.Read(key.pid)
	if !ok || found.Start != key.start || found.State != 'T' || !a.mayResume(key, watch) {
		return
	}
	process.Signal(key.pid, syscall.SIGCONT)
	event.Warn("target-resumed", event.F("pid", key.pid), event.F("watch", key.watch),
		event.F("reason", "ProcDump left it stopped"))
}

// interrupt asks a ProcDump to end, and kills one that does not listen.
func (a *Agent) interrupt(run *armed) {
	if run.askedAt.IsZero() {
		run.askedAt = time.Now()
		run.Interrupt()
	} else if time.Since(run.askedAt) >= stopTime {
		event.Warn("procdump-killed", event.F("procdumpPid", run.PID),
			event.F("reason", fmt.Sprintf("it did not end %d s after SIGINT", int(stopTime.Seconds()))))
		run.Kill()
	}
}
