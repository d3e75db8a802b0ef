package agent

import (
	"fmt"
	"time"

	"cdk8s-procdump/agent/internal/dumpfile"
	"cdk8s-procdump/agent/internal/event"
	"cdk8s-procdump/agent/internal/spool"
)

const (
	// The spool is measured after a change, and after this time, because others may fill the disk.
	measureTime  = 5 * time.Minute
	estimateTime = 10 * time.Second
	// Files in one look.
	measureEntries = 3000
)

// room is the free space of the spool, and the dumps that fit into it.
type room struct {
	spool.Room
	meter       spool.Meter
	left        int64
	measuredAt  time.Time
	estimatedAt time.Time
	estimated   map[int]bool
	// blocked holds the targets without room for a dump, fitting the number of watches that may be armed for a target.
	blocked map[int]bool
	fitting map[int]int
	// largest is the largest estimate of the living targets, or of the last one, for crash dumps.
	largest int64
}

func newRoom() room {
	return room{blocked: map[int]bool{}, fitting: map[int]int{}, estimated: map[int]bool{}}
}

func (a *Agent) markSpoolChanged() { a.room.measuredAt = time.Time{} }

// fits reports whether a watch may be armed. Only the first watches are, if there is no room for a dump of each.
func (a *Agent) fits(pid, index int) bool {
	count, known := a.room.fitting[pid]
	return !known || index < count
}

func (a *Agent) fitsWatch(key runKey) bool {
	for i, watch := range a.plan.Watches {
		if watch.Name == key.watch {
			return a.fits(key.pid, i)
		}
	}
	return false
}

func (a *Agent) mustMeasure() bool {
	age := time.Since(a.room.measuredAt)
	return age >= measureTime || len(a.room.blocked) > 0 && age >= estimateTime
}

// measure measures the spool. If it has too many files for one look, the next look continues, and until then the higher
// number counts.
func (a *Agent) measure() {
	before := a.room.Used
	var done bool
	if a.room.Room, done = a.room.meter.Measure(a.plan, dumpfile.NewBudget(measureEntries, lookTime)); done {
		a.room.measuredAt = time.Now()
		return
	}
	a.room.Used = max(a.room.Used, before)
}

// checkRoom reserves room for the dumps of each target, because all may fire at once.
func (a *Agent) checkRoom() {
	if a.plan.SpoolMebibytes == 0 {
		return
	}
	if a.mustMeasure() {
		a.measure()
	} else if time.Since(a.room.estimatedAt) < estimateTime && a.isEstimated() {
		return
	}
	a.room.estimatedAt = time.Now()
	a.room.left = a.room.Left()
	// No target is known yet. By default, the spool has room for two dumps.
	if a.room.largest == 0 {
		a.room.largest = a.plan.SpoolMebibytes * spool.MiB / 2
	}
	for pid := range a.room.blocked {
		if _, known := a.targets[pid]; !known {
			a.unblock(pid)
		}
	}
	clear(a.room.estimated)
	if len(a.targets) > 0 {
		a.room.largest = 0
	}
	for pid := range a.targets {
		a.room.estimated[pid] = true
		a.judge(pid)
	}
	a.room.left = a.room.Left() // armed ProcDumps have written nothing yet
}

func (a *Agent) isEstimated() bool {
	for pid := range a.targets {
		if !a.room.estimated[pid] {
			return false
		}
	}
	return len(a.targets) == len(a.room.estimated)
}

// judge decides whether a dump of a target fits. A blocked target needs a margin, so that a target at the edge is not
// armed and disarmed in turns.
func (a *Agent) judge(pid int) {
	before, known := a.room.fitting[pid]
	if !known {
		before = len(a.plan.Watches)
	}
	estimate := spool.Estimate(a.plan, pid)
	a.room.largest = max(a.room.largest, estimate)
	margin := int64(0)
	if a.room.blocked[pid] {
		margin = estimate / 20
	}
	if estimate+margin > a.room.left {
		a.room.fitting[pid] = 0
		if !a.room.blocked[pid] {
			a.room.blocked[pid] = true
			a.setReason(fmt.Sprintf("spool:%d", pid), "no ProcDump is armed: "+a.room.Explain(pid, estimate,
				a.room.left))
		}
		return
	}
	if a.room.blocked[pid] {
		a.unblock(pid)
		event.Info("spool-fits", event.F("pid", pid), event.F("reason", "the next dump fits the spool again"))
	}
	a.fitWatches(pid, before, estimate)
}

// fitWatches counts the watches that may be armed, because several may fire at once. An estimate has a reserve of a
// quarter, which only the first dump needs.
func (a *Agent) fitWatches(pid, before int, estimate int64) {
	count, watches, each := 1, len(a.plan.Watches), estimate*3/4
	a.room.left -= estimate
	for count < watches {
		margin := int64(0)
		if count >= before {
			margin = estimate / 20
		}
		needed := each * int64(a.plan.Watches[count].AtOnce())
		if needed+margin > a.room.left {
			break
		}
		a.room.left -= needed
		count++
	}
	a.room.fitting[pid] = count
	key := fmt.Sprintf("watches:%d", pid)
	if count >= watches {
		a.clearReason(key)
		return
	}
	a.setReason(key, fmt.Sprintf("only the first %d of %d watches are armed for process %d: the spool of %d MiB "+
		"has no room for a dump by each of them at once; wait for the publication, or raise the spool's sizeLimit",
		count, watches, pid, a.plan.SpoolMebibytes))
}

func (a *Agent) unblock(pid int) {
	delete(a.room.blocked, pid)
	a.clearReason(fmt.Sprintf("spool:%d", pid))
}

func (a *Agent) forgetFitting(pid int) {
	delete(a.room.fitting, pid)
	a.clearReason(fmt.Sprintf("watches:%d", pid))
}
