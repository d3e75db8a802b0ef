package agent

import (
	"encoding/json"
	"os"
	"slices"
	"strings"

	"cdk8s-procdump/agent/internal/event"
	"cdk8s-procdump/agent/internal/statefile"
)

// Bounds of what the agent remembers. The application can start any number of processes and create any number of dumps
// by hand. For older ones, the agent keeps counts, not names.
const (
	maxEnded  = 100 // ended processes
	maxLines  = 1000
	keptLines = 250
)

// forgetProcesses forgets the oldest ended processes when there are too many. Late dumps belong to the others.
func (a *Agent) forgetProcesses() {
	if len(a.lastTargets)+len(a.takenByProcess)+len(a.after)+len(a.armings) <= 2*maxEnded {
		return
	}
	ended := a.endedProcesses()
	if len(ended) <= maxEnded {
		return
	}
	slices.SortFunc(ended, func(a, b processKey) int {
		if a.start != b.start {
			return int(min(max(int64(a.start)-int64(b.start), -1), 1))
		}
		return a.pid - b.pid
	})
	for _, key := range ended[:len(ended)-maxEnded/2] {
		a.forgetProcess(key)
	}
	a.saveArmings()
}

func (a *Agent) endedProcesses() []processKey {
	known := map[processKey]bool{}
	for key := range a.takenByProcess {
		known[key] = true
	}
	for key := range a.progress {
		known[key.processKey] = true
	}
	for key := range a.after {
		known[key.processKey] = true
	}
	for key := range a.armings {
		known[key.processKey] = true
	}
	for pid, target := range a.lastTargets {
		known[processKey{pid, target.Start}] = true
	}
	for key := range a.runs {
		delete(known, key.processKey)
	}
	var ended []processKey
	for key := range known {
		if a.targets[key.pid].Start != key.start {
			ended = append(ended, key)
		}
	}
	return ended
}

func (a *Agent) forgetProcess(key processKey) {
	for i := range a.plan.Watches {
		run := runKey{key, a.plan.Watches[i].Name}
		for trigger := range a.plan.Watches[i].Triggers {
			delete(a.progress, triggerKey{run, trigger})
		}
	}
	forgetRuns(a.done, key)
	forgetRuns(a.after, key)
	forgetRuns(a.delay, key)
	forgetRuns(a.armings, key)
	delete(a.takenByProcess, key)
	delete(a.limited, key.String())
	if a.lastTargets[key.pid].Start == key.start {
		delete(a.lastTargets, key.pid)
	}
	a.clearReasonsOf("procdump:" + key.String() + ":")
	a.clearReasonsOf("folder:procdump:" + key.String() + ":")
}

func forgetRuns[T any](runs map[runKey]T, key processKey) {
	for run := range runs {
		if run.processKey == key {
			delete(runs, run)
		}
	}
}

// totals counts the dumps whose lines are no longer in the ledger.
type totals struct{ Taken, Incomplete, ByHand, OnDemand int }

// readLedger returns the lines of the ledger, and the totals of the lines before them.
func readLedger() (before totals, dumps []Dump) {
	text, err := os.ReadFile(ledgerFile())
	if err != nil {
		return before, nil
	}
	for _, line := range strings.Split(string(text), "\n") {
		var dump Dump
		if json.Unmarshal([]byte(line), &dump) != nil {
			continue
		}
		if dump.Path == "" {
			json.Unmarshal([]byte(line), &before)
			continue
		}
		dumps = append(dumps, dump)
	}
	return before, dumps
}

// boundLedger shortens a long ledger to its last lines and those that count toward the limit of a remembered process.
func (a *Agent) boundLedger() {
	if a.ledger.lines <= maxLines {
		return
	}
	before, dumps := readLedger()
	var lines []string
	for i, dump := range dumps {
		_, counts := a.takenByProcess[processKey{dump.PID, dump.Start}]
		if i >= len(dumps)-keptLines || counts && dump.Watch != byHand && dump.Watch != onDemand {
			lines = append(lines, string(event.JSON(dump)))
			continue
		}
		before.Taken++
		switch dump.Watch {
		case byHand:
			before.ByHand++
		case onDemand:
			before.OnDemand++
		}
		if dump.State == incomplete {
			before.Incomplete++
		}
	}
	text := string(event.JSON(before)) + "\n" + strings.Join(lines, "\n") + "\n"
	if statefile.Write(ledgerFile(), []byte(text)) == nil {
		a.ledger.lines = len(lines)
	}
}
