// Package procdump knows ProcDump for Linux: its command line, and how it behaves as a process.
package procdump

import (
	"fmt"
	"strconv"
	"strings"

	"cdk8s-procdump/agent/internal/plan"
)

// Switches returns the words of a watch's command line, without process id and folder, in an order that ProcDump does
// not misread. Taken is how many dumps the watch has taken of the process.
func Switches(p *plan.Plan, watch plan.Watch, taken int) ([]string, error) {
	words := []string{}
	memory := memoryOf(watch)
	// A list of thresholds is also the number of dumps. ProcDump has no pause between dumps by its profiler: the agent
	// arms it again for each. A collection needs two, at its start and at its end.
	switch kind := watch.Triggers[0].Kind; {
	case memory != nil || kind == "gcHeap" || kind == "gcGeneration":
	case watch.Profiler:
		words = append(words, "-n", "1")
	default:
		words = append(words, "-n", strconv.Itoa(watch.Dumps))
	}
	if pause, paused := pauseOf(p, watch); paused {
		words = append(words, "-s", strconv.FormatInt(pause, 10))
	}
	if p.DumpMask != "" && !watch.Profiler {
		words = append(words, "-mc", p.DumpMask)
	}
	for _, trigger := range watch.Triggers {
		more, err := triggerSwitches(p, watch, trigger, taken)
		if err != nil {
			return nil, err
		}
		words = append(words, more...)
	}
	return words, nil
}

// OnDemand returns the words for a dump that a person asks for.
func OnDemand(p *plan.Plan) []string {
	if p.DumpMask == "" {
		return []string{"-n", "1"}
	}
	return []string{"-n", "1", "-mc", p.DumpMask}
}

func pauseOf(p *plan.Plan, watch plan.Watch) (int64, bool) {
	if watch.Triggers[0].Kind == "timer" {
		return watch.Triggers[0].IntervalSeconds, true
	}
	return p.Limits.CooldownSeconds, !watch.Profiler
}

func memoryOf(watch plan.Watch) *plan.Trigger {
	for i, trigger := range watch.Triggers {
		if trigger.Kind == "memory" {
			return &watch.Triggers[i]
		}
	}
	return nil
}

// The table of the triggers and their switches.
func triggerSwitches(p *plan.Plan, watch plan.Watch, t plan.Trigger, taken int) ([]string, error) {
	choose := func(above, below string) string {
		if t.Below {
			return below
		}
		return above
	}
	switch t.Kind {
	case "averageCpu":
		return []string{choose("-c", "-cl"), number(t.Percent)}, nil
	case "memory":
		list, err := thresholds(p, t)
		return []string{choose("-m", "-ml"), join(rest(padded(list, watch), taken))}, err
	case "threads":
		return []string{"-tc", strconv.FormatInt(t.Count, 10)}, nil
	case "fileDescriptors":
		return []string{"-fc", strconv.FormatInt(t.Count, 10)}, nil
	case "cpu":
		return []string{choose("-pc", "-pcl"), "System.Runtime:cpu-usage", number(t.Percent)}, nil
	case "counter":
		if t.Threshold == nil {
			return nil, fmt.Errorf("trigger counter has no threshold")
		}
		return []string{choose("-pc", "-pcl"), t.Counter, number(*t.Threshold)}, nil
	case "gcHeap":
		if len(t.ThresholdsMebibytes) == 0 {
			return nil, fmt.Errorf("trigger gcHeap has no thresholds")
		}
		heap := t.Heap
		if heap != "" {
			heap += ":"
		}
		return []string{"-gcm", heap + join(rest(t.ThresholdsMebibytes, taken)[:1])}, nil
	case "gcGeneration":
		if t.Generation == nil {
			return nil, fmt.Errorf("trigger gcGeneration has no generation")
		}
		return []string{"-gcgen", strconv.Itoa(*t.Generation)}, nil
	case "exception":
		if len(t.Exceptions) == 0 {
			return []string{"-e"}, nil
		}
		return []string{"-e", "-f", strings.Join(t.Exceptions, ",")}, nil
	case "signal":
		numbers := make([]int64, len(t.Signals))
		for i, signal := range t.Signals {
			numbers[i] = int64(signal)
		}
		return []string{"-sig", join(numbers)}, nil
	case "timer":
		return nil, nil
	}
	return nil, fmt.Errorf("trigger '%s' is not known to contract %s", t.Kind, plan.Contract)
}

// The limit may be 0 where the container has none and the node's memory does not count.
func thresholds(p *plan.Plan, t plan.Trigger) ([]int64, error) {
	if len(t.ThresholdsPercentOfLimit) == 0 {
		return t.ThresholdsMebibytes, nil
	}
	limit, err := strconv.ParseInt(p.Pod.MemoryLimitMebibytes, 10, 64)
	if err != nil || limit <= 0 || limit > 1<<40 {
		return nil, fmt.Errorf("found TARGET_MEMORY_LIMIT_MIB '%s' and a percent of it, expected whole MiB: give "+
			"the target container a memory limit or use absolute sizes", p.Pod.MemoryLimitMebibytes)
	}
	list := make([]int64, len(t.ThresholdsPercentOfLimit))
	for i, percent := range t.ThresholdsPercentOfLimit {
		list[i] = limit * percent / 100
	}
	return list, nil
}

// The length of the list is the number of dumps of the whole command line: ProcDump refuses -n beside it, or reads
// past the end of the list. Where other triggers share the command line, the last threshold is repeated.
func padded(list []int64, watch plan.Watch) []int64 {
	all := append([]int64{}, list...)
	for len(watch.Triggers) > 1 && len(all) > 0 && len(all) < watch.Dumps {
		all = append(all, all[len(all)-1])
	}
	return all
}

// A list of thresholds goes on where the ProcDump before it was ended.
func rest(list []int64, taken int) []int64 {
	if taken > 0 && len(list) > taken {
		return list[taken:]
	}
	return list
}

func join(list []int64) string {
	words := make([]string, len(list))
	for i, value := range list {
		words[i] = strconv.FormatInt(value, 10)
	}
	return strings.Join(words, ",")
}

func number(value float64) string { return strconv.FormatFloat(value, 'f', -1, 64) }
