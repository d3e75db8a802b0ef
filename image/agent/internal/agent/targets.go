package agent

import (
	"fmt"

	"cdk8s-procdump/agent/internal/event"
	"cdk8s-procdump/agent/internal/process"
	"cdk8s-procdump/agent/internal/target"
)

func (a *Agent) followTargets() {
	found := a.finder.Find(a.targets, a.noteState)
	for pid, known := range a.targets {
		if found[pid].Start == known.Start {
			delete(a.unseen, pid)
			continue
		}
		// A single look may miss a live process.
		a.unseen[pid]++
		if a.unseen[pid] < 2 && process.Alive(pid, known.Start) {
			found[pid] = known
			continue
		}
		a.loseTarget(known)
	}
	a.confirm(found)
	if a.finder.Problem != "" {
		a.setReason("find", a.finder.Problem)
	} else {
		a.clearReason("find")
	}
}

// confirm accepts a process that two looks have found. After one look, it may be on its way into the container.
func (a *Agent) confirm(found map[int]target.Target) {
	sighted := map[int]uint64{}
	for pid, target := range found {
		if _, known := a.targets[pid]; known {
			continue
		}
		if a.sighted[pid] == target.Start {
			a.gainTarget(target)
			continue
		}
		sighted[pid] = target.Start
		a.lastTargets[pid] = target
		a.finder.LookAgain()
	}
	a.sighted = sighted
}

// noteState counts how often a target was stopped. If its ProcDump lives, two stops in a row have another cause,
// because a traced process is in state t. A ProcDump that has just died may have left the target stopped.
func (a *Agent) noteState(pid int, state byte) {
	if state != 'T' {
		delete(a.stopped, pid)
		return
	}
	for key, run := range a.runs {
		if key.pid == pid && !process.Alive(run.PID, run.Start) {
			return
		}
	}
	a.stopped[pid]++
	if a.stopped[pid] == 2 {
		a.saveArmings()
	}
}

func (a *Agent) gainTarget(found target.Target) {
	a.targets[found.PID], a.lastTargets[found.PID] = found, found
	event.Info("target-found", event.F("pid", found.PID), event.F("process", found.Name))
	if problem := target.AccessProblem(a.plan, found.PID, found.Name); problem != "" {
		a.setReason(fmt.Sprintf("access:%d", found.PID), problem)
	}
}

func (a *Agent) loseTarget(lost target.Target) {
	event.Info("target-lost", event.F("pid", lost.PID), event.F("process", lost.Name))
	a.clearReason(fmt.Sprintf("access:%d", lost.PID))
	a.clearReasonsOf(fmt.Sprintf("procdump:%d:", lost.PID))
	a.clearReasonsOf(fmt.Sprintf("folder:procdump:%d:", lost.PID))
	a.clearReason("profiler") // said again where another target waits
	a.forgetFitting(lost.PID)
	delete(a.targets, lost.PID)
	delete(a.stopped, lost.PID)
	delete(a.unseen, lost.PID)
}

func (a *Agent) checkLimits() {
	if limit := a.plan.Limits.DumpsPerPod; a.taken >= limit {
		a.reportLimit("pod", "pod", limit, "dumps of this pod")
	}
	limit := a.plan.Limits.DumpsPerProcess
	for pid, target := range a.targets {
		key := processKey{pid, target.Start}
		if a.takenByProcess[key] >= limit {
			a.reportLimit(key.String(), fmt.Sprint(pid), limit, fmt.Sprintf("dumps of process %d", pid))
		}
	}
}

func (a *Agent) reportLimit(key, scope string, limit int, what string) {
	if a.limited[key] != "" {
		return
	}
	a.limited[key] = fmt.Sprintf("limit of %d %s reached", limit, what)
	event.Warn("limit-reached", event.F("scope", scope), event.F("limit", limit),
		event.F("reason", a.limited[key]+"; dumps on demand are still possible"))
}

func (k processKey) String() string { return fmt.Sprintf("%d:%d", k.pid, k.start) }
