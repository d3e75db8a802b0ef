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

// No watch can have these names: an underscore is not allowed in theirs.
const (
	onDemand = "on_demand"
	inCrash  = "in_crash"
	byHand   = "by_hand"
)

const (
	complete   = "complete"
	incomplete = "incomplete"
)

// Dump is one line of the ledger: every dump of this pod once, on disk, so that neither a restarted container nor a
// removed file resets the caps.
type Dump struct {
	TakenAt int64
	State   string
	PID     int
	Start   uint64
	Watch   string
	Path    string
	// Uptime is TakenAt by a clock that nobody sets, for cool-downs.
	Uptime int64
	// Triggers are the places of the triggers that may have fired in the watch: one, as a rule.
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
	lines          int // of the file
}

func newLedger() ledger {
	return ledger{map[string]string{}, map[string]int64{}, map[triggerKey]progress{}, map[processKey]int{}, 0, 0, 0, 0}
}

func ledgerFile() string { return setting.State("ledger") }

func (l *ledger) load() {
	before, dumps := readLedger()
	l.taken, l.incomplete, l.byHand, l.lines = before.Taken, before.Incomplete, before.ByHand, len(dumps)
	for _, dump := range dumps {
		l.count(dump)
	}
}

func (l *ledger) forget(path string) {
	delete(l.settled, path)
	delete(l.bytes, path)
}

// count takes note of a dump. Incomplete ones count too: they froze the target and filled the disk like the others, and
// a createdump that always dies half way would otherwise be started for ever.
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
	if dump.Watch == byHand {
		l.byHand++
	}
	// A person who asks for a dump does not use up what the triggers may take of this process.
	if dump.Watch != onDemand && dump.Watch != byHand {
		l.takenByProcess[key]++
	}
}

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

// settle counts a dump that is finished, and hands it over for publication.
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
	// Before the ledger: what it knows is not looked at again.
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

// noteDumped takes note that the ProcDump of a watch did its work, whether or not it has ended.
func (a *Agent) noteDumped(key runKey) {
	if run := a.runs[key]; run != nil {
		run.dumped, run.dumpedAt = true, time.Now()
	} else if watch, known := a.watch(key.watch); known {
		a.forgive(key, watch)
	}
}

// The dump stays in the spool, unsettled, and is looked at again: a full disk must end neither it nor the agent.
func (a *Agent) reportFullState() {
	a.setReason("state", "could not write to "+setting.StateDirectory+", expected room for a few KB: free space on "+
		"the node's disk, or give the pod more ephemeral-storage")
}
