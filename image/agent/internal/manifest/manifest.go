// Package manifest writes and reads the manifest of each published dump: one line of JSON, one type per field, null for
// unknown values.
package manifest

import (
	_ "embed"
	"strconv"
	"strings"
	"time"

	"cdk8s-procdump/agent/internal/event"
	"cdk8s-procdump/agent/internal/plan"
	"cdk8s-procdump/agent/internal/procdump"
	"cdk8s-procdump/agent/internal/statefile"
)

// Schema identifies the format. The agent never deletes a dump whose manifest lacks it.
const Schema = "cdk8s-procdump/manifest/1"

// version is the version of the library, written when the library is compiled.
//
//go:embed VERSION
var version string

// MaxBytes is larger than any manifest.
const MaxBytes = 65536

// Manifest describes one dump.
type Manifest struct {
	Schema           string   `json:"schema"`
	File             string   `json:"file"`
	Bytes            int64    `json:"bytes"`
	SHA256           string   `json:"sha256"`
	Complete         bool     `json:"complete"`
	Trigger          string   `json:"trigger"`
	Threshold        *float64 `json:"threshold"`
	Value            *float64 `json:"value"`
	Command          *string  `json:"command"`
	Process          *string  `json:"process"`
	PID              *int     `json:"pid"`
	ProcessStartTime *string  `json:"processStartTime"`
	TargetAlive      *bool    `json:"targetAlive"`
	Container        *string  `json:"container"`
	Pod              *string  `json:"pod"`
	Namespace        *string  `json:"namespace"`
	PodUID           *string  `json:"podUid"`
	Node             *string  `json:"node"`
	Image            *string  `json:"image"`
	DumpedAt         string   `json:"dumpedAt"`
	PublishedAt      string   `json:"publishedAt"`
	AgentVersion     *string  `json:"agentVersion"`
	Contract         int      `json:"contract"`
	ProcDumpVersion  *string  `json:"procdumpVersion"`
	HowToOpen        string   `json:"howToOpen"`
}

// Describe sets the fields that come from the pod and the agent.
func (m *Manifest) Describe(p *plan.Plan, at time.Time) {
	m.Schema, m.PublishedAt = Schema, event.Time(at)
	m.Container, m.Pod, m.Namespace = OrNull(p.Container), OrNull(p.Pod.Name), OrNull(p.Pod.Namespace)
	m.PodUID, m.Node, m.Image = OrNull(p.Pod.UID), OrNull(p.Pod.Node), OrNull(p.Pod.Image)
	m.AgentVersion = OrNull(strings.TrimSpace(version))
	m.Contract, _ = strconv.Atoi(plan.Contract)
	m.ProcDumpVersion = OrNull(procdump.KnownVersion())
	if p.Runtime == plan.Dotnet {
		m.HowToOpen = "Run dotnet-dump analyze " + m.File + " on a machine of the same architecture."
		return
	}
	m.HowToOpen = "Run gdb PROGRAM " + m.File + " with PROGRAM and its libraries from the target's image"
	if p.Pod.Image != "" {
		m.HowToOpen += ", " + p.Pod.Image
	}
	m.HowToOpen += "."
}

// Announce logs that a dump has reached its final place. The event is the same for every store, so that alerts can use
// it.
func (m *Manifest) Announce(path string) {
	event.Info("dump-arrived", event.F("path", path), event.F("bytes", m.Bytes), event.F("sha256", OrNull(m.SHA256)),
		event.F("complete", m.Complete), event.F("trigger", m.Trigger), event.F("threshold", m.Threshold),
		event.F("value", m.Value), event.F("process", m.Process), event.F("pid", m.PID),
		event.F("container", m.Container), event.F("pod", m.Pod), event.F("namespace", m.Namespace),
		event.F("node", m.Node), event.F("dumpedAt", m.DumpedAt))
}

// OrNull returns nil for an empty text.
func OrNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// StartTime converts the start of a process, in hundredths of a second since the boot.
func StartTime(start uint64) *string {
	if start == 0 {
		return nil
	}
	for _, line := range strings.Split(statefile.Read("/proc/stat", 1<<20), "\n") {
		if value, found := strings.CutPrefix(line, "btime "); found {
			boot, _ := strconv.ParseInt(strings.TrimSpace(value), 10, 64)
			return OrNull(event.Time(time.Unix(boot+int64(start/100), 0)))
		}
	}
	return nil
}
