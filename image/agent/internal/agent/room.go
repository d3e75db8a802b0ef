package agent

import (
	"fmt"
	"time"

	"cdk8s-procdump/agent/internal/dumpfile"
	"cdk8s-procdump/agent/internal/event"
	"cdk8s-procdump/agent/internal/spool"
)

const (
	// A measurement follows changes of the spool, and time only where others may have filled the disk.
	measureTime  = 5 * time.Minute
	estimateTime = 10 * time.Second
	// Of files in one look.
	measureEntries = 3000
)

// room is what fits the spool.
type room struct {
	spool.Room
	meter       spool.Meter
	left        int64
	measuredAt  time.Time
	estimatedAt time.Time
	estimated   map[int]bool
	// blocked targets have no room for any dump; fitting is how many watches of a target may be armed.
	blocked map[int]bool
	fitting map[int]int
	// largest is the largest estimate that a target of this pod ever had, for crash dumps.
	largest int64
}

func newRoom() room {
	return room{blocked: map[int]bool{}, fitting: map[int]int{}, estimated: map[int]bool{}}
}

func (a *Agent) markSpoolChanged() { a.room.measuredAt = time.Time{} }

// The first watches are armed, as many as there is room for a dump of each.
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

// measure goes on with the next look where the spool holds too much for one; until then the higher of both numbers
// counts.
func (a *Agent) measure() {
	before := a.room.Used
	var done bool
	if a.room.Room, done = a.room.meter.Measure(a.plan, dumpfile.NewBudget(measureEntries, lookTime)); done {
		a.room.measuredAt = time.Now()
		return
	}
	a.room.Used = max(a.room.Used, before)
}

// Each target's dumps need their own room, because all may fire at once.
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
	// Before a target is known: the spool is made for two of its dumps.
	if a.room.largest == 0 {
		a.room.largest = a.plan.SpoolMebibytes * spool.MiB / 2
	}
	for pid := range a.room.blocked {
		if _, known := a.targets[pid]; !known {
			a.unblock(pid)
		}
	}
	clear(a.room.estimated)
	for pid := range a.targets {
		a.room.estimated[pid] = true
		a.judge(pid)
	}
	a.room.left = a.room.Left() // what is armed has written nothing yet
}

func (a *Agent) isEstimated() bool {
	for pid := range a.targets {
		if !a.room.estimated[pid] {
			return false
		}
	}
	return len(a.targets) == len(a.room.estimated)
}

// Up only with a margin, so that a target at the edge is not armed and disarmed in turns.
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

// Two watches may fire in the same moment. The estimate of one dump has a quarter to spare, which not each of several
// needs.
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
