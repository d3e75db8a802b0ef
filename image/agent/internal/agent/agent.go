// Package agent supervises ProcDump. ProcDump is not a daemon: it swallows SIGTERM, buffers its log, exits with 0 on
// failure and repeats its dumps after every restart.
//
// The agent never exits before SIGTERM, because an exited container makes the whole pod unready. It logs errors, and
// the command status shows them.
package agent

import (
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"cdk8s-procdump/agent/internal/event"
	"cdk8s-procdump/agent/internal/folder"
	"cdk8s-procdump/agent/internal/plan"
	"cdk8s-procdump/agent/internal/procdump"
	"cdk8s-procdump/agent/internal/queue"
	"cdk8s-procdump/agent/internal/setting"
	"cdk8s-procdump/agent/internal/statefile"
	"cdk8s-procdump/agent/internal/target"
)

// Agent is the state of one sidecar. Only the agent's loop uses it.
type Agent struct {
	plan     *plan.Plan
	stop     <-chan os.Signal
	stopping bool
	witness  *witness

	finder      target.Finder
	targets     map[int]target.Target
	lastTargets map[int]target.Target
	stopped     map[int]int    // looks that found a target stopped
	unseen      map[int]int    // looks that did not find a live target
	sighted     map[int]uint64 // processes that the last look found first

	runs    map[runKey]*armed
	after   map[runKey]time.Time // the earliest time of the next start
	delay   map[runKey]time.Duration
	done    map[runKey]bool
	armings map[runKey]*arming // includes runs that have ended

	ledger
	pending map[string]pending
	scanner scanner
	looks   int

	room  room
	crash crashFolder
	store storeJobs
	// sweepAt is when the retention examines the store again.
	sweepAt time.Time
	demand  demand
	// profilerSince is when a process was first seen with the profiler and without a ProcDump.
	profilerSince time.Time
	// progressAt is when a file last grew during a drain.
	progressAt time.Time
	limited    map[string]string
	status     status
}

// Run runs the agent until SIGTERM.
func Run(words []string) {
	syscall.Umask(0o022) // An application of another user must be able to read ProcDump's library and status socket.
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)
	witness := &witness{}
	agent := newAgent(stop, witness)
	if err := agent.prepare(words); err != nil {
		agent.idleDegraded(err)
		return
	}
	for !agent.stopping {
		if failure := guarded(agent.supervise); failure != "" {
			if agent.survive(failure) {
				break
			}
			agent = newAgent(stop, witness)
			if err := agent.prepare(words); err != nil {
				agent.idleDegraded(err)
				return
			}
		}
	}
	for tries := 0; tries < 3; tries++ {
		failure := guarded(agent.drain)
		if failure == "" {
			return
		}
		agent.logFailure(failure)
	}
}

func newAgent(stop <-chan os.Signal, witness *witness) *Agent {
	return &Agent{
		stop: stop, witness: witness,
		targets: map[int]target.Target{}, lastTargets: map[int]target.Target{}, stopped: map[int]int{}, unseen: map[int]int{},
		runs: map[runKey]*armed{}, after: map[runKey]time.Time{}, delay: map[runKey]time.Duration{},
		done: map[runKey]bool{}, armings: map[runKey]*arming{}, ledger: newLedger(), pending: map[string]pending{},
		scanner: scanner{foreign: map[string]os.FileInfo{}},
		room:    newRoom(), store: newStoreJobs(), limited: map[string]string{}, status: newStatus(),
	}
}

func (a *Agent) watch(name string) (plan.Watch, bool) {
	for _, watch := range a.plan.Watches {
		if watch.Name == name {
			return watch, true
		}
	}
	return plan.Watch{}, false
}

func (a *Agent) prepare(words []string) error {
	if err := openState(); err != nil {
		return err
	}
	if err := procdump.CheckTools(); err != nil {
		return err
	}
	parsed, err := plan.FromArguments(words)
	if err != nil {
		return err
	}
	a.plan = parsed
	a.finder.Plan = parsed
	if err := statefile.Write(setting.State("plan.json"), parsed.JSON()); err != nil {
		return fmt.Errorf("could not write to %s (%v): free space on the node's disk", setting.StateDirectory, err)
	}
	a.beat()
	a.witness.begin(parsed)
	a.load()
	a.loadQueue()
	a.forgetGone()
	a.loadArmings()
	a.adoptPublisher()
	a.demand.load()
	a.makeCrashFolder()
	a.checkWatches()
	store := ""
	if parsed.Spooled() {
		store = parsed.Store.Directory
	}
	names := make([]string, len(parsed.Watches))
	for i, watch := range parsed.Watches {
		names[i] = watch.Name
	}
	event.Info("started", event.F("runtime", parsed.Runtime), event.F("container", parsed.Container),
		event.F("watches", strings.Join(names, " ")), event.F("dumpDirectory", parsed.DumpDirectory),
		event.F("store", store), event.F("left", len(a.store.queue)))
	return nil
}

func openState() error {
	os.MkdirAll(setting.StateDirectory, 0o700)
	if !folder.IsWritable(setting.StateDirectory) {
		return fmt.Errorf("found %s not writable, expected a folder for the agent's state: mount an emptyDir there",
			setting.StateDirectory)
	}
	os.Mkdir(queue.Directory(), 0o700)
	return nil
}

// checkWatches leaves out a watch whose percentages cannot be resolved. The other watches are used.
func (a *Agent) checkWatches() {
	var usable []plan.Watch
	for _, watch := range a.plan.Watches {
		err := isArmable(watch)
		if err != nil {
			a.setReason("watch:"+watch.Name, fmt.Sprintf("watch '%s' is not started: %v", watch.Name, err))
			continue
		}
		usable = append(usable, watch)
	}
	a.plan.Watches = usable
}

func isArmable(watch plan.Watch) error {
	for i, trigger := range watch.Triggers {
		if _, err := trigger.Arm(i, 0); err != nil {
			return err
		}
	}
	return nil
}

func (a *Agent) idleDegraded(err error) {
	if a.plan == nil {
		a.plan = &plan.Plan{}
	}
	a.setReason("settings", err.Error())
	a.writeStatus()
	for !a.stopping {
		a.beat()
		a.pause(setting.Idle)
	}
	event.Info("stopped", event.F("reason", ""), event.F("left", 0))
}

func (a *Agent) supervise() {
	for !a.stopping {
		a.beat()
		a.look()
		if a.store.job != nil || a.demand.running() || len(a.pending) > 0 {
			a.pause(setting.Busy)
		} else {
			a.pause(setting.Idle)
		}
	}
}

func (a *Agent) look() {
	setting.Reach("look")
	a.followRuns()
	a.followTargets()
	a.scan()
	a.followStore()
	a.followDemand()
	a.forgetProcesses()
	a.checkLimits()
	a.checkRoom()
	a.fenceCrashDumps()
	a.endRuns()
	a.beginRuns()
	a.writeStatus()
}

// pause sleeps. Only a signal ends it early.
func (a *Agent) pause(length time.Duration) {
	select {
	case <-a.stop:
		a.stopping = true
	case <-time.After(length):
	}
}

// guarded runs an action and returns the reason of its panic.
func guarded(action func()) (failure string) {
	defer func() {
		if cause := recover(); cause != nil {
			failure = fmt.Sprintf("%v in %s", cause, place(string(debug.Stack())))
		}
	}()
	action()
	return ""
}

// place returns the innermost functions of the agent on a stack, without addresses.
func place(stack string) string {
	var functions []string
	for _, line := range strings.Split(stack, "\n") {
		if name, _, found := strings.Cut(line, "("); found && strings.Contains(line, "cdk8s-procdump/agent/") &&
			!strings.Contains(line, "guarded") && !strings.HasPrefix(line, "\t") {
			functions = append(functions, name[strings.LastIndex(name, "/")+1:])
		}
	}
	return strings.Join(functions[:min(len(functions), 3)], " < ")
}

func (a *Agent) logFailure(failure string) {
	event.Error("agent-failed", event.F("exitCode", 1), event.F("reason", fmt.Sprintf("the agent met an unexpected "+
		"error (%s) and restarts in %d s; please report this", failure, int(setting.Restart.Seconds()))))
}

// survive ends all ProcDumps and waits before the agent restarts. An error may not occur twice, and the state of the
// agent is on disk. It reports whether SIGTERM arrived meanwhile.
func (a *Agent) survive(failure string) (stopped bool) {
	a.logFailure(failure)
	until := time.Now().Add(setting.Restart)
	for !a.stopping && (time.Now().Before(until) || len(a.runs) > 0) {
		a.beat()
		guarded(func() {
			for key := range a.runs {
				a.stopRun(key)
			}
			a.followRuns()
		})
		a.pause(setting.Busy)
	}
	return a.stopping
}
