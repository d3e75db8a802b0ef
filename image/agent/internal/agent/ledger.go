package agent

import (
	"time"

	"cdk8s-procdump/agent/internal/event"
	"cdk8s-procdump/agent/internal/process"
	"cdk8s-procdump/agent/internal/queue"
	"cdk8s-procdump/agent/internal/safefile"
	"cdk8s-procdump/agent/internal/setting"
	"cdk8s-procdump/agent/internal/statefile"
)

// Names of dumps without a watch. Names of watches cannot contain an underscore.
const (
	onDemand = "on_demand"
	inCrash  = "in_crash"
	byHand   = "by_hand"
)

const (
	complete   = "complete"
	incomplete = "incomplete"
)

// Dump is one line of the ledger. The ledger has one line for each dump of this pod and is on disk, so that neither a
// restart of the container nor the removal of a file resets the limits.
type Dump struct {
	TakenAt int64
	State   string
	PID     int
	Start   uint64
	Watch   string
	Path    string
	// Uptime is TakenAt in seconds since the boot, for cool-downs: nobody can set this clock.
	Uptime int64
	// Triggers are the indexes of the watch's triggers that may have fired, usually one.
	Triggers  []int    `json:",omitempty"`
	Threshold *float64 `json:",omitempty"`
}

type processKey struct {
	pid   int
	start uint64
}

type runKey struct {
	processKey
	watch string
}

// ledger counts the dumps.
type ledger struct {
	settled        map[string]string // by path
	bytes          map[string]int64
	progress       map[triggerKey]progress
	takenByProcess map[processKey]int
	taken          int
	incomplete     int
	byHand         int
	onDemand       int
	lines          int // of the file
}

func newLedger() ledger {
	return ledger{map[string]string{}, map[string]int64{}, map[triggerKey]progress{}, map[processKey]int{}, 0, 0, 0, 0, 0}
}

func ledgerFile() string { return setting.State("ledger") }

func (l *ledger) load() {
	before, dumps := readLedger()
	l.taken, l.incomplete, l.byHand, l.onDemand = before.Taken, before.Incomplete, before.ByHand, before.OnDemand
	l.lines = len(dumps)
	for _, dump := range dumps {
		l.count(dump)
	}
}

func (l *ledger) forget(path string) {
	delete(l.settled, path)
	delete(l.bytes, path)
}

// count counts a dump. Incomplete dumps count too: they stopped the target and filled the disk like the others. A
// createdump that always fails half way would otherwise be started forever.
func (l *ledger) count(dump Dump) {
	key := processKey{dump.PID, dump.Start}
	earlier := l.settled[dump.Path]
	l.settled[dump.Path] = dump.State
	if earlier == incomplete {
		l.incomplete--
	}
	if dump.State == incomplete {
		l.incomplete++
	}
	for _, place := range dump.Triggers {
		l.advance(triggerKey{runKey{key, dump.Watch}, place}, dump, earlier == incomplete)
	}
	if earlier == incomplete {
		return
	}
	l.taken++
	switch dump.Watch {
	case byHand:
		l.byHand++
	case onDemand:
		l.onDemand++
	}
	// Dumps on demand do not count toward the limit of the process.
	if dump.Watch != onDemand && dump.Watch != byHand {
		l.takenByProcess[key]++
	}
}

// triggered returns how many dumps triggers and crashes have taken.
func (l *ledger) triggered() int { return l.taken - l.byHand - l.onDemand }

func (l *ledger) advance(key triggerKey, dump Dump, again bool) {
	taken := l.progress[key]
	if !again {
		taken.all++
		taken.lastUptime, taken.lastAt, taken.lastThreshold = dump.Uptime, dump.TakenAt, dump.Threshold
	}
	if dump.State == complete {
		taken.complete++
	}
	l.progress[key] = taken
}

// settle counts a finished dump and queues it for publication.
func (a *Agent) settle(path, state string) {
	info, err := safefile.Lstat(a.plan.DumpDirectory, path)
	if err != nil {
		a.forgetPending(path)
		return
	}
	dump := a.attribute(path)
	dump.State, dump.TakenAt, dump.Uptime = state, time.Now().Unix(), uptime()
	arms, value := a.fired(dump)
	for _, arm := range arms {
		dump.Triggers = append(dump.Triggers, arm.Trigger)
	}
	if len(arms) == 1 {
		dump.Threshold = arms[0].Threshold
	}
	var alive *bool
	if dump.Start != 0 {
		lives := process.Alive(dump.PID, dump.Start)
		alive = &lives
	}
	if a.isCutOff(dump, alive) {
		state, dump.State = incomplete, incomplete
	}
	level := "warn"
	key := runKey{processKey{dump.PID, dump.Start}, dump.Watch}
	if state == complete {
		level = "info"
		a.clearReason(procdumpReason(key))
	}
	// The queue comes before the ledger: the agent ignores a file that is in the ledger.
	trigger := triggerText(dump, arms)
	m := a.describeDump(dump, trigger, value, alive)
	if a.plan.Spooled() && a.enqueue(queue.Entry{Source: path, Inode: safefile.Inode(info), Manifest: m}) != nil {
		a.reportFullState()
		return
	}
	if statefile.Append(ledgerFile(), string(event.JSON(dump))) == nil {
		a.clearReason("state")
		a.ledger.lines++
		a.boundLedger()
	} else {
		a.reportFullState()
	}
	a.count(dump)
	a.forgetPending(path)
	a.bytes[path] = info.Size()
	a.sweepAt = time.Time{}
	a.markSpoolChanged()
	if state == complete {
		a.noteDumped(key)
	}
	event.Log(level, "dump-"+state, event.F("pid", dump.PID), event.F("watch", dump.Watch),
		event.F("trigger", trigger), event.F("path", path), event.F("bytes", info.Size()),
		event.F("targetAlive", alive), event.F("count", a.taken))
	if !a.plan.Spooled() {
		m.Bytes = info.Size()
		m.Describe(a.plan, time.Now())
		m.Announce(path)
	}
}

// noteDumped records that the ProcDump of a watch took its dump, whether or not it has ended.
func (a *Agent) noteDumped(key runKey) {
	if run := a.runs[key]; run != nil {
		run.dumped, run.dumpedAt = true, time.Now()
	} else if watch, known := a.watch(key.watch); known {
		a.forgive(key, watch)
	}
}

// reportFullState reports a full disk. The dump stays unsettled in the spool and is tried again at the next look.
func (a *Agent) reportFullState() {
	a.setReason("state", "could not write to "+setting.StateDirectory+", expected room for a few KB: free space on "+
		"the node's disk, or give the pod more ephemeral-storage")
}
