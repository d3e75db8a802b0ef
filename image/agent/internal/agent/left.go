package agent

import (
	"fmt"
	"os"
	"syscall"

	"cdk8s-procdump/agent/internal/event"
	"cdk8s-procdump/agent/internal/plan"
	"cdk8s-procdump/agent/internal/queue"
	"cdk8s-procdump/agent/internal/spool"
)

// Files that the agent ignores, because they are not dumps or because no regular writer leaves them.

// maxLeftEvents is how many ignored files of each kind are logged. The application could create any number.
const maxLeftEvents = 20

// isTooMuch reports whether no regular writer leaves such a file: it has several names, is larger than the spool, or is
// one of too many dumps, which would displace others in the store. The application can write into all folders of the
// spool, so each kind of dump has a limit.
func (a *Agent) isTooMuch(path string, info os.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	size := a.plan.SpoolMebibytes * spool.MiB
	limit := a.plan.Limits.DumpsPerPod + plan.DumpsBeside
	watch := a.attribute(path).Watch
	switch {
	case ok && stat.Nlink > 1:
		a.reportLeft(path, "it has several names")
	case size > 0 && info.Size() > size:
		a.reportLeft(path, fmt.Sprintf("it has %d MiB, and the spool may hold %d", info.Size()/spool.MiB,
			a.plan.SpoolMebibytes))
	case watch == byHand && a.byHand >= limit:
		a.reportLeft(path, fmt.Sprintf("%d dumps were made by hand, which is dumpsPerPod + %d", a.byHand,
			plan.DumpsBeside))
	case watch == onDemand && a.onDemand >= queue.CountAsked()+plan.DumpsBeside:
		a.reportLeft(path, fmt.Sprintf("%d dumps are on demand, which is %d more than the requests", a.onDemand,
			plan.DumpsBeside))
	case watch != byHand && watch != onDemand && a.triggered() >= limit+a.dumpsAtOnce():
		a.reportLeft(path, fmt.Sprintf("%d dumps were taken by triggers and crashes, which is more than dumpsPerPod "+
			"and all that can fire at once", a.triggered()))
	default:
		return false
	}
	return true
}

// dumpsAtOnce returns how many dumps may be in progress when the limit of the pod is reached: one for each trigger and
// one for a crash, for each target and for one that has just ended.
func (a *Agent) dumpsAtOnce() int {
	each := 1
	for _, watch := range a.plan.Watches {
		each += watch.AtOnce()
	}
	return (len(a.targets) + 1) * each
}

func (a *Agent) reportLeft(path, why string) {
	if a.scanner.left++; a.scanner.left > maxLeftEvents {
		return
	}
	event.Warn("file-left", event.F("path", path), event.F("reason", why+": it is not published, take the dump with the "+
		"command dump"))
}

func (a *Agent) reportUnreadable(path string) {
	if a.scanner.unreadable++; a.scanner.unreadable > maxLeftEvents {
		return
	}
	event.Warn("file-unreadable", event.F("path", path), event.F("reason", "it belongs to another user and "+
		"cannot be read, so that it is not published: give it the sidecar's user"))
}

// leaveAlone remembers that a file is not a dump.
func (a *Agent) leaveAlone(path string, info os.FileInfo) {
	a.forgetPending(path)
	if len(a.scanner.foreign) < maxForeign {
		a.scanner.foreign[path] = info
	}
}
