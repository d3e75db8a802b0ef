package target

import (
	"fmt"
	"os"
	"strings"

	"cdk8s-procdump/agent/internal/plan"
	"cdk8s-procdump/agent/internal/process"
	"cdk8s-procdump/agent/internal/setting"
	"cdk8s-procdump/agent/internal/statefile"
)

// wouldBeLed reports whether the sidecar is root and a .NET process is not. Root would read and remove what the user of
// the process writes, and follow its links.
func (f *Finder) wouldBeLed(pid int) bool {
	own, _ := process.ReadIdentity(0)
	its, ok := process.ReadIdentity(pid)
	return own.User == "0" && ok && its.User != "0"
}

func wouldBeLed(pid int, name string) string {
	its, _ := process.ReadIdentity(pid)
	return fmt.Sprintf("found .NET process %d (%s) of %s beside a sidecar that is root and would follow its links: "+
		"run the sidecar as the same user, TargetAccess.sameUser({ uid: %s, gid: %s })", pid, name, its, its.User,
		its.Group)
}

// AccessProblem returns why ProcDump may be unable to read a target, or "".
func AccessProblem(p *plan.Plan, pid int, name string) string {
	own, _ := process.ReadIdentity(0)
	its, ok := process.ReadIdentity(pid)
	if !ok {
		return ""
	}
	if p.Runtime == plan.Native {
		scope := strings.TrimSpace(statefile.Read(setting.YamaFile, 10))
		if problem := ptraceProblem(scope, own.Has(sysPtrace)); problem != "" {
			return fmt.Sprintf("ProcDump cannot read target %d (%s)%s", pid, name, problem)
		}
	}
	if own.String() == its.String() {
		return ""
	}
	if own.User != "0" {
		return fmt.Sprintf("ProcDump runs as %s, target %d (%s) as %s, and must have its user and its group: run "+
			"the sidecar as the same user, TargetAccess.sameUser({ uid: %s, gid: %s })",
			own, pid, name, its, its.User, its.Group)
	}
	lacking := ""
	// Without these capabilities, root can neither read the target, nor signal it, nor use its socket.
	for _, capability := range []struct {
		bit  uint
		name string
	}{{sysPtrace, "SYS_PTRACE"}, {5, "KILL"}, {1, "DAC_OVERRIDE"}} {
		if !own.Has(capability.bit) {
			lacking += " " + capability.name
		}
	}
	if lacking == "" {
		return ""
	}
	return fmt.Sprintf("ProcDump runs as root without%s, target %d (%s) as %s: add the capabilities with "+
		"TargetAccess.privileged()", lacking, pid, name, its)
}

const sysPtrace = 19

// ptraceProblem returns how Yama restricts the node. A .NET runtime admits the process that writes its dump.
func ptraceProblem(scope string, hasPtrace bool) string {
	switch {
	case scope == "3":
		return ": kernel.yama.ptrace_scope of the node is 3, set it to a lower value and restart the node"
	case scope == "2" && !hasPtrace:
		return ": kernel.yama.ptrace_scope of the node is 2, use TargetAccess.privileged()"
	case scope == "1" && !hasPtrace:
		return " unless the program calls prctl(PR_SET_PTRACER): kernel.yama.ptrace_scope of the node is 1, use " +
			"TargetAccess.privileged()"
	}
	return ""
}

// Debugger returns the process that traces a target, or "".
func Debugger(pid int) string {
	tracer := process.Tracer(pid)
	if tracer == 0 {
		return ""
	}
	name, _ := process.Name(tracer)
	return fmt.Sprintf("process %d (%s)", tracer, name)
}

// WhyNoDump returns the likely reason why a dump does not arrive.
func WhyNoDump(p *plan.Plan, pid int) string {
	found, _ := process.Read(pid)
	switch debugger := Debugger(pid); {
	case found.State == 'T':
		return "the process is stopped, send it SIGCONT"
	case debugger != "" && p.Runtime == plan.Dotnet:
		return debugger + " holds it, detach it"
	case p.Runtime == plan.Dotnet:
		return "its .NET runtime does not answer"
	}
	return "the disk of the dump directory is too slow or hangs"
}

// sharesDumpDirectory reports whether the target has the dump directory, because its runtime writes the dumps. It
// returns true if the kernel denies access to the target, which is reported elsewhere.
func (f *Finder) sharesDumpDirectory(pid int) bool {
	root := fmt.Sprintf("/proc/%d/root", pid)
	if _, err := os.Stat(root + "/."); err != nil {
		return true
	}
	its, err := os.Stat(root + f.Plan.DumpDirectory)
	own, ownErr := os.Stat(f.Plan.DumpDirectory)
	return err == nil && ownErr == nil && os.SameFile(its, own)
}
