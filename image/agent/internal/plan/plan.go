// Package plan is the contract between the manifest and the agent.
package plan

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
)

// Contract is the version of the plan that this agent understands.
const Contract = "3"

// Runtimes of targets.
const (
	Dotnet = "dotnet"
	Native = "native"
)

// Plan is the configuration in the manifest. The JSON schema plan.schema.json describes it.
type Plan struct {
	Runtime       string `json:"runtime"`
	Container     string `json:"container"`
	ProcessName   string `json:"processName,omitempty"`
	DumpDirectory string `json:"dumpDirectory"`
	DumpMask      string `json:"dumpMask,omitempty"`
	CrashDumps    bool   `json:"crashDumps,omitempty"`
	Limits        Limits `json:"limits"`
	// SpoolMebibytes is the size of a dump directory on the node's disk; 0 if it is in a store.
	SpoolMebibytes int64     `json:"spoolMebibytes,omitempty"`
	Store          *Store    `json:"store,omitempty"`
	Retention      Retention `json:"retention"`
	Watches        []Watch   `json:"watches"`

	// Pod is not part of the JSON. It comes from the environment.
	Pod Pod `json:"-"`
}

// DumpsBeside is how many dumps by hand a pod may have beyond its limit, and how many on demand beyond the requests.
const DumpsBeside = 5

// Limits limits the dumps of triggers.
type Limits struct {
	DumpsPerProcess int   `json:"dumpsPerProcess"`
	DumpsPerPod     int   `json:"dumpsPerPod"`
	CooldownSeconds int64 `json:"cooldownSeconds"`
}

// Store is where dumps are published. Without it, ProcDump writes directly into the store.
type Store struct {
	Directory           string `json:"directory"`
	DrainTimeoutSeconds int64  `json:"drainTimeoutSeconds"`
	// Mebibytes is the size of a store on the node's disk; 0 for other stores.
	Mebibytes int64 `json:"mebibytes,omitempty"`
}

// Retention is what the store keeps of this workload. Zero means unlimited.
type Retention struct {
	AgeSeconds int64 `json:"ageSeconds,omitempty"`
	Count      int   `json:"count,omitempty"`
	Mebibytes  int64 `json:"mebibytes,omitempty"`
}

// Any reports whether there is a limit.
func (r Retention) Any() bool { return r != Retention{} }

// Watch is one ProcDump for each target process.
type Watch struct {
	// Name is also the name of the folder of its dumps.
	Name string `json:"name"`
	// Profiler is whether ProcDump loads its profiler into the target.
	Profiler bool `json:"profiler,omitempty"`
	// LeavesTargetStopped is whether the user accepted that ProcDump may leave the target stopped.
	LeavesTargetStopped bool      `json:"leavesTargetStopped,omitempty"`
	Triggers            []Trigger `json:"triggers"`
}

// Pod contains values of the downward API.
type Pod struct {
	Name, Namespace, UID, Node, Image string
	// TemporaryDirectory contains the sockets of the .NET runtime.
	TemporaryDirectory string
}

// Spooled reports whether dumps are published from a spool.
func (p *Plan) Spooled() bool { return p.Store != nil }

// PodDirectory returns the folder of this pod in the dump directory.
func (p *Plan) PodDirectory() string { return p.DumpDirectory + "/" + p.Pod.Name }

// CrashDirectory returns the folder in which the .NET runtime writes crash dumps.
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
		return nil, fmt.Errorf("found command '%s', expected 'run': set the container's args to run --contract %s "+
			"--plan ...", word(0), Contract)
	}
	if word(1) != "--contract" {
		return nil, fmt.Errorf("found '%s' after run, expected --contract %s: the manifest was not made for this "+
			"image", word(1), Contract)
	}
	if word(2) != Contract {
		return nil, otherContract(word(2))
	}
	if word(3) != "--plan" || len(words) != 5 {
		return nil, fmt.Errorf("found '%s' after the contract, expected --plan and one JSON object: contract %s "+
			"has nothing else", strings.Join(words[3:], " "), Contract)
	}
	return Parse(words[4])
}

func otherContract(found string) error {
	older := "the image is older than the manifest"
	if len(found) < len(Contract) || len(found) == len(Contract) && found < Contract {
		older = "the manifest is older than the image"
	}
	return fmt.Errorf("found contract '%s', this image has contract %s, so %s: use a sidecar image of the "+
		"release of cdk8s-procdump that made the manifest", found, Contract, older)
}

// Parse parses and checks a plan, and adds the values from the environment.
func Parse(text string) (*Plan, error) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	plan := &Plan{}
	if err := decoder.Decode(plan); err != nil {
		return nil, fmt.Errorf("found a plan that does not match contract %s (%v): use the sidecar image of the "+
			"release that made the manifest", Contract, err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, fmt.Errorf("found more than one JSON object in the plan, expected one: correct the manifest")
	}
	plan.readEnvironment()
	return plan, plan.check()
}

// JSON returns the plan for the other commands of the agent.
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
		TemporaryDirectory: "/tmp",
	}
	if directory, given := os.LookupEnv("TMPDIR"); given {
		p.Pod.TemporaryDirectory = directory
	}
}
