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

// drain finishes the dumps that are being written and publishes the spool while there is time. It does not interrupt a
// ProcDump that writes a native dump. It also waits for a .NET runtime, which needs no ProcDump to finish its dump, so
// that this dump is counted.
func (a *Agent) drain() {
	timeout := int64(0)
	if a.plan.Spooled() {
		timeout = a.plan.Store.DrainTimeoutSeconds
	}
	end := time.Now().Add(time.Duration(timeout) * time.Second)
	event.Info("stopping", event.F("left", len(a.store.queue)))
	// The retry delay gave the store time to recover. This is the last chance.
	clear(a.store.retryAt)
	clear(a.store.delay)
	a.progressAt = time.Now()
	// Files may have appeared after the last look.
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

// endWhatHangs kills the remaining ProcDumps and resumes their targets.
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

// isAskedFor reports whether a user's command dump is running, which ends with the agent's container.
func isAskedFor() bool {
	pid, _ := queue.DumpHolder()
	return pid > 0
}

// isDumping reports whether a dump is still expected. With a spool, the agent waits until end. With direct delivery, it
// waits while a file grows: the kubelet ends the agent after the pod's grace period.
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
	// The kubelet creates this file. The agent does not.
	if file, err := os.OpenFile(setting.TerminationFile, os.O_WRONLY|os.O_TRUNC, 0); err == nil {
		fmt.Fprintln(file, event.Printable(text))
		file.Close()
	}
}
