package plan

import (
	"fmt"
	"strconv"
	"strings"

	"cdk8s-procdump/agent/internal/setting"
	"cdk8s-procdump/agent/internal/statefile"
)

// Kinds of triggers.
const (
	AverageCPU      = "averageCpu"
	Counter         = "counter"
	CPU             = "cpu"
	Exception       = "exception"
	FileDescriptors = "fileDescriptors"
	GCGeneration    = "gcGeneration"
	GCHeap          = "gcHeap"
	Memory          = "memory"
	Signal          = "signal"
	Threads         = "threads"
	Timer           = "timer"
)

// Trigger is one reason for a dump. Kind determines which other fields it has.
type Trigger struct {
	Kind string `json:"kind"`
	// Dumps is how many dumps limits.dumpsPerProcess reserves for the trigger: one for each threshold.
	Dumps int `json:"dumps"`
	// Repeats is whether it may take more dumps, as long as the limit has room that is not reserved for other triggers.
	Repeats                  bool     `json:"repeats,omitempty"`
	Below                    bool     `json:"below,omitempty"`
	Percent                  float64  `json:"percent,omitempty"`
	ThresholdsMebibytes      []int64  `json:"thresholdsMebibytes,omitempty"`
	ThresholdsPercentOfLimit []int64  `json:"thresholdsPercentOfLimit,omitempty"`
	Count                    int64    `json:"count,omitempty"`
	Counter                  string   `json:"counter,omitempty"`
	Threshold                *float64 `json:"threshold,omitempty"`
	IntervalSeconds          int64    `json:"intervalSeconds,omitempty"`
	Heap                     string   `json:"heap,omitempty"`
	Generation               *int     `json:"generation,omitempty"`
	Exceptions               []string `json:"exceptions,omitempty"`
	Signals                  []int    `json:"signals,omitempty"`
}

// Arm is a trigger that is armed for its next dump.
type Arm struct {
	// Trigger is the trigger's index in the watch.
	Trigger int
	// Threshold is in the trigger's unit, MiB for memory; nil without a threshold.
	Threshold *float64
	// Text is the trigger as the user wrote it, with this threshold only.
	Text string
}

// Same reports whether two arms wait for the same event.
func (a Arm) Same(other Arm) bool {
	return a.Text == other.Text && a.Trigger == other.Trigger && (a.Threshold == nil) == (other.Threshold == nil) &&
		(a.Threshold == nil || *a.Threshold == *other.Threshold)
}

// PerfCounter returns the counter of a trigger in ProcDump's syntax.
func (t Trigger) PerfCounter() string {
	if t.Kind == CPU {
		return "System.Runtime:cpu-usage"
	}
	return t.Counter
}

// SignalList returns the numbers of the signals, separated by commas.
func (t Trigger) SignalList() string {
	numbers := make([]string, len(t.Signals))
	for i, signal := range t.Signals {
		numbers[i] = strconv.Itoa(signal)
	}
	return strings.Join(numbers, ",")
}

// AtOnce returns how many dumps a trigger takes when it fires: a collection has one at its start and one at its end.
func (t Trigger) AtOnce() int {
	if t.Kind == GCGeneration {
		return 2
	}
	return 1
}

// AtOnce returns how many dumps a watch takes at most when it fires.
func (w Watch) AtOnce() int {
	most := 1
	for _, trigger := range w.Triggers {
		most = max(most, trigger.AtOnce())
	}
	return most
}

// Arm returns a trigger for its next dump. Taken is the number of its complete dumps, place its index in the watch.
func (t Trigger) Arm(place, taken int) (Arm, error) {
	arm := Arm{Trigger: place}
	var threshold float64
	var err error
	switch t.Kind {
	case AverageCPU, CPU:
		threshold, arm.Text = t.Percent, t.crossing(t.Kind)+" "+Number(t.Percent)
	case Memory:
		threshold, arm.Text, err = t.armMemory(taken)
	case Threads, FileDescriptors:
		threshold, arm.Text = float64(t.Count), fmt.Sprintf("%sAbove %d", t.Kind, t.Count)
	case Counter:
		if t.Threshold == nil {
			return arm, fmt.Errorf("trigger counter has no threshold")
		}
		threshold, arm.Text = *t.Threshold, t.crossing(t.Kind)+" "+t.Counter+" "+Number(*t.Threshold)
	case GCHeap:
		if len(t.ThresholdsMebibytes) == 0 {
			return arm, fmt.Errorf("trigger gcHeap has no thresholds")
		}
		threshold = float64(next(t.ThresholdsMebibytes, taken))
		arm.Text = strings.Replace(fmt.Sprintf("gcHeapAbove %s %s MiB", t.Heap, Number(threshold)), "  ", " ", 1)
	case GCGeneration:
		if t.Generation == nil {
			return arm, fmt.Errorf("trigger gcGeneration has no generation")
		}
		arm.Text = fmt.Sprintf("gcGeneration %d", *t.Generation)
		return arm, nil
	case Exception:
		arm.Text = strings.TrimSpace("exception " + strings.Join(t.Exceptions, ","))
		return arm, nil
	case Signal:
		arm.Text = "signal " + t.SignalList()
		return arm, nil
	case Timer:
		arm.Text = fmt.Sprintf("every %d s", t.IntervalSeconds)
		return arm, nil
	default:
		return arm, fmt.Errorf("trigger '%s' is not known to contract %s", t.Kind, Contract)
	}
	arm.Threshold = &threshold
	return arm, err
}

func (t Trigger) armMemory(taken int) (float64, string, error) {
	if len(t.ThresholdsPercentOfLimit) == 0 {
		if len(t.ThresholdsMebibytes) == 0 {
			return 0, "", fmt.Errorf("trigger memory has no thresholds")
		}
		size := next(t.ThresholdsMebibytes, taken)
		return float64(size), fmt.Sprintf("%s %d MiB", t.crossing(Memory), size), nil
	}
	percent := next(t.ThresholdsPercentOfLimit, taken)
	limit, err := memoryLimit()
	return float64(limit * percent / 100), fmt.Sprintf("%sLimit %d %%", t.crossing(Memory), percent), err
}

func (t Trigger) crossing(kind string) string {
	if t.Below {
		return kind + "Below"
	}
	return kind + "Above"
}

func next(list []int64, taken int) int64 { return list[min(taken, len(list)-1)] }

// memoryLimit returns the limit in force, because the kubelet updates the file. The file contains 0 if the container
// has no limit and the node's memory is not used instead.
func memoryLimit() (int64, error) {
	text := strings.TrimSpace(statefile.Read(setting.MemoryLimitFile, 100))
	limit, err := strconv.ParseInt(text, 10, 64)
	if err != nil || limit <= 0 || limit > 1<<40 {
		return 0, fmt.Errorf("found '%s' in %s for a threshold in percent, expected whole MiB: give the target container a "+
			"memory limit or use absolute sizes", text, setting.MemoryLimitFile)
	}
	return limit, nil
}

// Number formats a number for ProcDump, without an exponent.
func Number(value float64) string { return strconv.FormatFloat(value, 'f', -1, 64) }
