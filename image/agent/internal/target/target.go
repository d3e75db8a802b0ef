// Package target finds the processes that are watched.
package target

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"cdk8s-procdump/agent/internal/folder"
	"cdk8s-procdump/agent/internal/plan"
	"cdk8s-procdump/agent/internal/process"
	"cdk8s-procdump/agent/internal/setting"
)

// Target is a process that is watched. PID and Start together name it once and for all.
type Target struct {
	PID   int
	Start uint64
	Name  string
}

// Finder looks for targets. Searching all of /proc is rare while one is known.
type Finder struct {
	Plan *plan.Plan
	// Problem says why processes that look like targets are none.
	Problem string

	found   map[int]Target
	lookAt  time.Time
	sockets []string
	roots   *roots
}

// Find returns the targets that live. Known are those of before, with what was seen of their state.
func (f *Finder) Find(known map[int]Target, saw func(pid int, state byte)) map[int]Target {
	if time.Now().Before(f.lookAt) && len(known) > 0 {
		if all := stillAlive(known, saw); all {
			return known
		}
	}
	f.lookAt = time.Now().Add(setting.Look)
	f.found, f.Problem, f.sockets, f.roots = map[int]Target{}, "", nil, &roots{}
	switch {
	case f.Plan.Runtime == plan.Dotnet:
		f.findDotnet()
	case f.Plan.ProcessName != "":
		f.findNamed()
	default:
		f.findMain()
	}
	return f.found
}

// LookAgain makes the next Find search anew.
func (f *Finder) LookAgain() { f.lookAt = time.Time{} }

func stillAlive(known map[int]Target, saw func(int, byte)) bool {
	for pid, target := range known {
		found, ok := process.Read(pid)
		if !ok || found.Start != target.Start || found.Ended() {
			return false
		}
		saw(pid, found.State)
	}
	return true
}

var socketName = regexp.MustCompile(`^dotnet-diagnostic-([0-9]{1,10})-([0-9]{1,20})-socket$`)

// The runtime makes its socket a moment after the start. A .NET process armed before is taken for a native one.
func (f *Finder) findDotnet() {
	foreign := ""
	for _, name := range folder.Names(f.Plan.Pod.TemporaryDirectory) {
		match := socketName.FindStringSubmatch(name)
		if match == nil {
			continue
		}
		pid, _ := strconv.Atoi(match[1])
		start, _ := strconv.ParseUint(match[2], 10, 64)
		socket := filepath.Join(f.Plan.Pod.TemporaryDirectory, name)
		// A runtime that was killed leaves its socket behind.
		if info, err := os.Lstat(socket); err != nil || info.Mode()&os.ModeSocket == 0 || !process.Alive(pid, start) {
			continue
		}
		program, ok := process.Name(pid)
		if !ok || f.Plan.ProcessName != "" && program != f.Plan.ProcessName || process.SameContainer(pid, 0) {
			continue
		}
		switch {
		case f.roots.isExecuted(pid):
		case f.wouldBeLed(pid):
			f.Problem = wouldBeLed(pid, program)
		case !f.sharesDumpDirectory(pid):
			foreign = fmt.Sprintf("found .NET process %d (%s), in whose container %s is another folder or none, so "+
				"its runtime cannot write dumps there: mount the sidecar's volume at this path in the container of "+
				"the target", pid, program, f.Plan.DumpDirectory)
		case f.isListed(" "+socket) && f.firstListed(pid) != socket:
			f.Problem = fmt.Sprintf("found %s, but ProcDump would use %s, of another pod with hostNetwork on this node, "+
				"whose process has the same number: remove hostNetwork, or run one such .NET pod on a node", socket,
				f.firstListed(pid))
		case !f.isListed(" " + socket):
			f.Problem = fmt.Sprintf("found %s, but /proc/net/unix does not name it so, and ProcDump would take the "+
				"process for a native one: set TMPDIR of the target exactly to '%s'",
				socket, f.Plan.Pod.TemporaryDirectory)
		default:
			f.found[pid] = Target{pid, start, program}
		}
	}
	// Beside a target it is a neighbour that has the diagnostics directory too, as dotnet-monitor has.
	if len(f.found) == 0 && f.Problem == "" {
		f.Problem = foreign
	}
}

// The target's runtime writes its dumps itself, so it has the dump directory. Where that may not be looked at, the
// access to the target is reported.
func (f *Finder) sharesDumpDirectory(pid int) bool {
	root := fmt.Sprintf("/proc/%d/root", pid)
	if _, err := os.Stat(root + "/."); err != nil {
		return true
	}
	its, err := os.Stat(root + f.Plan.DumpDirectory)
	own, ownErr := os.Stat(f.Plan.DumpDirectory)
	return err == nil && ownErr == nil && os.SameFile(its, own)
}

func (f *Finder) isListed(part string) bool { return f.listed(part) != "" }

// listed returns the first line of the sockets in use that holds a text.
func (f *Finder) listed(part string) string {
	if f.sockets == nil {
		text, _ := os.ReadFile("/proc/net/unix")
		f.sockets = strings.Split(string(text), "\n")
	}
	for _, line := range f.sockets {
		if strings.Contains(line, part) {
			return line
		}
	}
	return ""
}

// firstListed returns the socket that ProcDump uses for a process: it does not look at the start time in the name.
func (f *Finder) firstListed(pid int) string {
	beginning := fmt.Sprintf("%s/dotnet-diagnostic-%d-", f.Plan.Pod.TemporaryDirectory, pid)
	line := f.listed(" " + beginning)
	return line[strings.Index(line, " "+beginning)+1:]
}

func (f *Finder) findNamed() {
	for _, pid := range process.All() {
		name, ok := process.Name(pid)
		if ok && name == f.Plan.ProcessName && !process.OfSidecar(pid) && !f.roots.isExecuted(pid) {
			f.addNative(pid, name)
		}
	}
}

// Each exec passes through a process of root that is hidden for some milliseconds: it never outvotes a process that can
// be seen.
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
		pid := behindInit(oldest[0].PID)
		if name, ok := process.Name(pid); ok {
			f.addNative(pid, name)
		}
	}
}

// A native dump of a .NET process is its whole address space, hundreds of GB. Its socket shows in /proc/net/unix even
// where its folder is not shared, because a pod has one network namespace.
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
	f.found[pid] = Target{pid, found.Start, name}
}

// WaitingFor says what is searched for.
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
