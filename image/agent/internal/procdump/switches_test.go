package procdump

import (
	"bufio"
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"

	"cdk8s-procdump/agent/internal/plan"
	"cdk8s-procdump/agent/internal/setting"
)

func value[T any](v T) *T { return &v }

func arms(t *testing.T, watch plan.Watch, taken int) []plan.Arm {
	var arms []plan.Arm
	for i, trigger := range watch.Triggers {
		arm, err := trigger.Arm(i, taken)
		if err != nil {
			t.Fatal(err)
		}
		arms = append(arms, arm)
	}
	return arms
}

func TestSwitches(t *testing.T) {
	setting.MemoryLimitFile = t.TempDir() + "/limit"
	os.WriteFile(setting.MemoryLimitFile, []byte("1023"), 0o600)
	memory := plan.Trigger{Kind: plan.Memory, ThresholdsMebibytes: []int64{100, 200}}
	limit := plan.Trigger{Kind: plan.Memory, ThresholdsPercentOfLimit: []int64{75, 90}}
	threads := plan.Trigger{Kind: plan.Threads, Count: 20}
	heap := plan.Trigger{Kind: plan.GCHeap, Heap: "LOH", ThresholdsMebibytes: []int64{100, 200}}
	of := func(triggers ...plan.Trigger) plan.Watch { return plan.Watch{Triggers: triggers} }
	profiled := func(trigger plan.Trigger) plan.Watch {
		return plan.Watch{Profiler: true, Triggers: []plan.Trigger{trigger}}
	}
	for _, row := range []struct {
		watch          plan.Watch
		taken          int
		expected, text string
	}{
		{of(plan.Trigger{Kind: plan.CPU, Percent: 80.5}), 0, "-n 1 -pc System.Runtime:cpu-usage 80.5", "cpuAbove 80.5"},
		{of(plan.Trigger{Kind: plan.AverageCPU, Below: true, Percent: 5}), 0, "-n 1 -cl 5", "averageCpuBelow 5"},
		{of(memory), 0, "-n 1 -m 100", "memoryAbove 100 MiB"},
		{of(memory), 1, "-n 1 -m 200", "memoryAbove 200 MiB"},
		{of(memory), 2, "-n 1 -m 200", "memoryAbove 200 MiB"},
		{of(memory, threads), 0, "-n 1 -m 100 -tc 20", "memoryAbove 100 MiB or threadsAbove 20"},
		{of(limit), 0, "-n 1 -m 767", "memoryAboveLimit 75 %"},
		{of(limit), 1, "-n 1 -m 920", "memoryAboveLimit 90 %"},
		{of(plan.Trigger{Kind: plan.Memory, Below: true, ThresholdsMebibytes: []int64{7}}), 0, "-n 1 -ml 7",
			"memoryBelow 7 MiB"},
		{of(plan.Trigger{Kind: plan.FileDescriptors, Count: 7}), 0, "-n 1 -fc 7", "fileDescriptorsAbove 7"},
		{of(plan.Trigger{Kind: plan.Counter, Counter: "P:a[p95]", Threshold: value(0.0)}), 0, "-n 1 -pc P:a[p95] 0",
			"counterAbove P:a[p95] 0"},
		{of(plan.Trigger{Kind: plan.Counter, Below: true, Counter: "P:a", Threshold: value(1e20)}), 0,
			"-n 1 -pcl P:a 100000000000000000000", "counterBelow P:a 100000000000000000000"},
		{of(plan.Trigger{Kind: plan.Timer, IntervalSeconds: 60}), 0, "-n 1", "every 60 s"},
		{profiled(heap), 0, "-n 1 -gcm LOH:100", "gcHeapAbove LOH 100 MiB"},
		{profiled(heap), 1, "-n 1 -gcm LOH:200", "gcHeapAbove LOH 200 MiB"},
		{profiled(plan.Trigger{Kind: plan.GCHeap, ThresholdsMebibytes: []int64{1}}), 0, "-n 1 -gcm 1",
			"gcHeapAbove 1 MiB"},
		{profiled(plan.Trigger{Kind: plan.GCGeneration, Generation: value(0)}), 0, "-gcgen 0", "gcGeneration 0"},
		{profiled(plan.Trigger{Kind: plan.Exception}), 0, "-n 1 -e", "exception"},
		{profiled(plan.Trigger{Kind: plan.Exception, Exceptions: []string{"A*", "B"}}), 2, "-n 1 -e -f A*,B",
			"exception A*,B"},
		{of(plan.Trigger{Kind: plan.Signal, Signals: []int{10, 12}}), 0, "-n 1 -sig 10,12", "signal 10,12"},
	} {
		list := arms(t, row.watch, row.taken)
		words, err := Switches(&plan.Plan{}, row.watch, list)
		texts := []string{}
		for _, arm := range list {
			texts = append(texts, arm.Text)
		}
		if got := strings.Join(words, " "); err != nil || got != row.expected {
			t.Errorf("got %q (%v), expected %q", got, err, row.expected)
		}
		if got := strings.Join(texts, " or "); got != row.text {
			t.Errorf("got %q, expected %q", got, row.text)
		}
	}
}

func TestTheMaskIsForNativeDumps(t *testing.T) {
	p := &plan.Plan{DumpMask: "10"}
	watch := plan.Watch{Triggers: []plan.Trigger{{Kind: plan.Threads, Count: 1}}}
	words, _ := Switches(p, watch, arms(t, watch, 0))
	if got := strings.Join(words, " "); got != "-n 1 -mc 10 -tc 1" {
		t.Errorf("got %q", got)
	}
	if got := strings.Join(OnDemand(p), " "); got != "-n 1 -mc 10" {
		t.Errorf("got %q", got)
	}
}

func TestWhatIsMissingIsAnError(t *testing.T) {
	for _, trigger := range []plan.Trigger{
		{Kind: "weather"}, {Kind: plan.Counter}, {Kind: plan.GCHeap}, {Kind: plan.GCGeneration}, {Kind: plan.Memory},
		{Kind: plan.Memory, ThresholdsPercentOfLimit: []int64{75}},
	} {
		setting.MemoryLimitFile = "/none"
		if _, err := trigger.Arm(0, 0); err == nil {
			t.Errorf("%v is no error", trigger)
		}
	}
}

// The library's tests use a model of this table to check that ProcDump accepts a plan. The agent's tests write a file
// of plans and arguments according to that model.
func TestTheModelOfTheLibraryAgrees(t *testing.T) {
	path := os.Getenv("SWITCHES_OF_THE_MODEL")
	if path == "" {
		t.Skip("SWITCHES_OF_THE_MODEL names no file")
	}
	setting.MemoryLimitFile = t.TempDir() + "/limit"
	os.WriteFile(setting.MemoryLimitFile, []byte("100"), 0o600)
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	count := 0
	for lines := bufio.NewScanner(file); lines.Scan(); count++ {
		var line struct {
			DumpMask string
			Watch    plan.Watch
			Words    []string
		}
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		p := &plan.Plan{DumpMask: line.DumpMask}
		words, err := Switches(p, line.Watch, arms(t, line.Watch, 0))
		for i, word := range line.Words {
			if i > 0 && (line.Words[i-1] == "-m" || line.Words[i-1] == "-ml") {
				line.Words[i] = strings.ReplaceAll(word, "%", "") // percent of 100 MiB
			}
		}
		if err != nil || !reflect.DeepEqual(words, line.Words) {
			t.Fatalf("%s: got %v (%v)", lines.Text(), words, err)
		}
	}
	if count == 0 {
		t.Fatal("the file is empty")
	}
}

func FuzzParseLine(f *testing.F) {
	f.Add("[12:34:56 - INFO]: Core dump 0 generated: /dumps/a")
	f.Add("ProcDump v3.5.2 - Sysinternals")
	f.Fuzz(func(t *testing.T, line string) {
		level, text := ParseLine(line)
		if level == "" || len(text) > len(line) {
			t.Fatal(level, text)
		}
		banner.FindStringSubmatch(text)
		if path := Claimed(text); path != "" && path[0] != '/' {
			t.Fatal(path)
		}
	})
}
