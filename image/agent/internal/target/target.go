// Package target finds the target processes.
package target

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"

	"cdk8s-procdump/agent/internal/plan"
	"cdk8s-procdump/agent/internal/process"
	"cdk8s-procdump/agent/internal/setting"
)

// Target is a process that is watched. PID and Start together identify it uniquely.
type Target struct {
	PID   int
	Start uint64
	Name  string
}

// Finder searches for targets. It rarely searches all of /proc while one is known.
type Finder struct {
	Plan *plan.Plan
	// Problem is why processes that look like targets are not targets.
	Problem string

	found   map[int]Target
	foreign string
	lookAt  time.Time
	// restUntil limits the share of time that long searches use.
	restUntil time.Time
	spent     time.Duration
	// names is where an unfinished search continues.
	names   *os.File
	sockets []string
	roots   *roots
}

const (
	// A search may use one part in this many of the time.
	searchShare = 200
	longestRest = time.Minute
	// A search this short needs no rest.
	shortSearch = 20 * time.Millisecond
	searchTime  = 300 * time.Millisecond
	// MaxTargets is how many processes are watched. Each has one ProcDump per watch.
	MaxTargets = 20
)

// Find returns the live targets. Known are the targets of the last look. Find calls saw with the state of each.
func (f *Finder) Find(known map[int]Target, saw func(pid int, state byte)) map[int]Target {
	began, used := time.Now(), cpuTime()
	alive := stillAlive(known, saw)
	if len(alive) == len(known) && len(known) > 0 && began.Before(f.lookAt) || began.Before(f.restUntil) {
		return alive
	}
	f.lookAt = began.Add(setting.Look)
	done := f.search(began.Add(searchTime))
	f.spent += cpuTime() - used
	if !done {
		for pid, target := range f.found {
			alive[pid] = target
		}
		return alive
	}
	if f.spent > shortSearch {
		f.restUntil = time.Now().Add(min(searchShare*f.spent, longestRest))
	}
	f.spent = 0
	return f.found
}

// search reports whether it is finished. Otherwise the next look continues it.
func (f *Finder) search(until time.Time) (done bool) {
	if f.names == nil {
		f.found, f.foreign, f.sockets, f.roots = map[int]Target{}, "", nil, &roots{until: until}
	}
	if f.Plan.Runtime == plan.Dotnet {
		return f.findDotnet(until)
	}
	f.Problem = ""
	if f.Plan.ProcessName != "" {
		f.findNamed(until)
	} else {
		f.findMain()
	}
	if f.roots.cut && f.Problem == "" {
		f.Problem = tooMuch("processes")
	}
	return true
}

func tooMuch(what string) string {
	return fmt.Sprintf("found more %s in this pod than one search can examine in %d ms: targets may be missed; "+
		"remove those that do not belong there", what, searchTime.Milliseconds())
}

// IsUnfinished reports whether the next Find continues an unfinished search.
func (f *Finder) IsUnfinished() bool { return f.names != nil }

// LookAgain makes the next Find search immediately.
func (f *Finder) LookAgain() { f.lookAt, f.restUntil = time.Time{}, time.Time{} }

func cpuTime() time.Duration {
	var usage syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &usage) != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func stillAlive(known map[int]Target, saw func(int, byte)) map[int]Target {
	alive := make(map[int]Target, len(known))
	for pid, target := range known {
		found, ok := process.Read(pid)
		if ok && found.Start == target.Start && !found.Ended() {
			alive[pid] = target
			saw(pid, found.State)
		}
	}
	return alive
}

// findDotnet searches for sockets: the runtime creates its socket shortly after its start, and ProcDump takes a .NET
// process without one for a native process. The folder belongs to the application and contains the sockets of all
// runtimes that were ever killed.
func (f *Finder) findDotnet(until time.Time) (done bool) {
	if f.names == nil {
		f.names, _ = os.Open(f.Plan.Pod.TemporaryDirectory)
		f.Problem = ""
	}
	for f.names != nil {
		names, err := f.names.Readdirnames(100)
		for _, name := range names {
			f.checkSocket(name)
		}
		if err != nil {
			f.names.Close()
			f.names = nil
		} else if !time.Now().Before(until) {
			return false
		}
	}
	// If there is a target, the other process is a neighbour with the diagnostics directory, such as dotnet-monitor.
	if len(f.found) == 0 && f.Problem == "" {
		f.Problem = f.foreign
	}
	return true
}

var socketName = regexp.MustCompile(`^dotnet-diagnostic-([0-9]{1,10})-([0-9]{1,20})-socket$`)

// parseSocket parses the name of a socket whose process exists. A killed runtime leaves its socket behind.
func parseSocket(name string) (pid int, start uint64, ok bool) {
	beginning, found := strings.CutPrefix(name, "dotnet-diagnostic-")
	number, _, _ := strings.Cut(beginning, "-")
	if pid, _ = strconv.Atoi(number); !found || pid <= 0 || !process.Exists(pid) {
		return 0, 0, false
	}
	match := socketName.FindStringSubmatch(name)
	if match == nil {
		return 0, 0, false
	}
	start, err := strconv.ParseUint(match[2], 10, 64)
	return pid, start, err == nil
}

func (f *Finder) checkSocket(name string) {
	pid, start, ok := parseSocket(name)
	if !ok {
		return
	}
	socket := filepath.Join(f.Plan.Pod.TemporaryDirectory, name)
	if info, err := os.Lstat(socket); err != nil || info.Mode()&os.ModeSocket == 0 || !process.Alive(pid, start) {
		return
	}
	program, ok := process.Name(pid)
	if !ok || f.Plan.ProcessName != "" && program != f.Plan.ProcessName || process.OfSidecar(pid) ||
		isPause(pid) {
		return
	}
	switch {
	case f.roots.isExecuted(pid):
	case f.wouldBeLed(pid):
		f.Problem = wouldBeLed(pid, program)
	case !f.sharesDumpDirectory(pid):
		f.foreign = fmt.Sprintf("found .NET process %d (%s), in whose container %s is another folder or none, so "+
			"its runtime cannot write dumps there: mount the sidecar's volume at this path in the container of "+
			"the target", pid, program, f.Plan.DumpDirectory)
	case f.isListed(" "+socket) && f.firstListed(pid) != socket:
		f.Problem = fmt.Sprintf("found %s, but ProcDump would use %s, of another pod with hostNetwork on this node, "+
			"whose process has the same number: remove hostNetwork, or run one such .NET pod on a node", socket,
			f.firstListed(pid))
	case !f.isListed(" " + socket):
		f.Problem = fmt.Sprintf("found %s, but /proc/net/unix lists it under another path, so that ProcDump would "+
			"treat the process as native: set TMPDIR of the target exactly to '%s'",
			socket, f.Plan.Pod.TemporaryDirectory)
	default:
		f.add(Target{pid, start, program})
	}
}

// Process 1 of the pod is the pause container. It is not a target, whatever the name of a socket.
func isPause(pid int) bool { return pid == 1 }

// add keeps the oldest processes if there are too many: the later ones are the attack or the accident.
func (f *Finder) add(target Target) {
	f.found[target.PID] = target
	if len(f.found) <= MaxTargets {
		return
	}
	youngest := target
	for _, other := range f.found {
		if other.Start > youngest.Start || other.Start == youngest.Start && other.PID > youngest.PID {
			youngest = other
		}
	}
	delete(f.found, youngest.PID)
	f.Problem = fmt.Sprintf("found more than %d target processes, of which the oldest are watched: name the one that "+
		"matters with processName", MaxTargets)
}

func (f *Finder) findNamed(until time.Time) {
	for i, pid := range process.All() {
		if i%100 == 99 && time.Now().After(until) {
			f.roots.cut = true
			return
		}
		name, ok := process.Name(pid)
		if ok && name == f.Plan.ProcessName && !process.OfSidecar(pid) && !f.roots.isExecuted(pid) {
			f.addNative(pid, name)
		}
	}
}

// findMain finds the only main process. Each exec passes through a process of root that is hidden for some
// milliseconds, so a visible process takes precedence over a hidden one.
func (f *Finder) findMain() {
	oldest := f.roots.oldest()
	if len(oldest) > 1 {
		f.Problem = fmt.Sprintf("found main processes of several containers (%d and %d), expected one: name the "+
			"process with ProcDumpTarget.native({ processName })", oldest[0].PID, oldest[1].PID)
		return
	}
	if len(oldest) == 0 && f.roots.hidden != nil {
		oldest = []process.Process{*f.roots.hidden}
	}
	if len(oldest) == 1 {
		pid := f.roots.behindInit(oldest[0].PID)
		if name, ok := process.Name(pid); ok {
			f.addNative(pid, name)
		}
	}
}

// addNative refuses .NET processes: a native dump of one contains its whole address space, hundreds of GB. Its socket
// is in /proc/net/unix even if its folder is not shared, because a pod has one network namespace.
func (f *Finder) addNative(pid int, name string) {
	found, ok := process.Read(pid)
	if !ok || found.Ended() {
		return
	}
	if f.isListed(fmt.Sprintf("/dotnet-diagnostic-%d-", pid)) {
		f.Problem = fmt.Sprintf("found process %d (%s) to be a .NET process, expected a native one: use "+
			"ProcDumpTarget.dotnet()", pid, name)
		return
	}
	f.add(Target{pid, found.Start, name})
}

// WaitingFor describes the process that is searched for.
func WaitingFor(p *plan.Plan) string {
	text := "no live process"
	if p.ProcessName != "" {
		text += " named " + p.ProcessName
	}
	text += " of another container"
	if p.Runtime == plan.Dotnet {
		text += " with a .NET diagnostics socket in " + p.Pod.TemporaryDirectory
	}
	return text
}
