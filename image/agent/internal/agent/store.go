package agent

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"cdk8s-procdump/agent/internal/dumpfile"
	"cdk8s-procdump/agent/internal/event"
	"cdk8s-procdump/agent/internal/process"
	"cdk8s-procdump/agent/internal/queue"
	"cdk8s-procdump/agent/internal/setting"
	"cdk8s-procdump/agent/internal/statefile"
)

const (
	sweepTime    = time.Hour
	longestRetry = 5 * time.Minute
	sweep        = "sweep"
)

// storeJobs controls publishing. One process at a time works on the store, and the agent never waits for it.
type storeJobs struct {
	job       *job
	queue     map[int]string // paths by number, in the order of the dumps
	retryAt   map[int]time.Time
	delay     map[int]time.Duration
	published int
	lastError string
}

func newStoreJobs() storeJobs {
	return storeJobs{queue: map[int]string{}, retryAt: map[int]time.Time{}, delay: map[int]time.Duration{}}
}

func (a *Agent) numbers() []int {
	var numbers []int
	for number := range a.store.queue {
		numbers = append(numbers, number)
	}
	slices.Sort(numbers)
	return numbers
}

func (a *Agent) loadQueue() {
	a.store.published = queue.CountPublished()
	for _, number := range queue.Numbers() {
		entry, ok := queue.Read(number)
		if ok && !a.isGone(entry.Source) {
			a.store.queue[number] = entry.Source
			continue
		}
		if ok && queue.FindPublished(entry.Source, 0) == "" {
			event.Warn("dump-vanished", event.F("path", entry.Source), event.F("reason", "somebody removed it before "+
				"it was published"))
		}
		queue.Forget(number)
	}
}

// forgetGone forgets paths that can hold another dump: those without a file, and those whose dump is published.
func (a *Agent) forgetGone() {
	waiting := map[string]bool{}
	for _, source := range a.store.queue {
		waiting[source] = true
	}
	for path := range a.settled {
		if a.plan.Spooled() && !waiting[path] || a.isGone(path) {
			a.forget(path)
		}
	}
}

// enqueue adds a dump to the queue. A file that is settled a second time keeps its number.
func (a *Agent) enqueue(entry queue.Entry) error {
	number := 1
	for taken, source := range a.store.queue {
		if source == entry.Source {
			number = taken
			break
		}
		number = max(number, taken+1)
	}
	// A number that is still on disk belongs to a dump that was just published.
	for a.store.queue[number] != entry.Source && queue.Has(number) {
		number++
	}
	if err := queue.Write(number, entry); err != nil {
		return err
	}
	a.store.queue[number] = entry.Source
	delete(a.store.retryAt, number)
	delete(a.store.delay, number)
	// The writer of a short file may continue. A file of full length that was cut off does not change any more.
	if !entry.Manifest.Complete && dumpfile.JudgePath(a.plan.DumpDirectory, entry.Source) != dumpfile.Whole {
		a.store.retryAt[number] = time.Now().Add(setting.Incomplete)
	}
	return nil
}

func (a *Agent) followStore() {
	if current := a.store.job; current != nil {
		if err, ended := current.ended(); ended {
			a.endJob(current, err)
		} else {
			a.watchJob(current)
			return
		}
	}
	if next := a.chooseJob(); next != nil {
		a.startJob(next)
	}
}

func (a *Agent) startJob(next *job) {
	command := again(strings.Fields(next.name)...)
	next.errors = &limited{}
	command.Stdout, command.Stderr = os.Stdout, next.errors
	// A process group allows the agent to kill the publisher together with its children.
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := command.Start(); err != nil {
		a.setReason("publisher", fmt.Sprintf("could not start the publisher (%v): raise the memory or process "+
			"limit of the pod", err))
		a.sweepAt = time.Now().Add(setting.Backoff)
		return
	}
	a.clearReason("publisher")
	next.pid, next.began, next.done = command.Process.Pid, time.Now(), make(chan error, 1)
	if found, ok := process.Read(next.pid); ok {
		next.start = found.Start
	}
	go func() { next.done <- command.Wait() }()
	a.store.job = next
}

// endJob handles the end of a job. The queue entry shows whether the dump is published: an adopted process has no exit
// code.
func (a *Agent) endJob(ended *job, err error) {
	text := statefile.Read(setting.State("publisher.error"), 10_000)
	a.store.job = nil
	if err != nil && text == "" {
		text = strings.TrimSpace(ended.errors.String())
		if text == "" {
			text = fmt.Sprintf("the publisher ended with %v after %d s: check the connection of the store", err,
				int(time.Since(ended.began).Seconds()))
		}
	}
	switch {
	case ended.name == sweep:
		a.endSweep(err != nil, text)
	case queue.Has(ended.number):
		a.postponePublication(ended.number, text)
	default:
		a.finishPublication(ended.number, text)
	}
	a.markSpoolChanged()
}

func (a *Agent) endSweep(failed bool, text string) {
	a.sweepAt = time.Now().Add(sweepTime)
	if failed {
		a.setReason(sweep, "retention in the store failed: "+text)
		return
	}
	a.clearReason(sweep)
	if a.store.lastError == "" {
		a.clearReason("store")
	}
}

func (a *Agent) postponePublication(number int, text string) {
	delay, known := a.store.delay[number]
	if !known {
		delay = setting.Backoff
	}
	longest := longestRetry
	if a.stopping {
		longest = setting.Backoff
	}
	delay = min(delay, longest)
	a.store.retryAt[number], a.store.delay[number] = time.Now().Add(delay), 2*delay
	a.store.lastError, a.sweepAt = text, time.Time{}
	event.Warn("publish-failed", event.F("path", a.store.queue[number]), event.F("reason", text),
		event.F("seconds", int(delay.Seconds())), event.F("left", len(a.store.queue)))
	a.setReason("store", "a dump could not be published, it stays in the spool and is tried again: "+text)
}

func (a *Agent) finishPublication(number int, text string) {
	source := a.store.queue[number]
	delete(a.store.queue, number)
	delete(a.store.retryAt, number)
	delete(a.store.delay, number)
	// A published dump shows that the store works again.
	for waiting := range a.store.delay {
		delete(a.store.retryAt, waiting)
	}
	a.forget(source)
	if filepath.Dir(source) == a.plan.CrashDirectory() {
		a.renewCrashMode()
	}
	if text == "" {
		a.store.published++
	} else {
		event.Warn("dump-vanished", event.F("path", source), event.F("reason", text))
	}
	a.store.lastError, a.sweepAt = "", time.Time{}
	a.clearReason("store")
}
