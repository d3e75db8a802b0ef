// Package setting contains paths and times that tests may change.
package setting

import (
	"path/filepath"
	"time"
)

// Paths and times of the agent. Only a build with the tag hooks changes them.
var (
	StateDirectory  = "/run/procdump"
	AnnotationFile  = "/etc/procdump/dump"
	MemoryLimitFile = "/etc/procdump/memory-limit"
	TerminationFile = "/dev/termination-log"
	YamaFile        = "/proc/sys/kernel/yama/ptrace_scope"

	// Backoff is the delay before ProcDump is started again, and before a publication is tried again.
	Backoff = 5 * time.Second
	// Restart is the delay between an unexpected error of the agent and its restart.
	Restart = time.Minute
	// Busy and Idle are the times between two looks.
	Busy = time.Second
	Idle = 2 * time.Second
	// Look is the time between two searches for targets while one is known.
	Look = 5 * time.Second
	// Slow is the time after which the store counts as slow.
	Slow = time.Minute
	// Incomplete is the delay before an incomplete dump is published: its writer may continue.
	Incomplete = time.Minute
	// Unfinished is the time after which an open file that does not grow is reported.
	Unfinished = 10 * time.Minute
	// DumpStart is the time that a dump may take in addition to the time for its bytes.
	DumpStart = time.Minute
	// PublishWait is how long the command dump waits for the publication.
	PublishWait = 5 * time.Minute
)

// dumpRate is slower than any working disk or store, in bytes per second.
const dumpRate = 10 << 20

// DumpTime returns how long a dump of this size may take before its runtime or its disk counts as hanging.
func DumpTime(bytes int64) time.Duration {
	return DumpStart + time.Duration(bytes/dumpRate)*time.Second
}

// Reach is called at the steps where a test may interfere.
var Reach = func(step string) {}

// State returns the path of a file of the agent's state.
func State(name ...string) string {
	return filepath.Join(append([]string{StateDirectory}, name...)...)
}
