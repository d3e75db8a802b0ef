package queue

import (
	"fmt"
	"os"
	"time"

	"cdk8s-procdump/agent/internal/process"
	"cdk8s-procdump/agent/internal/setting"
	"cdk8s-procdump/agent/internal/statefile"
)

// DumpLock is the file with the id and the start of the process that takes a dump on demand.
func DumpLock() string { return setting.State("dump.lock") }

// DumpHolder returns the id of that process, or 0 if none lives. Stale is whether the process of the lock has ended.
func DumpHolder() (pid int, stale bool) {
	var start uint64
	if _, err := fmt.Sscan(statefile.Read(DumpLock(), 100), &pid, &start); err != nil {
		// Its holder has created it and is writing its process id, unless the lock is old.
		info, err := os.Lstat(DumpLock())
		return 0, err == nil && time.Since(info.ModTime()) > unreadableTime
	}
	if pid > 0 && !process.Alive(pid, start) {
		return 0, true
	}
	return pid, false
}

// unreadableTime is longer than writing a process id takes.
const unreadableTime = 10 * time.Second
