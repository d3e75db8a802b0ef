package agent

import (
	"fmt"
	"os"

	"cdk8s-procdump/agent/internal/dumpfile"
	"cdk8s-procdump/agent/internal/event"
	"cdk8s-procdump/agent/internal/safefile"
)

// Modes of the folder of crash dumps. The .NET runtime writes crash dumps by itself. The agent can refuse them only by
// making the folder read-only, which does not stop a target that runs as root.
const (
	fenced = 0o555
	open   = 0o700
)

type crashFolder struct {
	made bool
	mode os.FileMode
}

// makeCrashFolder creates the folder. What the spool already contains decides its mode, because the container may have
// been restarted.
func (a *Agent) makeCrashFolder() {
	if !a.plan.CrashDumps {
		return
	}
	if err := dumpfile.MakeFolder(a.plan, a.plan.CrashDirectory()); err != nil {
		a.setReason("crash", err.Error())
		return
	}
	a.clearReason("crash")
	a.crash.made = true
	a.checkRoom()
	a.fenceCrashDumps()
}

// The application may have removed the folder or changed its mode, so both are checked each time.
func (a *Agent) setCrashMode(mode os.FileMode) {
	there, err := safefile.Lstat(a.plan.DumpDirectory, a.plan.CrashDirectory())
	if mode == a.crash.mode && err == nil && there.IsDir() && (there.Mode().Perm() == mode || a.plan.SpoolMebibytes == 0) {
		return
	}
	if err := dumpfile.MakeFolder(a.plan, a.plan.CrashDirectory()); err != nil {
		a.setReason("crash", err.Error())
		return
	}
	a.crash.mode = mode
	now, err := dumpfile.SetMode(a.plan, a.plan.CrashDirectory(), mode)
	a.clearReason("crash")
	// On SMB the mount determines the modes, but chmod succeeds.
	if a.plan.SpoolMebibytes > 0 && (err != nil || now != mode) {
		a.setReason("crash", fmt.Sprintf("could not change the mode of %s to %o: it must belong to the sidecar's "+
			"user, and be on a file system with modes", a.plan.CrashDirectory(), mode.Perm()))
	}
}

// renewCrashMode sets the mode again after a publisher made the folder writable to remove a published dump.
func (a *Agent) renewCrashMode() {
	if a.crash.mode != 0 {
		dumpfile.SetMode(a.plan, a.plan.CrashDirectory(), a.crash.mode)
	}
}

// mustFence reports whether the largest dump may not fit. It counts without a live target too: the next target may
// crash before the agent finds it.
func (a *Agent) mustFence() bool {
	return a.limited["pod"] != "" || len(a.room.blocked) > 0 || a.room.left < a.room.largest
}

// reportUnlimitedCrashes warns that crash dumps are not limited. If the size of the dump directory is unknown, it is in
// a store and serves other pods too, so its folder stays writable.
func (a *Agent) reportUnlimitedCrashes() {
	if a.limited["pod"] == "" || a.limited["crash"] != "" {
		return
	}
	a.limited["crash"] = "the runtime can go on writing crash dumps, because their folder in the store serves all " +
		"pods: use spooled delivery to limit them"
	event.Warn("crash-dumps-unlimited", event.F("reason", a.limited["crash"]))
}

func (a *Agent) fenceCrashDumps() {
	if !a.crash.made {
		return
	}
	if a.plan.SpoolMebibytes == 0 {
		a.setCrashMode(open)
		a.reportUnlimitedCrashes()
		return
	}
	if !a.mustFence() {
		a.clearReason("fence")
		if a.crash.mode == fenced {
			event.Info("crash-dumps-admitted", event.F("reason", "the spool has room again"))
		}
		a.setCrashMode(open)
		return
	}
	if a.limited["pod"] == "" {
		a.setReason("fence", "the runtime cannot write crash dumps: the spool has no room for another dump; wait for the "+
			"publication, or raise the spool's sizeLimit")
	}
	if a.crash.mode != fenced {
		reason := a.limited["pod"]
		if reason == "" {
			reason = "the spool has no room for another dump"
		}
		event.Warn("crash-dumps-fenced", event.F("reason", reason+": the runtime cannot write crash dumps until "+
			"this ends"))
	}
	a.setCrashMode(fenced)
}
