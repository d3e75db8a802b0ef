package agent

import (
	"fmt"
	"os"

	"cdk8s-procdump/agent/internal/event"
	"cdk8s-procdump/agent/internal/process"
)

// Crash dumps: the .NET runtime writes them without us, so the only way to refuse one is a folder that it cannot
// write. A target that runs as root passes every fence.
const (
	fenced      = 0o555
	openToOwner = 0o700
	openToAll   = 0o777 | os.ModeSticky
)

type crashFolder struct {
	made bool
	mode os.FileMode
	open os.FileMode
}

// Whether it is open is decided by what is in the spool already: the container may have been restarted.
func (a *Agent) makeCrashFolder() {
	if !a.plan.CrashDumps {
		return
	}
	a.crash.open = openToOwner
	if os.Geteuid() == 0 {
		a.crash.open = openToAll
	}
	if os.MkdirAll(a.plan.CrashDirectory(), 0o700) != nil {
		a.setReason("crash", fmt.Sprintf("found %s not writable for the sidecar, expected it to hold the folder "+
			"crash: check the volume's mount and owner", a.plan.DumpDirectory))
		return
	}
	a.clearReason("crash")
	a.crash.made = true
	a.checkRoom()
	a.fenceCrashDumps()
}

func (a *Agent) setCrashMode(mode os.FileMode) {
	if mode == a.crash.mode {
		return
	}
	a.crash.mode = mode
	// On SMB the modes are the mount's.
	if os.Chmod(a.plan.CrashDirectory(), mode) != nil && a.plan.SpoolMebibytes > 0 {
		a.setReason("crash", fmt.Sprintf("could not change the mode of %s to %o: it must belong to the sidecar's "+
			"user, remove it", a.plan.CrashDirectory(), mode.Perm()))
	}
}

// A publisher opens the fence to remove what it has published.
func (a *Agent) renewCrashMode() {
	if a.crash.mode != 0 {
		os.Chmod(a.plan.CrashDirectory(), a.crash.mode)
	}
}

// The application's user is known only when the application runs.
func (a *Agent) admitUser(pid int) {
	if !a.plan.CrashDumps {
		return
	}
	own, _ := process.ReadIdentity(0)
	its, ok := process.ReadIdentity(pid)
	if !ok {
		return
	}
	if own.User != its.User {
		a.crash.open = openToAll
	}
	a.fenceCrashDumps()
}

// Where the size of the dump directory is not known, it is in a store and not this pod's alone. Otherwise the room must
// do for the largest dump, also while no target lives: the next one may crash before it is looked at.
func (a *Agent) mustFence() bool {
	return a.plan.SpoolMebibytes > 0 && (a.limited["pod"] != "" || len(a.room.blocked) > 0 ||
		a.room.left < a.room.largest)
}

func (a *Agent) fenceCrashDumps() {
	if !a.crash.made {
		return
	}
	if !a.mustFence() {
		if a.crash.mode == fenced {
			event.Info("crash-dumps-admitted", event.F("reason", "the spool has room again"))
		}
		a.setCrashMode(a.crash.open)
		return
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
