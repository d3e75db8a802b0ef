// Package procdump contains the command line of ProcDump for Linux and its behaviour as a process.
package procdump

import (
	"fmt"
	"strconv"
	"strings"

	"cdk8s-procdump/agent/internal/plan"
)

// Switches returns the arguments of a watch for one dump, without process id and folder, in an order that ProcDump does
// not misread. Arms are the triggers to wait for.
func Switches(p *plan.Plan, watch plan.Watch, arms []plan.Arm) ([]string, error) {
	words := []string{}
	// ProcDump takes both dumps of a collection by itself and refuses -n.
	if watch.Triggers[0].Kind != plan.GCGeneration {
		words = append(words, "-n", "1")
	}
	if p.DumpMask != "" && !watch.Profiler {
		words = append(words, "-mc", p.DumpMask)
	}
	for _, arm := range arms {
		more, err := triggerSwitches(watch.Triggers[arm.Trigger], arm)
		if err != nil {
			return nil, err
		}
		words = append(words, more...)
	}
	return words, nil
}

// OnDemand returns the arguments for a dump on demand.
func OnDemand(p *plan.Plan) []string {
	if p.DumpMask == "" {
		return []string{"-n", "1"}
	}
	return []string{"-n", "1", "-mc", p.DumpMask}
}

// triggerSwitches returns the switches of a trigger.
func triggerSwitches(t plan.Trigger, arm plan.Arm) ([]string, error) {
	choose := func(above, below string) string {
		if t.Below {
			return below
		}
		return above
	}
	threshold := ""
	if arm.Threshold != nil {
		threshold = plan.Number(*arm.Threshold)
	}
	switch t.Kind {
	case plan.AverageCPU:
		return []string{choose("-c", "-cl"), threshold}, nil
	case plan.Memory:
		return []string{choose("-m", "-ml"), threshold}, nil
	case plan.Threads:
		return []string{"-tc", threshold}, nil
	case plan.FileDescriptors:
		return []string{"-fc", threshold}, nil
	case plan.CPU, plan.Counter:
		return []string{choose("-pc", "-pcl"), t.PerfCounter(), threshold}, nil
	case plan.GCHeap:
		if t.Heap != "" {
			threshold = t.Heap + ":" + threshold
		}
		return []string{"-gcm", threshold}, nil
	case plan.GCGeneration:
		return []string{"-gcgen", strconv.Itoa(*t.Generation)}, nil
	case plan.Exception:
		if len(t.Exceptions) == 0 {
			return []string{"-e"}, nil
		}
		return []string{"-e", "-f", strings.Join(t.Exceptions, ",")}, nil
	case plan.Signal:
		return []string{"-sig", t.SignalList()}, nil
	case plan.Timer:
		return nil, nil
	}
	return nil, fmt.Errorf("trigger '%s' is not known to contract %s", t.Kind, plan.Contract)
}
