package agent

import (
	"fmt"
	"os"
	"time"

	"cdk8s-procdump/agent/internal/event"
	"cdk8s-procdump/agent/internal/queue"
	"cdk8s-procdump/agent/internal/setting"
)

const drainPoll = 200 * time.Millisecond

// directPatience is less than the default grace period of a pod.
const directPatience = 25 * time.Second

// drain is from SIGTERM to the end: what is being written is finished, then what is spooled is published while there is
// time. A native dump that is being written ends first. The runtime of a .NET target finishes its dump without
// ProcDump, but nobody would count it.
func (a *Agent) drain() {
	timeout := int64(0)
	if a.plan.Spooled() {
		timeout = a.plan.Store.DrainTimeoutSeconds
	}
	end := time.Now().Add(time.Duration(timeout) * time.Second)
	event.Info("stopping", event.F("left", len(a.store.queue)))
	// The wait for the next try was for a store to recover; now is the last chance.
	clear(a.store.retryAt)
	clear(a.store.delay)
	a.progressAt = time.Now()
	// What came after the last look counts, too.
	a.scan()
	for a.isDumping(end) || a.isPublishing() && time.Now().Before(end) {
		a.beat()
		a.endRuns()
		time.Sleep(drainPoll)
		setting.Reach("look")
		a.followRuns()
		a.scan()
		a.followDemand()
		if time.Now().Before(end) {
			a.followStore()
		}
	}
	if a.store.job != nil {
		a.store.job.kill()
	}
	a.endWhatHangs()
	a.writeStatus()
	a.takeLeave()
}

// endWhatHangs leaves no target stopped behind.
func (a *Agent) endWhatHangs() {
	a.demand.kill()
	for key, run := range a.runs {
		run.Kill()
		select {
		case <-run.Wait():
		case <-time.After(time.Second):
		}
		a.resume(key, run.watch)
	}
}

// isAskedFor tells whether a person's dump is under way, in a process that ends with the agent's container.
func isAskedFor() bool {
	pid, _ := queue.DumpHolder()
	return pid > 0
}

// Everything is waited for as long as there is time. Direct delivery has no time of its own: there it is as long as a
// file grows, because the kubelet ends the agent after the grace period of the pod.
func (a *Agent) isDumping(end time.Time) bool {
	if len(a.runs) == 0 && !a.demand.running() && !isAskedFor() && len(a.pending) == 0 {
		return false
	}
	if a.plan.Spooled() {
		return time.Now().Before(end)
	}
	for _, file := range a.pending {
		if file.changedAt.After(a.progressAt) {
			a.progressAt = file.changedAt
		}
	}
	return time.Since(a.progressAt) < directPatience
}

func (a *Agent) isPublishing() bool { return a.store.job != nil || len(a.store.queue) > 0 }

func (a *Agent) takeLeave() {
	text := fmt.Sprintf("took %d dumps", a.taken)
	if a.plan.Spooled() {
		text += fmt.Sprintf(", published %d, left %d unpublished in %s", a.store.published, len(a.store.queue),
			a.plan.DumpDirectory)
	}
	if len(a.store.queue) > 0 && a.store.lastError != "" {
		text += ": " + a.store.lastError
	}
	event.Info("stopped", event.F("reason", text), event.F("left", len(a.store.queue)))
	// Only a file that is there: the kubelet makes it.
	if file, err := os.OpenFile(setting.TerminationFile, os.O_WRONLY|os.O_TRUNC, 0); err == nil {
		fmt.Fprintln(file, event.Printable(text))
		file.Close()
	}
}
