package agent

import (
	"fmt"
	"strconv"
	"strings"
	"syscall"
	"time"

	"cdk8s-procdump/agent/internal/event"
	"cdk8s-procdump/agent/internal/process"
	"cdk8s-procdump/agent/internal/queue"
	"cdk8s-procdump/agent/internal/setting"
	"cdk8s-procdump/agent/internal/spool"
	"cdk8s-procdump/agent/internal/statefile"
)

// job is one process that works on the store.
type job struct {
	name    string // "sweep", or "publish" and a number
	number  int
	pid     int
	start   uint64
	began   time.Time
	slow    bool
	done    chan error // unused for a publisher that outlived its agent
	adopted bool
	errors  *limited
}

// adoptPublisher follows a publisher that outlived its agent. Two publishers would work on the same files.
func (a *Agent) adoptPublisher() {
	words := strings.Fields(statefile.Read(setting.State("publisher.pid"), 1000))
	if len(words) < 3 {
		return
	}
	pid, _ := strconv.Atoi(words[0])
	start, _ := strconv.ParseUint(words[1], 10, 64)
	if !process.Alive(pid, start) {
		return
	}
	adopted := &job{name: strings.Join(words[2:], " "), pid: pid, start: start, began: time.Now(), adopted: true,
		errors: &limited{}}
	if len(words) == 4 {
		adopted.number, _ = strconv.Atoi(words[3])
	}
	a.store.job = adopted
	event.Info("publisher-adopted", event.F("reason", fmt.Sprintf("process %d goes on with: %s", pid, adopted.name)))
}

func (j *job) ended() (error, bool) {
	if j.adopted {
		return nil, !process.Alive(j.pid, j.start)
	}
	select {
	case err := <-j.done:
		return err, true
	default:
		return nil, false
	}
}

// watchJob reports a copy below 5 MiB/s as slow, and kills one below 0.25 MiB/s: a dead server may never answer, but a
// slow one does.
func (a *Agent) watchJob(current *job) {
	mebibytes := a.bytes[a.store.queue[current.number]] / spool.MiB
	expected := setting.Slow + time.Duration(mebibytes)*time.Second/5
	switch spent := time.Since(current.began); {
	case spent > 2*setting.Slow+time.Duration(mebibytes)*4*time.Second:
		current.kill()
	case spent > expected && !current.slow:
		current.slow = true
		a.setReason("store", fmt.Sprintf("the store has not finished '%s' (%d MiB) after %d s, expected %d s at "+
			"most: check its connection and its limits; the dumps are safe in the spool",
			current.name, mebibytes, int(spent.Seconds()), int(expected.Seconds())))
	}
}

func (j *job) kill() {
	if syscall.Kill(-j.pid, syscall.SIGKILL) != nil {
		syscall.Kill(j.pid, syscall.SIGKILL)
	}
}

// chooseJob returns the next job. Retention comes first, because it may free a full store, but not while the pod stops.
// Dumps in the agent's own folders come before files elsewhere in the spool.
func (a *Agent) chooseJob() *job {
	if !a.stopping && !time.Now().Before(a.sweepAt) && (a.plan.Spooled() || a.plan.Retention.Any()) {
		return &job{name: sweep}
	}
	var byOthers *job
	for _, number := range a.numbers() {
		// A dump that is not in the ledger yet is not counted yet.
		source := a.store.queue[number]
		if a.settled[source] == "" || time.Now().Before(a.store.retryAt[number]) {
			continue
		}
		next := &job{name: queue.Describe(number), number: number}
		if a.isInOwnFolder(source) {
			return next
		}
		if byOthers == nil {
			byOthers = next
		}
	}
	return byOthers
}
