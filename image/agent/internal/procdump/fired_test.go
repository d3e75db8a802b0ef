package procdump

import (
	"strings"
	"testing"

	"cdk8s-procdump/agent/internal/plan"
)

// The lines are the output of ProcDump 3.5.2.
func TestWhoFired(t *testing.T) {
	watch := plan.Watch{Triggers: []plan.Trigger{
		{Kind: plan.AverageCPU, Percent: 50}, {Kind: plan.Memory, ThresholdsMebibytes: []int64{100}},
		{Kind: plan.Threads, Count: 20}, {Kind: plan.FileDescriptors, Count: 30}, {Kind: plan.CPU, Percent: 80},
		{Kind: plan.Counter, Counter: "P:a[p95]", Threshold: value(1.5)},
		{Kind: plan.Counter, Counter: "P:a", Threshold: value(2.0)},
	}}
	const process = " on process ID: 7"
	for _, row := range []struct {
		lines, name, expected string
		value                 float64
	}{
		{"Trigger: Commit usage:121MB" + process, "web_commit_261127_101010", "memoryAbove 100 MiB", 121},
		{"Trigger: Thread count:21" + process, "web_thread_261127_101010.7", "threadsAbove 20", 21},
		{"Trigger: CPU usage:51%" + process, "web_cpu_261127_101010", "averageCpuAbove 50", 51},
		{"", "web_filedesc_261127_101010", "fileDescriptorsAbove 30", -1},
		{"Trigger: System.Runtime:cpu-usage value:81.2500 threshold:80.0000" + process, "web_perfcounter_261127_101010",
			"cpuAbove 80", 81.25},
		{"Trigger: p:A value:1.6000 threshold:1.5000" + process, "web_perfcounter_261127_101010",
			"counterAbove P:a[p95] 1.5", 1.6},
		{"Trigger: P:a value:3.0000 threshold:2.0000" + process, "web_perfcounter_261127_101010", "counterAbove P:a 2", 3},
		// Two triggers fire, and one of them gets the dump.
		{"Trigger: Commit usage:121MB" + process + "\nTrigger: Thread count:21" + process, "web_thread_261127_101010",
			"threadsAbove 20", 21},
		// The output of ProcDump was lost with the agent.
		{"", "web_commit_261127_101010", "memoryAbove 100 MiB", -1},
		{"", "web_perfcounter_261127_101010", "cpuAbove 80 or counterAbove P:a[p95] 1.5 or counterAbove P:a 2", -1},
	} {
		var fired []Fired
		for _, line := range strings.Split(row.lines, "\n") {
			if one, ok := ParseFired(line); ok {
				fired = append(fired, one)
			}
		}
		chosen, value := Chosen(watch, arms(t, watch, 0), row.name, fired)
		texts := []string{}
		for _, arm := range chosen {
			texts = append(texts, arm.Text)
		}
		if got := strings.Join(texts, " or "); got != row.expected {
			t.Errorf("%s: got %q, expected %q", row.name, got, row.expected)
		}
		if (value == nil) != (row.value == -1) || value != nil && *value != row.value {
			t.Errorf("%s: got value %v, expected %v", row.name, value, row.value)
		}
	}
}

func FuzzParseFired(f *testing.F) {
	f.Add("Trigger: Commit usage:121MB on process ID: 7")
	f.Add("Trigger: P:a value:3.0000 threshold:2.0000 on process ID: 7")
	f.Fuzz(func(t *testing.T, text string) {
		if fired, ok := ParseFired(text); ok && len(fired.Kinds) == 0 {
			t.Fatal(text)
		}
	})
}
