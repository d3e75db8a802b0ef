package agent

import (
	"encoding/json"
	"slices"
	"sort"
	"time"

	"cdk8s-procdump/agent/internal/event"
	"cdk8s-procdump/agent/internal/plan"
	"cdk8s-procdump/agent/internal/procdump"
	"cdk8s-procdump/agent/internal/setting"
	"cdk8s-procdump/agent/internal/statefile"
)

// ProcDump is armed for one dump. This file decides which triggers may take the next one: each trigger has its own
// cool-down and its own reserved part of the process's limit.

// triggerKey identifies a trigger of a watch, by its index, for one process.
type triggerKey struct {
	runKey
	trigger int
}

// progress counts the dumps that a trigger took of a process, including incomplete ones.
type progress struct {
	complete, all int
	lastUptime    int64
	lastAt        int64 // wall clock
	lastThreshold *float64
}

// arming describes what a ProcDump was started for. It outlives its ProcDump, because a dump is settled later. It also
// outlives the agent, because both may be killed.
type arming struct {
	PID   int
	Start uint64
	Watch string
	Words []string
	Arms  []plan.Arm
	// MayResume is whether the agent may resume the target if ProcDump leaves it stopped.
	MayResume bool
	// Fired is what ProcDump reported. It is not stored on disk.
	Fired []procdump.Fired `json:"-"`
}

// maxFired is larger than the number of triggers of a watch.
const maxFired = 16

func (a *Agent) armingsFile() string { return setting.State("armed.json") }

func (a *Agent) saveArmings() {
	armings := []*arming{}
	for key, arming := range a.armings {
		if run := a.runs[key]; run != nil {
			arming.MayResume = a.mayResume(key, run.watch)
		}
		armings = append(armings, arming)
	}
	statefile.Write(a.armingsFile(), event.JSON(armings))
}

func (a *Agent) loadArmings() {
	var armings []*arming
	json.Unmarshal([]byte(statefile.Read(a.armingsFile(), 1<<20)), &armings)
	for _, arming := range armings {
		watch, known := a.watch(arming.Watch)
		if !known || slices.ContainsFunc(arming.Arms, func(arm plan.Arm) bool {
			return arm.Trigger < 0 || arm.Trigger >= len(watch.Triggers)
		}) {
			continue
		}
		key := runKey{processKey{arming.PID, arming.Start}, arming.Watch}
		a.armings[key] = arming
		if arming.MayResume {
			a.resume(key, watch)
		}
	}
}

// armable returns the triggers of a watch that may take a dump of a process now.
func (a *Agent) armable(key runKey, watch plan.Watch) []plan.Arm {
	var arms []plan.Arm
	spare := a.spare(key.processKey)
	for i, trigger := range watch.Triggers {
		taken := a.progress[triggerKey{key, i}]
		if taken.isFinished(trigger) || taken.places(trigger)+spare < trigger.AtOnce() {
			continue
		}
		arm, err := trigger.Arm(i, taken.complete)
		if err == nil && !a.coolsDown(trigger, taken, arm) {
			arms = append(arms, arm)
		}
	}
	return arms
}

func (p progress) isFinished(trigger plan.Trigger) bool {
	return !trigger.Repeats && p.complete >= trigger.Dumps
}

// places returns how many dumps of the limit are reserved for the trigger.
func (p progress) places(trigger plan.Trigger) int {
	if p.isFinished(trigger) {
		return 0
	}
	return max(0, trigger.Dumps-p.all)
}

// spare returns how many dumps of a process's limit are not reserved for a trigger.
func (a *Agent) spare(key processKey) int {
	spare := a.plan.Limits.DumpsPerProcess - a.takenByProcess[key]
	for _, watch := range a.plan.Watches {
		run := runKey{key, watch.Name}
		places := 0
		for i, trigger := range watch.Triggers {
			places += a.progress[triggerKey{run, i}].places(trigger)
		}
		// A dump that is being written is not counted yet.
		if places == 0 && a.runs[run] != nil && a.hasUnsettled(a.folderOf(run)) {
			places = 1
		}
		spare -= places
	}
	return max(0, spare)
}

// coolsDown reports whether a trigger must wait. A higher threshold counts as another trigger and does not wait.
func (a *Agent) coolsDown(trigger plan.Trigger, taken progress, arm plan.Arm) bool {
	if taken.all == 0 {
		return false
	}
	if last := taken.lastThreshold; arm.Threshold != nil && last != nil && *arm.Threshold != *last {
		return false
	}
	return uptime() < taken.lastUptime+a.pauseOf(trigger)
}

func (a *Agent) pauseOf(trigger plan.Trigger) int64 {
	if trigger.Kind == plan.Timer {
		return trigger.IntervalSeconds
	}
	return a.plan.Limits.CooldownSeconds
}

// pauses returns the triggers that wait for the end of their cool-down, in the order of the plan.
func (a *Agent) pauses() []statusPause {
	pauses := []statusPause{}
	for _, process := range a.sortedTargets() {
		for _, watch := range a.plan.Watches {
			for i, trigger := range watch.Triggers {
				taken := a.progress[triggerKey{runKey{process, watch.Name}, i}]
				arm, err := trigger.Arm(i, taken.complete)
				if err != nil || taken.isFinished(trigger) || !a.coolsDown(trigger, taken, arm) {
					continue
				}
				until := time.Unix(taken.lastAt+a.pauseOf(trigger), 0)
				pauses = append(pauses, statusPause{process.pid, arm.Text, event.Time(until)})
			}
		}
	}
	return pauses
}

func (a *Agent) sortedTargets() []processKey {
	var keys []processKey
	for pid, target := range a.targets {
		keys = append(keys, processKey{pid, target.Start})
	}
	sort.Slice(keys, func(i, j int) bool { return keys[i].pid < keys[j].pid })
	return keys
}

// isFinished reports whether a watch is never armed for this process again.
func (a *Agent) isFinished(key runKey, watch plan.Watch) bool {
	for i, trigger := range watch.Triggers {
		if !a.progress[triggerKey{key, i}].isFinished(trigger) {
			return false
		}
	}
	return true
}

// mustRearm reports whether a ProcDump waits for the wrong triggers, because a cool-down is over or a threshold changed
// with the memory limit. A ProcDump that has fired ends by itself; an interrupted one may delete its dump.
func (a *Agent) mustRearm(key runKey, run *armed) bool {
	if len(a.armings[key].Fired) > 0 || run.dumped || a.hasUnsettled(run.folder) {
		return false
	}
	return !slices.EqualFunc(a.armings[key].Arms, a.armable(key, run.watch), plan.Arm.Same)
}

// isProfilerLoading reports whether a target still has to load the profiler. No other ProcDump is ended before that,
// because every ProcDump deletes the profiler's file when it ends.
func (a *Agent) isProfilerLoading() bool {
	for key, run := range a.runs {
		if run.watch.Profiler && time.Since(run.began) < profilerTime && !hasProfiler(key.pid) {
			return true
		}
	}
	return false
}

// isEnding reports whether a ProcDump is about to end.
func (a *Agent) isEnding() bool {
	for key, run := range a.runs {
		if !run.askedAt.IsZero() || run.dumped || len(a.armings[key].Fired) > 0 {
			return true
		}
	}
	return false
}
