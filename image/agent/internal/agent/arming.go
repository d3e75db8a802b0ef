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

// ProcDump is armed for one dump. What it may take next is decided here: a trigger's cool-down is its own, and each
// trigger has its place in the limit of the process.

// triggerKey is a trigger of a watch, by its place in it, for one process.
type triggerKey struct {
	runKey
	trigger int
}

// progress is what a trigger has taken of a process. Incomplete dumps took its place, too.
type progress struct {
	complete, all int
	lastUptime    int64
	lastAt        int64 // by the clock on the wall
	lastThreshold *float64
}

// arming is what a ProcDump was started for. It outlives its ProcDump, because a dump is settled later, and the agent,
// because both may be killed.
type arming struct {
	PID   int
	Start uint64
	Watch string
	Words []string
	Arms  []plan.Arm
	// MayResume tells whether the target may be woken when ProcDump leaves it stopped.
	MayResume bool
	// Fired is what ProcDump said. It is not kept on disk.
	Fired []procdump.Fired `json:"-"`
}

// maxFired is more than the triggers of a watch.
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

// places is how many dumps of the limit nobody else may take.
func (p progress) places(trigger plan.Trigger) int {
	if p.isFinished(trigger) {
		return 0
	}
	return max(0, trigger.Dumps-p.all)
}

// spare is how many dumps the limit of a process has that are no trigger's own.
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

// A higher threshold is another trigger, and does not wait.
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

// isFinished tells whether a watch will never be armed for this process again.
func (a *Agent) isFinished(key runKey, watch plan.Watch) bool {
	for i, trigger := range watch.Triggers {
		if !a.progress[triggerKey{key, i}].isFinished(trigger) {
			return false
		}
	}
	return true
}

// mustRearm tells whether a ProcDump waits for other triggers than it should: a cool-down is over, a threshold has
// moved with the memory limit. One that has fired ends by itself; interrupted, it may delete its dump.
func (a *Agent) mustRearm(key runKey, run *armed) bool {
	if len(a.armings[key].Fired) > 0 || run.dumped || a.hasUnsettled(run.folder) {
		return false
	}
	return !slices.EqualFunc(a.armings[key].Arms, a.armable(key, run.watch), plan.Arm.Same)
}

// Every ProcDump deletes the file of the profiler when it ends. Until a target has loaded it, no other is ended.
func (a *Agent) isProfilerLoading() bool {
	for key, run := range a.runs {
		if run.watch.Profiler && time.Since(run.began) < profilerTime && !hasProfiler(key.pid) {
			return true
		}
	}
	return false
}

// isEnding tells whether a ProcDump is about to end.
func (a *Agent) isEnding() bool {
	for key, run := range a.runs {
		if !run.askedAt.IsZero() || run.dumped || len(a.armings[key].Fired) > 0 {
			return true
		}
	}
	return false
}
