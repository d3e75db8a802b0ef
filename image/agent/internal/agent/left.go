package agent

import (
	"fmt"
	"os"
	"syscall"

	"cdk8s-procdump/agent/internal/event"
	"cdk8s-procdump/agent/internal/spool"
)

// Files that the agent ignores, because they are not dumps or because no regular writer leaves them.

// maxLeftEvents is how many ignored files are logged. The application could create any number.
const maxLeftEvents = 20

// byHandBeside is how many dumps by hand are taken beyond the limit of the pod.
const byHandBeside = 5

// isTooMuch reports whether no regular writer leaves such a file: it has several names, is larger than the spool, or is
// one of too many dumps by hand, which would push other dumps out of the store.
func (a *Agent) isTooMuch(path string, info os.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	size := a.plan.SpoolMebibytes * spool.MiB
	limit := a.plan.Limits.DumpsPerPod + byHandBeside
	switch {
	case ok && stat.Nlink > 1:
		a.reportLeft(path, "it has several names")
	case size > 0 && info.Size() > size:
		a.reportLeft(path, fmt.Sprintf("it has %d MiB, and the spool may hold %d", info.Size()/spool.MiB,
			a.plan.SpoolMebibytes))
	case a.byHand >= limit && a.attribute(path).Watch == byHand:
		a.reportLeft(path, fmt.Sprintf("%d dumps were made by hand, which is dumpsPerPod + %d", a.byHand,
			byHandBeside))
	default:
		return false
	}
	return true
}

func (a *Agent) reportLeft(path, why string) {
	if a.scanner.left++; a.scanner.left > maxLeftEvents {
		return
	}
	event.Warn("file-left", event.F("path", path), event.F("reason", why+": it is not published, take the dump with the "+
		"command dump"))
}

// leaveAlone remembers that a file is not a dump.
func (a *Agent) leaveAlone(path string, info os.FileInfo) {
	a.forgetPending(path)
	if len(a.scanner.foreign) < maxForeign {
		a.scanner.foreign[path] = info
	}
}
