package agent

import (
	"fmt"
	"os"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"

	"cdk8s-procdump/agent/internal/event"
	"cdk8s-procdump/agent/internal/manifest"
	"cdk8s-procdump/agent/internal/plan"
	"cdk8s-procdump/agent/internal/setting"
	"cdk8s-procdump/agent/internal/spool"
	"cdk8s-procdump/agent/internal/statefile"
	"cdk8s-procdump/agent/internal/target"
)

// status is the output of the command status. The agent writes it only when it changes.
type status struct {
	reasons map[string]string
	written string
	beatAt  time.Time
}

func newStatus() status { return status{reasons: map[string]string{}} }

func (a *Agent) setReason(key, text string) {
	if a.status.reasons[key] == text {
		return
	}
	a.status.reasons[key] = text
	event.Error("degraded", event.F("reason", text))
}

func (a *Agent) clearReason(key string) { delete(a.status.reasons, key) }

func (a *Agent) clearReasonsOf(prefix string) {
	for key := range a.status.reasons {
		if strings.HasPrefix(key, prefix) {
			delete(a.status.reasons, key)
		}
	}
}

// Status is the JSON object that the command status prints. A field never changes its type.
type Status struct {
	State            string          `json:"state"`
	Reason           string          `json:"reason"`
	Contract         int             `json:"contract"`
	Runtime          string          `json:"runtime"`
	Targets          []statusTarget  `json:"targets"`
	Watches          []statusRun     `json:"watches"`
	CoolingDown      []statusPause   `json:"coolingDown"`
	DumpsTaken       int             `json:"dumpsTaken"`
	DumpsIncomplete  int             `json:"dumpsIncomplete"`
	DumpsPerProcess  *int            `json:"dumpsPerProcess"`
	DumpsPerPod      *int            `json:"dumpsPerPod"`
	Store            *string         `json:"store"`
	Spool            *statusSpool    `json:"spool"`
	Queue            int             `json:"queue"`
	Published        int             `json:"published"`
	LastPublishError *string         `json:"lastPublishError"`
	RetryAt          *string         `json:"retryAt"`
	Retention        statusRetention `json:"retention"`
}

type statusTarget struct {
	PID     int    `json:"pid"`
	Name    string `json:"name"`
	Stopped bool   `json:"stopped"`
}

type statusRun struct {
	Name        string `json:"name"`
	PID         int    `json:"pid"`
	ProcDumpPID int    `json:"procdumpPid"`
	// Triggers are the triggers armed for the next dump, as the user wrote them.
	Triggers []string `json:"triggers"`
}

type statusPause struct {
	PID     int    `json:"pid"`
	Trigger string `json:"trigger"`
	Until   string `json:"until"`
}

type statusSpool struct {
	Bytes int64 `json:"bytes"`
	Size  int64 `json:"size"`
}

type statusRetention struct {
	Seconds *int64 `json:"seconds"`
	Count   *int   `json:"count"`
	MiB     *int64 `json:"mib"`
}

func (a *Agent) describe() Status {
	contract, _ := strconv.Atoi(plan.Contract)
	state, reason := a.describeState()
	s := Status{
		State: state, Reason: reason, Contract: contract, Runtime: a.plan.Runtime, Targets: []statusTarget{},
		Watches: []statusRun{}, CoolingDown: a.pauses(),
		DumpsTaken: a.taken - a.incomplete, DumpsIncomplete: a.incomplete,
		DumpsPerProcess: orNull(a.plan.Limits.DumpsPerProcess), DumpsPerPod: orNull(a.plan.Limits.DumpsPerPod),
		Queue: len(a.store.queue), Published: a.store.published, LastPublishError: manifest.OrNull(a.store.lastError),
		Retention: statusRetention{orNull(a.plan.Retention.AgeSeconds), orNull(a.plan.Retention.Count),
			orNull(a.plan.Retention.Mebibytes)},
	}
	if a.plan.Spooled() {
		s.Store = manifest.OrNull(a.plan.Store.Directory + "/" + a.plan.Pod.Name)
	}
	if a.plan.SpoolMebibytes > 0 {
		s.Spool = &statusSpool{a.room.Used, a.plan.SpoolMebibytes * spool.MiB}
	}
	for pid, target := range a.targets {
		_, stopped := a.stopped[pid]
		s.Targets = append(s.Targets, statusTarget{pid, target.Name, stopped})
	}
	for key, run := range a.runs {
		armed := statusRun{key.watch, key.pid, run.PID, []string{}}
		for _, arm := range a.armings[key].Arms {
			armed.Triggers = append(armed.Triggers, arm.Text)
		}
		s.Watches = append(s.Watches, armed)
	}
	sort.Slice(s.Targets, func(i, j int) bool { return s.Targets[i].PID < s.Targets[j].PID })
	sort.Slice(s.Watches, func(i, j int) bool { return s.Watches[i].ProcDumpPID < s.Watches[j].ProcDumpPID })
	var retry time.Time
	for number := range a.store.queue {
		if at := a.store.retryAt[number]; !at.IsZero() && (retry.IsZero() || at.Before(retry)) {
			retry = at
		}
	}
	if !retry.IsZero() {
		s.RetryAt = manifest.OrNull(event.Time(retry))
	}
	return s
}

func (a *Agent) describeState() (state, reason string) {
	if a.witness.hangs.Load() {
		return "degraded", hangs(a.plan.DumpDirectory)
	}
	if len(a.status.reasons) > 0 {
		return "degraded", joined(a.status.reasons)
	}
	if len(a.targets) == 0 {
		return "waiting", target.WaitingFor(a.plan)
	}
	return "ok", joined(a.limited)
}

func joined(texts map[string]string) string {
	var all []string
	for _, text := range texts {
		all = append(all, text)
	}
	sort.Strings(all)
	return strings.Join(all, "; ")
}

func orNull[T int | int64](value T) *T {
	if value == 0 {
		return nil
	}
	return &value
}

func statusFile() string { return setting.State("status.json") }

// writeStatus writes the status. After a failure, such as a full disk, the next look tries again.
func (a *Agent) writeStatus() {
	text := string(event.JSON(a.describe())) + "\n"
	if a.witness.reported.Swap(false) {
		a.status.written = ""
	}
	if text != a.status.written && replaceStatus([]byte(text)) == nil {
		a.status.written = text
	}
}

// statusLock serializes the writes of the loop and the witness.
var statusLock sync.Mutex

func replaceStatus(text []byte) error {
	statusLock.Lock()
	defer statusLock.Unlock()
	return statefile.Write(statusFile(), text)
}

const beatTime = 5 * time.Second

// beat writes the heartbeat for the probes, in seconds since the boot: nobody can set this clock.
func (a *Agent) beat() {
	if time.Since(a.status.beatAt) < beatTime {
		return
	}
	a.status.beatAt = time.Now()
	writeHeartbeat()
}

func writeHeartbeat() {
	// The file is overwritten in place, because that succeeds on a full disk. Otherwise the probes would fail and the
	// container would be restarted forever.
	file, err := os.OpenFile(heartbeatFile(), os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return
	}
	defer file.Close()
	fmt.Fprintf(file, "%-20d\n", uptime())
}

func heartbeatFile() string { return setting.State("heartbeat") }

func uptime() int64 {
	text, _, _ := strings.Cut(statefile.Read("/proc/uptime", 100), ".")
	seconds, _ := strconv.ParseInt(text, 10, 64)
	return seconds
}

const stuckSeconds = 60

// PrintStatus is the command status. It exits with 0 in every state, so that a broken sidecar never makes its pod
// unready. The probes use --live and --ready, which fail only while the agent's loop is stuck. Without a heartbeat, the
// agent has just started, or cannot write its state and reports that.
func PrintStatus(words []string) int {
	word := strings.Join(words, " ")
	switch word {
	case "":
		text := statefile.Read(statusFile(), 1<<20)
		if text == "" {
			fmt.Fprintf(os.Stderr, "status: found no %s: the agent has not started or cannot write its state, read "+
				"the log of the container\n", statusFile())
			return 1
		}
		fmt.Print(text)
		return 0
	case "--live", "--ready":
		last, err := strconv.ParseInt(strings.TrimSpace(statefile.Read(heartbeatFile(), 100)), 10, 64)
		if age := uptime() - last; err == nil && age > stuckSeconds {
			fmt.Fprintf(os.Stderr, "status: found the last sign of life of the agent %d s ago, expected at most %d "+
				"s: its loop is stuck, read the log of the container\n", age, stuckSeconds)
			return 1
		}
		return 0
	}
	fmt.Fprintf(os.Stderr, "status: found %s, expected --live, --ready or nothing\n", word)
	return 2
}
