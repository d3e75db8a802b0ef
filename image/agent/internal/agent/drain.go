package agent

import (
	"fmt"
	"os"
	"time"

	"cdk8s-procdump/agent/internal/event"
	"cdk8s-procdump/agent/internal/setting"
)

const drainPoll = 200 * time.Millisecond

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
	a.writeStatus()
	a.takeLeave()
}

// What others write into the spool is waited for as long as there is time, and may be a file that is open for ever.
func (a *Agent) isDumping(end time.Time) bool {
	return len(a.runs) > 0 || a.demand.running() || len(a.pending) > 0 && (!a.plan.Spooled() || time.Now().Before(end))
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
		fmt.Fprintln(file, text)
		file.Close()
	}
}
