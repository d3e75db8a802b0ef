package procdump

import (
	"bufio"
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"

	"cdk8s-procdump/agent/internal/plan"
)

func value[T any](v T) *T { return &v }

func TestSwitches(t *testing.T) {
	memory := plan.Trigger{Kind: "memory", ThresholdsMebibytes: []int64{100, 200}}
	limit := plan.Trigger{Kind: "memory", ThresholdsPercentOfLimit: []int64{75, 90}}
	threads := plan.Trigger{Kind: "threads", Count: 20}
	heap := plan.Trigger{Kind: "gcHeap", Heap: "LOH", ThresholdsMebibytes: []int64{100, 200}}
	for _, row := range []struct {
		name     string
		watch    plan.Watch
		taken    int
		expected string
	}{
		{"cpu", plan.Watch{Dumps: 3, Triggers: []plan.Trigger{{Kind: "cpu", Percent: 80.5}}}, 0,
			"-n 3 -s 600 -pc System.Runtime:cpu-usage 80.5"},
		{"averageCpu below", plan.Watch{Dumps: 3, Triggers: []plan.Trigger{{Kind: "averageCpu", Below: true,
			Percent: 5}}}, 0, "-n 3 -s 600 -cl 5"},
		{"memory", plan.Watch{Dumps: 2, Triggers: []plan.Trigger{memory}}, 0, "-s 600 -m 100,200"},
		{"memory after a dump", plan.Watch{Dumps: 2, Triggers: []plan.Trigger{memory}}, 1, "-s 600 -m 200"},
		{"memory after the last dump", plan.Watch{Dumps: 2, Triggers: []plan.Trigger{memory}}, 2, "-s 600 -m 100,200"},
		{"memory beside threads", plan.Watch{Dumps: 4, Triggers: []plan.Trigger{memory, threads}}, 0,
			"-s 600 -m 100,200,200,200 -tc 20"},
		{"memory beside threads after a dump", plan.Watch{Dumps: 4, Triggers: []plan.Trigger{memory, threads}}, 1,
			"-s 600 -m 200,200,200 -tc 20"},
		{"a share of the limit", plan.Watch{Dumps: 2, Triggers: []plan.Trigger{limit}}, 0, "-s 600 -m 767,920"},
		{"file descriptors", plan.Watch{Dumps: 1, Triggers: []plan.Trigger{{Kind: "fileDescriptors", Count: 7}}}, 0,
			"-n 1 -s 600 -fc 7"},
		{"counter of 0", plan.Watch{Dumps: 1, Triggers: []plan.Trigger{{Kind: "counter", Counter: "P:a[p95]",
			Threshold: value(0.0)}}}, 0, "-n 1 -s 600 -pc P:a[p95] 0"},
		{"a large threshold has no exponent", plan.Watch{Dumps: 1, Triggers: []plan.Trigger{{Kind: "counter",
			Below: true, Counter: "P:a", Threshold: value(1e20)}}}, 0, "-n 1 -s 600 -pcl P:a 100000000000000000000"},
		{"timer", plan.Watch{Dumps: 2, Triggers: []plan.Trigger{{Kind: "timer", IntervalSeconds: 60}}}, 0,
			"-n 2 -s 60"},
		{"heap", plan.Watch{Dumps: 2, Profiler: true, Triggers: []plan.Trigger{heap}}, 0, "-gcm LOH:100"},
		{"heap after a dump", plan.Watch{Dumps: 2, Profiler: true, Triggers: []plan.Trigger{heap}}, 1, "-gcm LOH:200"},
		{"generation 0", plan.Watch{Dumps: 2, Profiler: true, Triggers: []plan.Trigger{{Kind: "gcGeneration",
			Generation: value(0)}}}, 0, "-gcgen 0"},
		{"exception", plan.Watch{Dumps: 3, Profiler: true, Triggers: []plan.Trigger{{Kind: "exception"}}}, 0,
			"-n 1 -e"},
		{"exceptions", plan.Watch{Dumps: 3, Profiler: true, Triggers: []plan.Trigger{{Kind: "exception",
			Exceptions: []string{"A*", "B"}}}}, 2, "-n 1 -e -f A*,B"},
		{"signals", plan.Watch{Dumps: 3, Triggers: []plan.Trigger{{Kind: "signal", Signals: []int{10, 12}}}}, 0,
			"-n 3 -s 600 -sig 10,12"},
	} {
		p := &plan.Plan{Limits: plan.Limits{CooldownSeconds: 600}, Pod: plan.Pod{MemoryLimitMebibytes: "1023"}}
		words, err := Switches(p, row.watch, row.taken)
		if got := strings.Join(words, " "); err != nil || got != row.expected {
			t.Errorf("%s: got %q (%v), expected %q", row.name, got, err, row.expected)
		}
	}
}

func TestTheMaskIsForNativeDumps(t *testing.T) {
	p := &plan.Plan{DumpMask: "10"}
	words, _ := Switches(p, plan.Watch{Dumps: 1, Triggers: []plan.Trigger{{Kind: "threads", Count: 1}}}, 0)
	if got := strings.Join(words, " "); got != "-n 1 -s 0 -mc 10 -tc 1" {
		t.Errorf("got %q", got)
	}
	if got := strings.Join(OnDemand(p), " "); got != "-n 1 -mc 10" {
		t.Errorf("got %q", got)
	}
}

func TestWhatIsMissingIsAnError(t *testing.T) {
	for _, trigger := range []plan.Trigger{
		{Kind: "weather"}, {Kind: "counter"}, {Kind: "gcHeap"}, {Kind: "gcGeneration"},
		{Kind: "memory", ThresholdsPercentOfLimit: []int64{75}},
	} {
		if _, err := Switches(&plan.Plan{}, plan.Watch{Triggers: []plan.Trigger{trigger}}, 0); err == nil {
			t.Errorf("%v is no error", trigger)
		}
	}
}

// The library's tests ask a model of this table whether ProcDump takes what a plan becomes. The proof of the agent
// writes lines of plan and words, by that model.
func TestTheModelOfTheLibraryAgrees(t *testing.T) {
	path := os.Getenv("SWITCHES_OF_THE_MODEL")
	if path == "" {
		t.Skip("SWITCHES_OF_THE_MODEL names no file")
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	count := 0
	for lines := bufio.NewScanner(file); lines.Scan(); count++ {
		var line struct {
			DumpMask        string
			CooldownSeconds int64
			Watch           plan.Watch
			Words           []string
		}
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		p := &plan.Plan{DumpMask: line.DumpMask, Limits: plan.Limits{CooldownSeconds: line.CooldownSeconds},
			Pod: plan.Pod{MemoryLimitMebibytes: "100"}}
		words, err := Switches(p, line.Watch, 0)
		for i, word := range line.Words {
			if i > 0 && (line.Words[i-1] == "-m" || line.Words[i-1] == "-ml") {
				line.Words[i] = strings.ReplaceAll(word, "%", "") // of 100 MiB
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
