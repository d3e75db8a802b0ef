package target

import (
	"slices"
	"time"

	"cdk8s-procdump/agent/internal/process"
)

// roots are the processes without a parent inside the shared process namespace: the first process of each container,
// and the commands that probes and `kubectl exec` brought in later, which are younger.
type roots struct {
	until  time.Time
	cut    bool // there were too many processes
	read   bool
	all    map[int]process.Process
	seen   []process.Process
	hidden *process.Process // the oldest of those that may not be looked at
}

// Nobody has so many ancestors.
const maxAncestors = 100

func (r *roots) load() {
	if r.read {
		return
	}
	r.read, r.all = true, map[int]process.Process{}
	for i, pid := range process.All() {
		if i%100 == 99 && time.Now().After(r.until) {
			r.cut = true
			return
		}
		found, ok := process.Read(pid)
		if ok {
			r.all[pid] = found
		}
		if pid == 1 || !ok || found.Parent != 0 || process.OfSidecar(pid) {
			continue
		}
		if !process.Hidden(pid) {
			r.seen = append(r.seen, found)
		} else if r.hidden == nil || found.Start < r.hidden.Start {
			r.hidden = &found
		}
	}
}

// oldest returns the first process of each container.
func (r *roots) oldest() []process.Process {
	r.load()
	var oldest []process.Process
	for _, found := range r.seen {
		if !r.hasOlder(found) {
			oldest = append(oldest, found)
		}
	}
	return oldest
}

// isExecuted tells whether a process was brought into a container that has a first process already, or descends from
// one that was: a health probe, or somebody's tool. What has lost its parents cannot be told, and is the application's.
func (r *roots) isExecuted(pid int) bool {
	r.load()
	found, ok := r.get(pid)
	for i := 0; ok && found.Parent > 1 && i < maxAncestors; i++ {
		found, ok = r.get(found.Parent)
	}
	return ok && found.Parent == 0 && r.hasOlder(found)
}

// get returns a process as it was when all were read; one that has come since is read now.
func (r *roots) get(pid int) (process.Process, bool) {
	if found, ok := r.all[pid]; ok {
		return found, true
	}
	return process.Read(pid)
}

func (r *roots) hasOlder(found process.Process) bool {
	return slices.ContainsFunc(r.seen, func(other process.Process) bool {
		return other.Start < found.Start && process.SameContainer(found.PID, other.PID)
	})
}

// Programs that start the application as their only child, and wait for it.
var inits = []string{"tini", "docker-init", "dumb-init", "catatonit", "sh", "bash", "dash", "ash"}

// behindInit returns the process that an init or a shell runs.
func (r *roots) behindInit(pid int) int {
	r.load()
	for i := 0; i < maxAncestors; i++ {
		name, _ := process.Name(pid)
		if !slices.Contains(inits, name) {
			return pid
		}
		var children []int
		for other, found := range r.all {
			if found.Parent == pid && !found.Ended() {
				children = append(children, other)
			}
		}
		if len(children) != 1 {
			return pid
		}
		pid = children[0]
	}
	return pid
}
