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

// job is one process at work on the store.
type job struct {
	name    string // sweep, or publish and a number
	number  int
	pid     int
	start   uint64
	began   time.Time
	slow    bool
	done    chan error // closed for a publisher that outlived its agent
	adopted bool
	errors  *limited
}

// A publisher that outlived its agent works on: two at once would meet on the same files.
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

// A copy is called slow below 5 MiB/s and given up below a quarter of that: a dead server may never answer, a slow one
// does.
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

// Retention first: a store that is full may have room after it. Not while the pod is going. What lies anywhere in the
// spool waits for what was asked for.
func (a *Agent) chooseJob() *job {
	if !a.stopping && !time.Now().Before(a.sweepAt) && (a.plan.Spooled() || a.plan.Retention.Any()) {
		return &job{name: sweep}
	}
	var byOthers *job
	for _, number := range a.numbers() {
		// What the ledger does not know yet has not been counted.
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
