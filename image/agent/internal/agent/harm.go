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

// Protection of the target: the agent ends a dump that hangs and leaves no target stopped.

// checkHang ends a ProcDump whose dump does not arrive in time. It would wait forever for a runtime that hangs, or keep
// a native target stopped. checkHang also ends a ProcDump that does not notice its dump: the profiler in the runtime
// may wait forever for an answer to its dump request.
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

// resume resumes a target that a dead ProcDump left stopped. It does not resume a target that a debugger holds (state
// t), that was stopped before, or that has a signal trigger: the user of such a trigger accepted a stopped target.
func (a *Agent) resume(key runKey, watch plan.Watch) {
	found, ok := process.Read(key.pid)
	if !ok || found.Start != key.start || found.State != 'T' || !a.mayResume(key, watch) {
		return
	}
	process.Signal(key.pid, syscall.SIGCONT)
	event.Warn("target-resumed", event.F("pid", key.pid), event.F("watch", key.watch),
		event.F("reason", "ProcDump left it stopped"))
}

// interrupt sends SIGINT to a ProcDump, and SIGKILL if it does not end.
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
