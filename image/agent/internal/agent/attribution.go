package agent

import (
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"cdk8s-procdump/agent/internal/event"
	"cdk8s-procdump/agent/internal/manifest"
	"cdk8s-procdump/agent/internal/plan"
	"cdk8s-procdump/agent/internal/procdump"
)

// Attribution of a dump to its process and its trigger.

var (
	folderName   = regexp.MustCompile(`^([0-9]{1,10})-([a-z0-9_-]+)/`)
	crashName    = regexp.MustCompile(`^crash_.*_([0-9]{1,10})_[^_]*_[0-9]+\.dmp$`)
	numberedName = regexp.MustCompile(`_[0-9]{6}_[0-9]{6}\.([0-9]{1,10})$`)
	notInNames   = regexp.MustCompile(`[^A-Za-z0-9]`)
)

// attribute returns the process and the watch of a dump. If the agent was killed, only the path is known.
func (a *Agent) attribute(path string) Dump {
	dump := Dump{Path: path, Watch: byHand}
	name := filepath.Base(path)
	below := strings.TrimPrefix(path, a.plan.PodDirectory()+"/")
	if match := folderName.FindStringSubmatch(below); match != nil && a.isWatch(match[2]) {
		dump.PID, _ = strconv.Atoi(match[1])
		dump.Watch = match[2]
	} else if a.plan.CrashDumps && filepath.Dir(path) == a.plan.CrashDirectory() {
		dump.Watch = inCrash
		// The names of the program and the host may contain underscores, the numbers between them do not.
		if match := crashName.FindStringSubmatch(name); match != nil {
			dump.PID, _ = strconv.Atoi(match[1])
		}
	} else if match := numberedName.FindStringSubmatch(name); match != nil {
		dump.PID, _ = strconv.Atoi(match[1])
	} else if len(a.targets) == 1 {
		// The name of a .NET dump contains no process id, but begins with the name of its process.
		for pid, target := range a.targets {
			if strings.HasPrefix(name, notInNames.ReplaceAllString(target.Name, "_")+"_") {
				dump.PID = pid
			}
		}
	}
	dump.Start = a.lastTargets[dump.PID].Start
	return dump
}

// isWatch reports whether this is the name of a watch or of dumps on demand. The application can create other folders.
func (a *Agent) isWatch(name string) bool {
	_, known := a.watch(name)
	return known || name == onDemand
}

// fired returns the triggers that may have taken a dump, and the value that ProcDump reported.
func (a *Agent) fired(dump Dump) (arms []plan.Arm, value *float64) {
	watch, known := a.watch(dump.Watch)
	if !known {
		return nil, nil
	}
	key := runKey{processKey{dump.PID, dump.Start}, dump.Watch}
	if arming := a.armings[key]; arming != nil {
		return procdump.Chosen(watch, arming.Arms, filepath.Base(dump.Path), arming.Fired)
	}
	// An earlier agent armed it, and its state is lost.
	for i, trigger := range watch.Triggers {
		if arm, err := trigger.Arm(i, a.progress[triggerKey{key, i}].complete); err == nil {
			arms = append(arms, arm)
		}
	}
	return procdump.Chosen(watch, arms, filepath.Base(dump.Path), nil)
}

func texts(arms []plan.Arm, separator string) string {
	words := make([]string, len(arms))
	for i, arm := range arms {
		words[i] = arm.Text
	}
	return strings.Join(words, separator)
}

// triggerText returns the trigger of a dump as the user wrote it.
func triggerText(dump Dump, arms []plan.Arm) string {
	switch dump.Watch {
	case byHand:
		return "by-hand"
	case inCrash:
		return "crash"
	case onDemand:
		return "on-demand"
	}
	if len(arms) == 0 {
		return dump.Watch
	}
	return texts(arms, " or ")
}

// commandOf returns the arguments of the ProcDump that wrote a dump, or nil if no ProcDump wrote it or none is known.
func (a *Agent) commandOf(dump Dump) []string {
	if dump.Watch == onDemand {
		return append(procdump.OnDemand(a.plan), strconv.Itoa(dump.PID), filepath.Dir(dump.Path))
	}
	if arming := a.armings[runKey{processKey{dump.PID, dump.Start}, dump.Watch}]; arming != nil {
		return arming.Words
	}
	return nil
}

func (a *Agent) describeDump(dump Dump, trigger string, value *float64, alive *bool) manifest.Manifest {
	m := manifest.Manifest{
		Complete: dump.State == complete, Trigger: trigger, Threshold: dump.Threshold, Value: value,
		Process: manifest.OrNull(a.lastTargets[dump.PID].Name), ProcessStartTime: manifest.StartTime(dump.Start),
		TargetAlive: alive, DumpedAt: event.Time(time.Unix(dump.TakenAt, 0)),
	}
	if dump.PID != 0 {
		m.PID = &dump.PID
	}
	if words := a.commandOf(dump); words != nil {
		m.Command = manifest.OrNull(strings.Join(append([]string{"procdump"}, words...), " "))
	}
	return m
}
