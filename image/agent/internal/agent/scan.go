package agent

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	"cdk8s-procdump/agent/internal/dumpfile"
	"cdk8s-procdump/agent/internal/event"
	"cdk8s-procdump/agent/internal/safefile"
	"cdk8s-procdump/agent/internal/setting"
)

const (
	// The agent cannot see a writer of another user. A file counts as incomplete after this many looks without growth.
	quietLooks = 15
	// A short file may still grow, so it is examined again after this many looks.
	revisitLooks = 60
)

// The application can create any names in the spool. These are the bounds of what the agent keeps and of what one look
// does.
const (
	lookEntries = 1000
	lookTime    = 200 * time.Millisecond
	folderTime  = 50 * time.Millisecond
	leastTime   = 2 * time.Millisecond
	// Files of one folder that the agent made, if there is no time for all files.
	folderEntries = 200
	maxPending    = 200
	maxSettled    = 1000
	maxForeign    = 500
	maxQueue      = 200
	// ProcDump does not accept longer paths, and the agent's state has room for few of them.
	maxPath = 1024
)

// A file that has not changed for this time is not the beginning of a dump.
var staleTime = time.Minute

// pending is a file that is still being written.
type pending struct {
	info    os.FileInfo
	judged  bool
	verdict dumpfile.Verdict
	quiet   int
	// changedAt is when the agent last saw it grow.
	changedAt time.Time
	// orphaned is whether its target died while it was being written.
	orphaned bool
}

// scanner looks for dumps.
type scanner struct {
	walkers []*dumpfile.Walker
	// next is the walker that continues at the next look.
	next    int
	openers dumpfile.Openers
	// foreign holds files that are not dumps, with their state at that time, up to maxForeign.
	foreign map[string]os.FileInfo
	// crowded is whether a walk found more files than it could record.
	crowded bool
	left    int // ignored files
	// unreadable counts the files of other users.
	unreadable int
	// until is when the time for the folders of this look ends. After that, each folder gets leastTime.
	until time.Time
}

// newWalkers returns the walkers of the dump directory. A spool belongs to this pod, and the user may dump anywhere in
// it. With direct delivery, the store has folders of other pods too.
func (a *Agent) newWalkers() []*dumpfile.Walker {
	root := a.plan.DumpDirectory
	if a.plan.Spooled() {
		return []*dumpfile.Walker{{Root: root, Start: root, Depth: dumpfile.AnyDepth}}
	}
	walkers := []*dumpfile.Walker{{Root: root, Start: a.plan.PodDirectory(), Depth: 2}}
	if a.plan.CrashDumps {
		walkers = append(walkers, &dumpfile.Walker{Root: root, Start: a.plan.CrashDirectory(), Depth: 1})
	}
	return walkers
}

// isOurs reports whether a dump belongs to this pod. In a store, pods share the folder of crash dumps.
func (a *Agent) isOurs(path string) bool {
	if a.plan.Spooled() || filepath.Dir(path) != a.plan.CrashDirectory() {
		return true
	}
	// The runtime uses the host name: the pod's name cut to 63 characters, or the node's name with hostNetwork.
	host, _ := os.Hostname()
	name := filepath.Base(path)
	return strings.HasSuffix(name, ".dmp") && strings.Contains(name, "_"+host+"_")
}

// scan watches new files of any writer until they are finished. Files beyond the budget of a look wait for the next
// one; then the folders that the agent made are examined first.
func (a *Agent) scan() {
	a.looks++
	a.scanner.until = time.Now().Add(4 * lookTime)
	if a.scanner.walkers == nil {
		a.scanner.walkers = a.newWalkers()
	}
	a.followPending(dumpfile.NewBudget(maxPending, lookTime))
	if a.looks%revisitLooks == 0 {
		a.revisit(dumpfile.NewBudget(maxSettled+maxForeign, lookTime))
	}
	if !a.walk(dumpfile.NewBudget(lookEntries, lookTime)) {
		for _, folder := range a.ownFolders() {
			walker := dumpfile.Walker{Root: a.plan.DumpDirectory, Start: folder, Depth: 1}
			walker.Walk(a.folderBudget(), a.meet)
			walker.Close()
		}
	}
	a.reportUnfinished()
}

// walk reports whether this look examined all files.
func (a *Agent) walk(budget *dumpfile.Budget) bool {
	s := &a.scanner
	whole := s.next == 0
	for ; s.next < len(s.walkers); s.next++ {
		if !s.walkers[s.next].Walk(budget, a.meet) {
			a.reportCrowd()
			return false
		}
	}
	s.next = 0
	if whole && !s.crowded {
		a.clearReason("scan")
	}
	s.crowded = false
	a.reportDepth()
	return whole
}

// ownFolders returns the folders in which ProcDump and the runtime write dumps.
func (a *Agent) ownFolders() []string {
	var folders []string
	if a.crash.made && a.plan.Spooled() {
		folders = append(folders, a.plan.CrashDirectory())
	}
	for pid := range a.targets {
		for _, watch := range a.plan.Watches {
			folders = append(folders, a.folderOf(runKey{processKey{pid: pid}, watch.Name}))
		}
		folders = append(folders, a.folderOf(runKey{processKey{pid: pid}, onDemand}))
	}
	return folders
}

// meet records a file that may be a dump.
func (a *Agent) meet(file dumpfile.File) {
	_, waits := a.pending[file.Path]
	if waits || a.settled[file.Path] != "" || a.scanner.foreign[file.Path] != nil || !a.isOurs(file.Path) {
		return
	}
	if a.isCrowded() && isStale(file) {
		return
	}
	if len(event.JSON(file.Path)) > maxPath {
		a.scanner.crowded = true
		a.reportCrowd()
		return
	}
	if len(a.pending) >= a.share(file.Path, maxPending, a.pendingBeside(file.Path)) ||
		len(a.settled) >= a.share(file.Path, maxSettled, 0) {
		a.scanner.crowded = true
		a.reportCrowd()
		return
	}
	a.follow(file.Path)
}

func (a *Agent) followPending(budget *dumpfile.Budget) {
	for path := range a.pending {
		if budget.Spent() {
			return
		}
		budget.Entries--
		a.follow(path)
	}
}

// revisit finds short dumps that have grown, and forgets paths whose file is gone or replaced.
func (a *Agent) revisit(budget *dumpfile.Budget) {
	for path, state := range a.settled {
		if budget.Spent() {
			return
		}
		budget.Entries--
		if state == incomplete && a.hasGrown(path) && dumpfile.JudgePath(a.plan.DumpDirectory, path) == dumpfile.Whole {
			a.settle(path, complete)
		} else if len(a.settled) >= maxSettled/2 && a.isGone(path) {
			a.forget(path)
		}
	}
	for path, before := range a.scanner.foreign {
		if budget.Spent() {
			return
		}
		budget.Entries--
		if now, err := safefile.Lstat(a.plan.DumpDirectory, path); err != nil || !dumpfile.SameContent(now, before) {
			delete(a.scanner.foreign, path)
		}
	}
}

func (a *Agent) follow(path string) {
	file, info, err := safefile.OpenFile(a.plan.DumpDirectory, path)
	why := err
	if err == nil {
		defer file.Close()
	} else if info, err = safefile.Lstat(a.plan.DumpDirectory, path); err != nil || !info.Mode().IsRegular() {
		a.forgetPending(path)
		return
	}
	if file != nil && dumpfile.BeginsForeign(file) {
		a.leaveAlone(path, info)
		return
	}
	now, known := a.pending[path]
	if !known || !dumpfile.SameContent(info, now.info) {
		a.markSpoolChanged()
		a.pending[path] = pending{info: info, changedAt: time.Now(), orphaned: now.orphaned || known && a.isOrphan(path)}
		return
	}
	if !now.judged && file != nil {
		now.judged, now.verdict = true, dumpfile.Judge(file, info.Size())
	}
	now.quiet++
	switch {
	case now.verdict != dumpfile.Whole && now.quiet < quietLooks:
	case file == nil && !errors.Is(why, os.ErrPermission):
		// A lease of the application or a lack of descriptors says nothing about the file.
		now.quiet = 0
	case file != nil && time.Since(now.changedAt) < setting.Unfinished && a.scanner.openers.IsOpen(file, info):
		now.quiet, now.orphaned = 0, now.orphaned || a.isOrphan(path)
	default:
		a.settleQuiet(path, file, info)
		return
	}
	a.pending[path] = now
}

// settleQuiet settles a file that has no writer any more. It waits while too many dumps wait for the store.
func (a *Agent) settleQuiet(path string, file *os.File, info os.FileInfo) {
	verdict := dumpfile.Foreign
	if a.isTooMuch(path, info) {
		a.leaveAlone(path, info)
		return
	}
	if len(a.store.queue) >= a.share(path, maxQueue, a.queuedBeside(path)) {
		a.reportCrowd()
		return
	}
	if file == nil {
		a.reportUnreadable(path)
	} else {
		verdict = dumpfile.Judge(file, info.Size())
	}
	switch verdict {
	case dumpfile.Whole:
		a.settle(path, complete)
	case dumpfile.Short:
		// Outside the agent's own folders, any program may create empty files.
		if info.Size() < dumpfile.HeaderSize && a.attribute(path).Watch == byHand {
			a.leaveAlone(path, info)
			return
		}
		a.settle(path, incomplete)
	default:
		a.leaveAlone(path, info)
	}
}

// folderBudget returns the budget of one folder that the agent made. There may be many such folders.
func (a *Agent) folderBudget() *dumpfile.Budget {
	return dumpfile.NewBudget(folderEntries, max(leastTime, min(folderTime, time.Until(a.scanner.until))))
}

func (a *Agent) forgetPending(path string) { delete(a.pending, path) }
