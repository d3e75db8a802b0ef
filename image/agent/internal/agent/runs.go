package agent

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"cdk8s-procdump/agent/internal/dumpfile"
	"cdk8s-procdump/agent/internal/event"
	"cdk8s-procdump/agent/internal/plan"
	"cdk8s-procdump/agent/internal/procdump"
	"cdk8s-procdump/agent/internal/process"
	"cdk8s-procdump/agent/internal/setting"
)

const (
	// ProcDump gets this time after SIGINT. It hangs without a message if TMPDIR is not writable.
	stopTime = 5 * time.Second
	// The profiler leaves the target about 7 s after its ProcDump ends. A ProcDump that starts earlier is refused or
	// misses its events.
	profilerTime = 10 * time.Second
	longestDelay = 10 * time.Minute
)

// armed is one ProcDump for one target process and one watch.
type armed struct {
	*procdump.Run
	watch    plan.Watch
	folder   string
	began    time.Time
	askedAt  time.Time // when it was asked to end
	dumped   bool      // its dump is settled
	dumpedAt time.Time // when the last dump was settled
	firedAt  time.Time // when a trigger fired or a file appeared
	mayTake  time.Duration
	hung     bool
	rearmed  bool // it is ended only to wait for other triggers
}

func (a *Agent) folderOf(key runKey) string {
	return fmt.Sprintf("%s/%d-%s", a.plan.PodDirectory(), key.pid, key.watch)
}

func procdumpReason(key runKey) string {
	return fmt.Sprintf("procdump:%s:%s", key.processKey, key.watch)
}

func (a *Agent) beginRuns() {
	if a.limited["pod"] != "" {
		return
	}
	for pid, target := range a.targets {
		process := processKey{pid, target.Start}
		if a.limited[process.String()] != "" || a.room.blocked[pid] {
			continue
		}
		for i, watch := range a.plan.Watches {
			key := runKey{process, watch.Name}
			if a.runs[key] != nil || a.done[key] || !a.fits(pid, i) || !a.mayStart(key, watch) {
				continue
			}
			if arms := a.armable(key, watch); len(arms) > 0 && a.mayLoadProfiler(watch) {
				a.startRun(key, watch, arms)
			}
		}
	}
}

func (a *Agent) mayStart(key runKey, watch plan.Watch) bool {
	if a.isFinished(key, watch) {
		a.done[key] = true
		event.Info("watch-finished", event.F("pid", key.pid), event.F("watch", key.watch))
		return false
	}
	if time.Now().Before(a.after[key]) || a.hasUnsettled(a.folderOf(key)) {
		return false
	}
	// ProcDump left the target stopped, as the user accepted. A new ProcDump would hold the signal that resumes it.
	if watch.LeavesTargetStopped && a.stopped[key.pid] > 0 {
		return false
	}
	return true
}

// mayLoadProfiler examines all processes, so it is called last.
func (a *Agent) mayLoadProfiler(watch plan.Watch) bool {
	if !watch.Profiler {
		return true
	}
	if a.isEnding() {
		return false
	}
	pid := a.profilerMappedBy()
	switch {
	case pid == 0:
		a.profilerSince = time.Time{}
		a.clearReason("profiler")
	case a.profilerSince.IsZero():
		a.profilerSince = time.Now()
	case time.Since(a.profilerSince) > 3*profilerTime:
		a.setReason("profiler", fmt.Sprintf("no trigger that needs ProcDump's profiler is armed, because process %d has it "+
			"mapped and no ProcDump watches it: end the process", pid))
	}
	return pid == 0
}

// profilerMappedBy returns a process that has the profiler, or 0. Targets that a ProcDump watches with the profiler do
// not count: they keep it.
func (a *Agent) profilerMappedBy() (pid int) {
	watched := map[int]bool{}
	for key, run := range a.runs {
		if run.watch.Profiler {
			watched[key.pid] = true
		}
	}
	end := time.Now().Add(lookTime)
	for _, pid := range append(a.targetNumbers(), process.All()...) {
		if !watched[pid] && hasProfiler(pid) {
			return pid
		}
		if time.Now().After(end) {
			return 0 // targets come first, so none has it
		}
	}
	return 0
}

func (a *Agent) targetNumbers() []int {
	var numbers []int
	for pid := range a.targets {
		numbers = append(numbers, pid)
	}
	return numbers
}

func hasProfiler(pid int) bool { return process.Maps(pid, "/procdumpprofiler.so") }

func (a *Agent) startRun(key runKey, watch plan.Watch, arms []plan.Arm) {
	folder := a.folderOf(key)
	words, err := procdump.Switches(a.plan, watch, arms)
	if err == nil {
		err = dumpfile.PrepareTemporary(a.plan)
	}
	if err == nil {
		err = dumpfile.Prepare(a.plan, folder)
	}
	if err != nil {
		a.setReason("folder:"+procdumpReason(key), err.Error())
		a.postpone(key, watch)
		return
	}
	a.clearReason("folder:" + procdumpReason(key))
	words = append(words, strconv.Itoa(key.pid), folder)
	launched, err := procdump.Launch(words, a.plan.Runtime == plan.Native)
	if err != nil {
		a.setReason(procdumpReason(key), fmt.Sprintf("could not start ProcDump (%v): build the image from the "+
			"Dockerfile of cdk8s-procdump", err))
		a.postpone(key, watch)
		return
	}
	a.runs[key] = &armed{Run: launched, watch: watch, folder: folder, began: time.Now()}
	a.armings[key] = &arming{PID: key.pid, Start: key.start, Watch: key.watch, Words: words, Arms: arms}
	a.saveArmings()
	event.Info("procdump-started", event.F("pid", key.pid), event.F("watch", key.watch),
		event.F("triggers", texts(arms, ", ")), event.F("procdumpPid", launched.PID),
		event.F("arguments", strings.Join(words, " ")))
}

// followRuns logs the output of the ProcDumps and handles those that have ended.
func (a *Agent) followRuns() {
	for key, run := range a.runs {
		code, ended := run.Ended()
		for _, line := range run.Lines() {
			a.logLine(key, line)
		}
		a.checkHang(key, run)
		if ended {
			a.endRun(key, run, code)
		}
	}
}

func (a *Agent) logLine(key runKey, line string) {
	if line == "" {
		return
	}
	level, text := procdump.ParseLine(line)
	procdump.RememberVersion(text)
	a.checkClaim(key, text)
	arming := a.armings[key]
	if fired, ok := procdump.ParseFired(text); ok && len(arming.Fired) < maxFired {
		arming.Fired = append(arming.Fired, fired)
	}
	// ProcDump would try again every 10 seconds and stop the application each time.
	if strings.Contains(text, procdump.Failed) {
		arming.Fired = nil
		a.stopRun(key)
	}
	// Only this line shows a failed dump: ProcDump continues, or ends with a meaningless exit code.
	if level == "error" && !a.runs[key].dumped {
		a.setReason(procdumpReason(key), fmt.Sprintf("ProcDump for watch '%s' of process %d said: %s", key.watch,
			key.pid, text))
	}
	event.Log(level, "procdump-output", event.F("pid", key.pid), event.F("watch", key.watch), event.F("message", text))
}

// checkClaim checks that a reported dump exists: ProcDump reports success even if the runtime wrote nothing. ProcDump
// prints the line when the file exists, and the agent reads it before it can publish and remove the file.
func (a *Agent) checkClaim(key runKey, line string) {
	path := procdump.Claimed(line)
	if path == "" || a.settled[path] != "" {
		return
	}
	if _, err := os.Lstat(path); err == nil {
		return
	}
	event.Error("dump-missing", event.F("pid", key.pid), event.F("watch", key.watch), event.F("path", path),
		event.F("reason", "ProcDump reported this dump and there is no such file"))
	a.setReason(procdumpReason(key), fmt.Sprintf("ProcDump for watch '%s' of process %d reported %s and there is "+
		"no such file: check that the dump directory is the same volume at the same path in both containers",
		key.watch, key.pid, path))
}

// endRun handles a ProcDump that has ended. It logs the exit code and ignores it: ProcDump may exit with 0 after a
// failure and with 255 after a good dump.
func (a *Agent) endRun(key runKey, run *armed, code int) {
	a.resume(key, run.watch)
	event.Info("procdump-ended", event.F("pid", key.pid), event.F("watch", key.watch),
		event.F("procdumpPid", run.PID), event.F("exitCode", code))
	if time.Since(run.began) >= longestDelay {
		delete(a.delay, key)
	}
	delete(a.runs, key)
	a.saveArmings()
	a.postpone(key, run.watch)
	if run.dumped || run.rearmed {
		a.forgive(key, run.watch)
	}
}

// forgive lets a watch be armed again as soon as ProcDump allows. Names of dumps have a precision of one second, so the
// next dump must wait for the next second. The profiler needs profilerTime.
func (a *Agent) forgive(key runKey, watch plan.Watch) {
	delete(a.delay, key)
	a.after[key] = time.Now().Truncate(time.Second).Add(time.Second)
	if watch.Profiler {
		a.after[key] = time.Now().Add(profilerTime)
	}
}

func (a *Agent) postpone(key runKey, watch plan.Watch) {
	delay, known := a.delay[key]
	if !known {
		delay = setting.Backoff
	}
	a.delay[key] = min(2*delay, longestDelay)
	if watch.Profiler {
		delay = max(delay, profilerTime)
	}
	a.after[key] = time.Now().Add(delay)
}

func (a *Agent) endRuns() {
	if !a.stopping && a.isProfilerLoading() {
		return
	}
	for key, run := range a.runs {
		process := key.processKey
		if a.stopping || a.limited["pod"] != "" || a.room.blocked[key.pid] || a.limited[process.String()] != "" ||
			a.targets[key.pid].Start != key.start || !a.fitsWatch(key) {
			a.stopRun(key)
		} else if !run.askedAt.IsZero() {
			a.stopRun(key)
		} else if a.mustRearm(key, run) {
			run.rearmed = true
			a.stopRun(key)
		}
	}
}

// isWriting reports whether ProcDump writes a dump. During a native dump it traces its target, from before the file
// exists until the file is closed.
func (a *Agent) isWriting(key runKey, run *armed) bool {
	return a.hasUnsettled(run.folder) || process.Tracer(key.pid) == run.PID
}

// stopRun sends SIGINT, but never during a native dump: ProcDump would finish it, with the target stopped, and then
// delete the file.
func (a *Agent) stopRun(key runKey) {
	run := a.runs[key]
	if (a.plan.Runtime != plan.Dotnet || !a.stopping) && a.isWriting(key, run) {
		return
	}
	a.interrupt(run)
}
