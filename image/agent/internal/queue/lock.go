package queue

import (
	"fmt"

	"cdk8s-procdump/agent/internal/process"
	"cdk8s-procdump/agent/internal/setting"
	"cdk8s-procdump/agent/internal/statefile"
)

// DumpLock holds the number and the start of the process that takes a dump for a person.
func DumpLock() string { return setting.State("dump.lock") }

// DumpHolder returns that process; 0 where none lives. Stale tells that the lock was left by one that has ended.
func DumpHolder() (pid int, stale bool) {
	var start uint64
	fmt.Sscan(statefile.Read(DumpLock(), 100), &pid, &start)
	if pid > 0 && !process.Alive(pid, start) {
		return 0, true
	}
	return pid, false
}
