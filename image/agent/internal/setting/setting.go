// Package setting holds what a test may change: where files are, and how long the agent waits.
package setting

import (
	"path/filepath"
	"time"
)

// Places and times of the agent. Only a build with the tag hooks changes them.
var (
	StateDirectory  = "/run/procdump"
	AnnotationFile  = "/etc/procdump/dump"
	MemoryLimitFile = "/etc/procdump/memory-limit"
	TerminationFile = "/dev/termination-log"
	YamaFile        = "/proc/sys/kernel/yama/ptrace_scope"

	// Backoff is the wait before ProcDump is started again, and before a publication is tried again.
	Backoff = 5 * time.Second
	// Restart is the wait from an error of the agent itself to its new beginning.
	Restart = time.Minute
	// Busy and Idle are the times between two looks at everything.
	Busy = time.Second
	Idle = 2 * time.Second
	// Look is the time between two searches for targets while one is known.
	Look = 5 * time.Second
	// Slow is the time after which the store is called slow.
	Slow = time.Minute
	// Incomplete is the time before a broken dump is published: its writer may go on.
	Incomplete = time.Minute
	// Unfinished is the time after which a file that is open and does not grow is said to hang.
	Unfinished = 10 * time.Minute
	// DumpStart is what a dump may take beside the time for its bytes.
	DumpStart = time.Minute
	// PublishWait is how long the command dump waits for the store.
	PublishWait = 5 * time.Minute
)

// dumpRate is slower than any disk or store that works, in bytes a second.
const dumpRate = 10 << 20

// DumpTime is how long a dump of so many bytes may take before its runtime or its disk is said to hang.
func DumpTime(bytes int64) time.Duration {
	return DumpStart + time.Duration(bytes/dumpRate)*time.Second
}

// Reach marks a step at which a test may interfere.
var Reach = func(step string) {}

// State returns the path of a file of the agent's state.
func State(name ...string) string {
	return filepath.Join(append([]string{StateDirectory}, name...)...)
}
