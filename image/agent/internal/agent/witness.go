package agent

import (
	"encoding/json"
	"fmt"
	"sync/atomic"
	"syscall"
	"time"

	"cdk8s-procdump/agent/internal/event"
	"cdk8s-procdump/agent/internal/plan"
	"cdk8s-procdump/agent/internal/setting"
	"cdk8s-procdump/agent/internal/statefile"
)

// hangTime is longer than a busy store needs to answer, and much shorter than the timeout of the probes.
const hangTime = 10 * time.Second

// witness checks the store with direct delivery. A store that hangs blocks every process that accesses it, including
// the agent's loop. The probes would then fail, and the kubelet would take the application out of its Service. While
// the witness gets no answer either, the store is the cause, and the witness writes the heartbeat in place of the loop.
type witness struct {
	begun bool
	hangs atomic.Bool
	// reported is true until the loop writes the status again.
	reported atomic.Bool
}

// begin starts the checks once. They run in their own goroutine and do not use the agent's state.
func (w *witness) begin(p *plan.Plan) {
	if w.begun || p.Spooled() {
		return
	}
	w.begun = true
	go func() {
		for {
			w.await(p.DumpDirectory, ask(p.DumpDirectory))
			time.Sleep(beatTime)
		}
	}()
}

func ask(directory string) <-chan struct{} {
	answered := make(chan struct{})
	go func() {
		setting.Reach("witness")
		var ignored syscall.Statfs_t
		syscall.Statfs(directory, &ignored) // a network file system sends a request to its server
		close(answered)
	}()
	return answered
}

func (w *witness) await(directory string, answered <-chan struct{}) {
	for asked := time.Now(); ; {
		select {
		case <-answered:
			w.hangs.Store(false)
			return
		case <-time.After(beatTime):
		}
		if time.Since(asked) < hangTime {
			continue
		}
		writeHeartbeat()
		if !w.hangs.Swap(true) {
			w.report(hangs(directory))
		}
	}
}

// report changes the status in place of the loop.
func (w *witness) report(reason string) {
	event.Error("degraded", event.F("reason", reason))
	var last Status
	if json.Unmarshal([]byte(statefile.Read(statusFile(), 1<<20)), &last) != nil {
		return
	}
	last.State, last.Reason = "degraded", reason
	replaceStatus(append(event.JSON(last), '\n'))
	w.reported.Store(true)
}

func hangs(directory string) string {
	return fmt.Sprintf("the storage of the dump directory %s does not answer: dumps wait until it is back", directory)
}
