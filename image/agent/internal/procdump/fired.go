package procdump

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"cdk8s-procdump/agent/internal/plan"
)

// Fired is ProcDump's report of a trigger that fired. It does not report file descriptors, exceptions and collections.
type Fired struct {
	// Kinds are the possible kinds of the trigger.
	Kinds []string
	// Counter is the name of the counter, Threshold its threshold as ProcDump prints it.
	Counter, Threshold string
	Value              *float64
}

var firedLines = []struct {
	pattern *regexp.Regexp
	kinds   []string
}{
	{regexp.MustCompile(`^Trigger: Commit usage:(?P<value>[0-9]+)MB on process ID: [0-9]+$`), []string{plan.Memory}},
	{regexp.MustCompile(`^Trigger: Thread count:(?P<value>[0-9]+) on process ID: [0-9]+$`), []string{plan.Threads}},
	{regexp.MustCompile(`^Trigger: CPU usage:(?P<value>[0-9]+)% on process ID: [0-9]+$`), []string{plan.AverageCPU}},
	{regexp.MustCompile(`^Trigger: Signal:(?P<value>[0-9]+) on process ID: [0-9]+$`), []string{plan.Signal}},
	{regexp.MustCompile(`^Trigger: Timer:[0-9]+\(s\) on process ID: [0-9]+$`), []string{plan.Timer}},
	{regexp.MustCompile(`^Trigger: (?P<counter>.+) value:(?P<value>-?[0-9.]+) threshold:(?P<threshold>-?[0-9.]+) ` +
		`on process ID: [0-9]+$`), []string{plan.CPU, plan.Counter}},
}

// ParseFired parses the text of a line of ProcDump.
func ParseFired(text string) (fired Fired, ok bool) {
	if !strings.HasPrefix(text, "Trigger: ") {
		return fired, false
	}
	for _, line := range firedLines {
		match := line.pattern.FindStringSubmatch(text)
		if match == nil {
			continue
		}
		fired.Kinds = line.kinds
		for i, group := range line.pattern.SubexpNames() {
			switch group {
			case "value":
				if value, err := strconv.ParseFloat(match[i], 64); err == nil {
					fired.Value = &value
				}
			case "counter":
				fired.Counter = match[i]
			case "threshold":
				fired.Threshold = match[i]
			}
		}
		return fired, true
	}
	return fired, false
}

// ProcDump names its dumps after the trigger that fired.
var (
	typedName = regexp.MustCompile(`_([a-z]+)_[0-9]{6}_[0-9]{6}(\.[0-9]{1,10})?$`)
	typeKinds = map[string][]string{
		"commit": {plan.Memory}, "cpu": {plan.AverageCPU}, "thread": {plan.Threads}, "time": {plan.Timer},
		"filedesc": {plan.FileDescriptors}, "signal": {plan.Signal}, "perfcounter": {plan.CPU, plan.Counter},
	}
)

// Chosen returns the arms that may have taken a dump with this name, and the value that ProcDump reported. It returns
// several arms only if the agent missed ProcDump's report. If two triggers fire at once, one of them gets the dump.
func Chosen(watch plan.Watch, arms []plan.Arm, name string, fired []Fired) (chosen []plan.Arm, value *float64) {
	kinds := []string(nil)
	if match := typedName.FindStringSubmatch(name); match != nil {
		kinds = typeKinds[match[1]]
	}
	chosen = filter(arms, func(arm plan.Arm) bool { return slices.Contains(kinds, watch.Triggers[arm.Trigger].Kind) })
	if len(chosen) == 0 {
		chosen = arms
	}
	for _, one := range fired {
		told := filter(chosen, func(arm plan.Arm) bool { return one.isOf(watch.Triggers[arm.Trigger], arm) })
		if len(told) > 0 {
			return told, one.Value
		}
	}
	return chosen, nil
}

func (f Fired) isOf(trigger plan.Trigger, arm plan.Arm) bool {
	if !slices.Contains(f.Kinds, trigger.Kind) {
		return false
	}
	if f.Counter == "" {
		return true
	}
	name, _, _ := strings.Cut(trigger.PerfCounter(), "[")
	return strings.EqualFold(name, f.Counter) && arm.Threshold != nil &&
		fmt.Sprintf("%.4f", *arm.Threshold) == f.Threshold
}

func filter(arms []plan.Arm, keep func(plan.Arm) bool) []plan.Arm {
	var kept []plan.Arm
	for _, arm := range arms {
		if keep(arm) {
			kept = append(kept, arm)
		}
	}
	return kept
}
