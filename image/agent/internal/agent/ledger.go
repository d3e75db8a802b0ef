package agent

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"cdk8s-procdump/agent/internal/event"
	"cdk8s-procdump/agent/internal/manifest"
	"cdk8s-procdump/agent/internal/procdump"
	"cdk8s-procdump/agent/internal/process"
	"cdk8s-procdump/agent/internal/queue"
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
	other      = "other" // no dump
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
	takenByRun     map[runKey]int
	takenByProcess map[processKey]int
	last           map[processKey]Dump // by a trigger
	taken          int
	incomplete     int
}

func newLedger() ledger {
	return ledger{map[string]string{}, map[string]int64{}, map[runKey]int{}, map[processKey]int{},
		map[processKey]Dump{}, 0, 0}
}

func ledgerFile() string { return setting.State("ledger") }

func (l *ledger) load() {
	text, err := os.ReadFile(ledgerFile())
	if err != nil {
		return
	}
	for _, line := range strings.Split(string(text), "\n") {
		var dump Dump
		if json.Unmarshal([]byte(line), &dump) == nil {
			l.count(dump)
		}
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
	asked := dump.Watch == onDemand || dump.Watch == byHand
	// Who asks for a dump need not wait, nor does it hold back the triggers.
	if !asked && dump.Watch != inCrash {
		l.last[key] = dump
	}
	if dump.State == complete {
		l.takenByRun[runKey{key, dump.Watch}]++
	}
	if earlier == incomplete {
		return
	}
	l.taken++
	// A person who asks for a dump does not use up what the triggers may take of this process.
	if !asked {
		l.takenByProcess[key]++
	}
}

var (
	folderName   = regexp.MustCompile(`^([0-9]{1,10})-([a-z0-9_-]+)/`)
	crashName    = regexp.MustCompile(`^crash_.*_([0-9]{1,10})_[^_]*_[0-9]+\.dmp$`)
	numberedName = regexp.MustCompile(`_[0-9]{6}_[0-9]{6}\.([0-9]{1,10})$`)
	notInNames   = regexp.MustCompile(`[^A-Za-z0-9]`)
)

// attribute says whose dump a file is. The path is all that is left of a dump whose agent was killed.
func (a *Agent) attribute(path string) Dump {
	dump := Dump{Path: path, Watch: byHand}
	name := filepath.Base(path)
	below := strings.TrimPrefix(path, a.plan.PodDirectory()+"/")
	if match := folderName.FindStringSubmatch(below); match != nil {
		dump.PID, _ = strconv.Atoi(match[1])
		dump.Watch = match[2]
	} else if a.plan.CrashDumps && filepath.Dir(path) == a.plan.CrashDirectory() {
		dump.Watch = inCrash
		// The program's name and the host's may hold underscores, the numbers between them do not.
		if match := crashName.FindStringSubmatch(name); match != nil {
			dump.PID, _ = strconv.Atoi(match[1])
		}
	} else if match := numberedName.FindStringSubmatch(name); match != nil {
		dump.PID, _ = strconv.Atoi(match[1])
	} else if len(a.targets) == 1 {
		// The name of a .NET dump holds no number, but begins with the name of its process.
		for pid, target := range a.targets {
			if strings.HasPrefix(name, notInNames.ReplaceAllString(target.Name, "_")+"_") {
				dump.PID = pid
			}
		}
	}
	dump.Start = a.lastTargets[dump.PID].Start
	return dump
}

// settle counts a dump that is finished, and hands it over for publication.
func (a *Agent) settle(path, state string) {
	info, err := os.Lstat(path)
	if err != nil {
		a.forgetPending(path)
		return
	}
	dump := a.attribute(path)
	dump.State, dump.TakenAt = state, time.Now().Unix()
	// The length of a native dump is right even when its target died during the write; the rest of it is zeros.
	var alive *bool
	if dump.PID != 0 {
		lives := process.Alive(dump.PID, dump.Start)
		alive = &lives
	}
	level := "warn"
	if state == complete {
		level = "info"
		a.clearReason(procdumpReason(runKey{processKey{dump.PID, dump.Start}, dump.Watch}))
	}
	// Before the ledger: what it knows is not looked at again.
	if a.plan.Spooled() && a.handOver(dump, alive) != nil {
		a.reportFullState()
		return
	}
	if statefile.Append(ledgerFile(), string(event.JSON(dump))) == nil {
		a.clearReason("state")
	} else {
		a.reportFullState()
	}
	a.count(dump)
	a.forgetPending(path)
	a.bytes[path] = info.Size()
	a.sweepAt = time.Time{}
	a.markSpoolChanged()
	event.Log(level, "dump-"+state, event.F("pid", dump.PID), event.F("watch", dump.Watch), event.F("path", path),
		event.F("bytes", info.Size()), event.F("targetAlive", alive), event.F("count", a.taken))
}

// The dump stays in the spool, unsettled, and is looked at again: a full disk must end neither it nor the agent.
func (a *Agent) reportFullState() {
	a.setReason("state", "could not write to "+setting.StateDirectory+", expected room for a few KB: free space on "+
		"the node's disk, or give the pod more ephemeral-storage")
}

func (a *Agent) handOver(dump Dump, alive *bool) error {
	m := manifest.Manifest{
		Complete: dump.State == complete, Trigger: dump.Watch, Process: manifest.OrNull(a.lastTargets[dump.PID].Name),
		ProcessStartTime: manifest.StartTime(dump.Start), TargetAlive: alive,
		DumpedAt: event.Time(time.Unix(dump.TakenAt, 0)),
	}
	if dump.PID != 0 {
		m.PID = &dump.PID
	}
	words := a.commandOf(dump)
	switch dump.Watch {
	case byHand:
		m.Trigger = "by-hand"
	case inCrash:
		m.Trigger = "crash"
	case onDemand:
		m.Trigger = "on-demand"
	}
	if words != nil {
		m.Command = manifest.OrNull(strings.Join(append([]string{"procdump"}, words...), " "))
	}
	return a.enqueue(queue.Entry{Source: dump.Path, Manifest: m})
}

// commandOf returns the words of the ProcDump that wrote a dump; nothing where none did.
func (a *Agent) commandOf(dump Dump) []string {
	place := []string{strconv.Itoa(dump.PID), filepath.Dir(dump.Path)}
	if dump.Watch == onDemand {
		return append(procdump.OnDemand(a.plan), place...)
	}
	key := runKey{processKey{dump.PID, dump.Start}, dump.Watch}
	if words := a.commands[key]; words != nil {
		return words
	}
	// The agent before this one ran it.
	if watch, known := a.watch(dump.Watch); known {
		if words, err := procdump.Switches(a.plan, watch, 0); err == nil {
			return append(words, place...)
		}
	}
	return nil
}
