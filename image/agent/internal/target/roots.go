package target

import (
	"slices"
	"time"

	"cdk8s-procdump/agent/internal/process"
)

// roots are the processes without a parent in the shared process namespace: the first process of each container, and
// the younger commands that probes and `kubectl exec` started.
type roots struct {
	until  time.Time
	cut    bool // there are too many processes
	read   bool
	all    map[int]process.Process
	seen   []process.Process
	hidden *process.Process // the oldest hidden process
}

// A process has fewer ancestors than this.
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

// isExecuted reports whether a process was started in a container with an older first process, or descends from such a
// process: a health probe or a tool. A process whose parents have ended counts as the application's.
func (r *roots) isExecuted(pid int) bool {
	r.load()
	found, ok := r.get(pid)
	for i := 0; ok && found.Parent > 1 && i < maxAncestors; i++ {
		found, ok = r.get(found.Parent)
	}
	return ok && found.Parent == 0 && r.hasOlder(found)
}

// get returns a process as it was when all were read, or reads it if it is newer.
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

// Programs that start the application as their only child and wait for it.
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
