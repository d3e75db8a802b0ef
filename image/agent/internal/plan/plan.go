// Package plan is the contract between the manifest and the agent.
package plan

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
)

// Contract is the version of the plan that this agent understands.
const Contract = "3"

// Runtimes of targets.
const (
	Dotnet = "dotnet"
	Native = "native"
)

// Plan is all that the manifest says. The JSON schema plan.schema.json describes it.
type Plan struct {
	Runtime       string `json:"runtime"`
	Container     string `json:"container"`
	ProcessName   string `json:"processName,omitempty"`
	DumpDirectory string `json:"dumpDirectory"`
	DumpMask      string `json:"dumpMask,omitempty"`
	CrashDumps    bool   `json:"crashDumps,omitempty"`
	Limits        Limits `json:"limits"`
	// SpoolMebibytes is the size of a dump directory on the node's disk; 0 where it is in a store.
	SpoolMebibytes int64     `json:"spoolMebibytes,omitempty"`
	Store          *Store    `json:"store,omitempty"`
	Retention      Retention `json:"retention"`
	Watches        []Watch   `json:"watches"`

	// Pod is not part of the JSON: it comes from the environment.
	Pod Pod `json:"-"`
}

// Limits are the bounds of what triggers may take.
type Limits struct {
	DumpsPerProcess int   `json:"dumpsPerProcess"`
	DumpsPerPod     int   `json:"dumpsPerPod"`
	CooldownSeconds int64 `json:"cooldownSeconds"`
}

// Store is where dumps are published. Without one ProcDump writes to the store itself.
type Store struct {
	Directory           string `json:"directory"`
	DrainTimeoutSeconds int64  `json:"drainTimeoutSeconds"`
	// Mebibytes is the size of a store on the node's disk; 0 elsewhere.
	Mebibytes int64 `json:"mebibytes,omitempty"`
}

// Retention is what the store keeps of this workload. Zero is no bound.
type Retention struct {
	AgeSeconds int64 `json:"ageSeconds,omitempty"`
	Count      int   `json:"count,omitempty"`
	Mebibytes  int64 `json:"mebibytes,omitempty"`
}

// Any tells whether there is a bound.
func (r Retention) Any() bool { return r != Retention{} }

// Watch is one ProcDump for each target process.
type Watch struct {
	// Name is that of the folder of its dumps.
	Name string `json:"name"`
	// Dumps is how many it may take of a process.
	Dumps int `json:"dumps"`
	// Profiler tells whether ProcDump loads its profiler into the target.
	Profiler bool `json:"profiler,omitempty"`
	// LeavesTargetStopped tells whether the user accepted that.
	LeavesTargetStopped bool      `json:"leavesTargetStopped,omitempty"`
	Triggers            []Trigger `json:"triggers"`
}

// Trigger is one reason for a dump. Kind decides which other fields it has.
type Trigger struct {
	Kind                     string   `json:"kind"`
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

// Pod is what the downward API tells.
type Pod struct {
	Name, Namespace, UID, Node, Image string
	// TemporaryDirectory holds the sockets of the .NET runtime.
	TemporaryDirectory string
	// MemoryLimitMebibytes is the memory limit of the target's container, as it was written.
	MemoryLimitMebibytes string
}

// Spooled tells whether dumps are published from a spool.
func (p *Plan) Spooled() bool { return p.Store != nil }

// PodDirectory is the folder of this pod in the dump directory.
func (p *Plan) PodDirectory() string { return p.DumpDirectory + "/" + p.Pod.Name }

// CrashDirectory is where the .NET runtime writes dumps of crashes.
func (p *Plan) CrashDirectory() string { return p.DumpDirectory + "/crash" }

// FromArguments returns the plan of `run --contract 3 --plan JSON`.
func FromArguments(words []string) (*Plan, error) {
	word := func(i int) string {
		if i < len(words) {
			return words[i]
		}
		return ""
	}
	if word(0) != "run" {
		return nil, fmt.Errorf("found command '%s', expected 'run': set the container's args to run --contract %s --plan ...", word(0), Contract)
	}
	if word(1) != "--contract" {
		return nil, fmt.Errorf("found '%s' after run, expected --contract %s: the manifest was not made for this image", word(1), Contract)
	}
	if word(2) != Contract {
		return nil, otherContract(word(2))
	}
	if word(3) != "--plan" || len(words) != 5 {
		return nil, fmt.Errorf("found '%s' after the contract, expected --plan and one JSON object: contract %s has nothing else", strings.Join(words[3:], " "), Contract)
	}
	return Parse(words[4])
}

func otherContract(found string) error {
	older := "the image is older than the manifest"
	if len(found) < len(Contract) || len(found) == len(Contract) && found < Contract {
		older = "the manifest is older than the image"
	}
	return fmt.Errorf("found contract '%s', this image speaks contract %s, so %s: use a sidecar image of the release of cdk8s-procdump that made the manifest", found, Contract, older)
}

// Parse returns a plan that is checked, with the environment's part.
func Parse(text string) (*Plan, error) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	plan := &Plan{}
	if err := decoder.Decode(plan); err != nil {
		return nil, fmt.Errorf("found a plan that contract %s does not have (%v): use the sidecar image of the release that made the manifest", Contract, err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, fmt.Errorf("found more than one JSON object in the plan, expected one: correct the manifest")
	}
	plan.readEnvironment()
	return plan, plan.check()
}

// JSON is what the commands for people read.
func (p *Plan) JSON() []byte {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.Encode(p)
	return text.Bytes()
}

func (p *Plan) readEnvironment() {
	p.Pod = Pod{
		Name: os.Getenv("POD_NAME"), Namespace: os.Getenv("POD_NAMESPACE"), UID: os.Getenv("POD_UID"),
		Node: os.Getenv("NODE_NAME"), Image: os.Getenv("TARGET_IMAGE"),
		TemporaryDirectory: "/tmp", MemoryLimitMebibytes: os.Getenv("TARGET_MEMORY_LIMIT_MIB"),
	}
	if directory, given := os.LookupEnv("TMPDIR"); given {
		p.Pod.TemporaryDirectory = directory
	}
}

var (
	label = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?$`)
	// ProcDump refuses every other character in a dump's path, at the time of the dump.
	path        = regexp.MustCompile(`^/[A-Za-z0-9/._-]*[A-Za-z0-9._-]$`)
	processName = regexp.MustCompile(`^[^-/\s][^/\s]*$`)
	mask        = regexp.MustCompile(`^[0-7]?[0-9A-Fa-f]{1,7}$`)
	podName     = regexp.MustCompile(`^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$`)
	watchName   = regexp.MustCompile(`^[a-z0-9-]+$`)
	temporary   = regexp.MustCompile(`^/.*[^/]$`)
)

const (
	maxDumps     = 9999
	maxSeconds   = 9_999_999_999
	maxMebibytes = 999_999_999
)

func (p *Plan) check() error {
	checks := []error{
		oneOf("runtime", p.Runtime, Dotnet, Native),
		matches("container", p.Container, label, "a container name"),
		matches("dumpDirectory", p.DumpDirectory, path, "an absolute path of the characters A-Z a-z 0-9 / . _ -"),
		within("limits.dumpsPerProcess", int64(p.Limits.DumpsPerProcess), 1, maxDumps),
		within("limits.dumpsPerPod", int64(p.Limits.DumpsPerPod), 1, maxDumps),
		within("limits.cooldownSeconds", p.Limits.CooldownSeconds, 0, maxSeconds),
		within("spoolMebibytes", p.SpoolMebibytes, 0, maxMebibytes),
		within("retention.ageSeconds", p.Retention.AgeSeconds, 0, maxSeconds),
		within("retention.count", int64(p.Retention.Count), 0, maxMebibytes),
		within("retention.mebibytes", p.Retention.Mebibytes, 0, maxMebibytes),
		p.checkRuntime(), p.checkStore(), p.checkWatches(), p.checkPod(),
	}
	for _, err := range checks {
		if err != nil {
			return err
		}
	}
	return nil
}

func (p *Plan) checkRuntime() error {
	if p.ProcessName != "" {
		if err := matches("processName", p.ProcessName, processName, "the file name of the program, without blank or slash"); err != nil {
			return err
		}
	}
	if p.DumpMask != "" && p.Runtime != Native {
		return fmt.Errorf("found dumpMask for runtime %s: it is for native targets only, remove it", p.Runtime)
	}
	if p.DumpMask != "" {
		if err := matches("dumpMask", p.DumpMask, mask, "a hexadecimal number without 0x, 0 to 7fffffff"); err != nil {
			return err
		}
	}
	if p.CrashDumps && p.Runtime != Dotnet {
		return fmt.Errorf("found crashDumps for runtime %s: only the .NET runtime writes crash dumps, remove it", p.Runtime)
	}
	return nil
}

func (p *Plan) checkStore() error {
	if p.Store == nil {
		return nil
	}
	if p.SpoolMebibytes == 0 {
		return fmt.Errorf("found no spoolMebibytes beside store, expected the size of the spool: contract %s requires it", Contract)
	}
	directory := p.Store.Directory
	if err := matches("store.directory", directory, path, "an absolute path of the characters A-Z a-z 0-9 / . _ -"); err != nil {
		return err
	}
	if err := within("store.drainTimeoutSeconds", p.Store.DrainTimeoutSeconds, 0, maxSeconds); err != nil {
		return err
	}
	if err := within("store.mebibytes", p.Store.Mebibytes, 0, maxMebibytes); err != nil {
		return err
	}
	if strings.HasPrefix(directory+"/", p.DumpDirectory+"/") || strings.HasPrefix(p.DumpDirectory+"/", directory+"/") {
		return fmt.Errorf("found the store '%s' and the dump directory '%s' one in the other, expected two volumes: correct store.directory", directory, p.DumpDirectory)
	}
	return nil
}

func (p *Plan) checkWatches() error {
	seen := map[string]bool{}
	for _, watch := range p.Watches {
		if err := matches("the name of a watch", watch.Name, watchName, "the characters a-z 0-9 -"); err != nil {
			return err
		}
		if seen[watch.Name] {
			return fmt.Errorf("found watch '%s' twice, expected each name once: rename one", watch.Name)
		}
		seen[watch.Name] = true
		if len(watch.Triggers) == 0 {
			return fmt.Errorf("watch '%s' has no triggers: add one", watch.Name)
		}
		if err := within("dumps of watch '"+watch.Name+"'", int64(watch.Dumps), 1, maxDumps); err != nil {
			return err
		}
	}
	return nil
}

func (p *Plan) checkPod() error {
	if !podName.MatchString(p.Pod.Name) {
		return fmt.Errorf("found POD_NAME '%s', expected the pod's name: set it from the downward API field metadata.name", p.Pod.Name)
	}
	// ProcDump compares the path of the diagnostics socket as text. Where the text differs it takes a .NET process for
	// a native one and writes its whole address space.
	if !temporary.MatchString(p.Pod.TemporaryDirectory) {
		return fmt.Errorf("found TMPDIR '%s', expected an absolute path without a slash at its end: set it exactly as in the target", p.Pod.TemporaryDirectory)
	}
	// Alone in its process namespace the agent is process 1 and can never see a target.
	if os.Getpid() == 1 {
		return fmt.Errorf("found the agent to be process 1, expected the pause container there: set shareProcessNamespace to true")
	}
	return nil
}

func matches(what, value string, pattern *regexp.Regexp, expected string) error {
	if pattern.MatchString(value) {
		return nil
	}
	return fmt.Errorf("found '%s' for %s, expected %s: correct the value", value, what, expected)
}

func oneOf(what, value string, known ...string) error {
	for _, candidate := range known {
		if value == candidate {
			return nil
		}
	}
	return fmt.Errorf("found '%s' for %s, expected %s: correct the value", value, what, strings.Join(known, " or "))
}

func within(what string, value, least, most int64) error {
	if value >= least && value <= most {
		return nil
	}
	return fmt.Errorf("found '%d' for %s, expected a number from %d to %d: correct the value", value, what, least, most)
}
