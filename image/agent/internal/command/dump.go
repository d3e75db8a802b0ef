package command

import (
	"errors"
	"fmt"
	"os"
	"os/signal"
	"sort"
	"strconv"
	"strings"
	"syscall"
	"time"

	"cdk8s-procdump/agent/internal/dumpfile"
	"cdk8s-procdump/agent/internal/event"
	"cdk8s-procdump/agent/internal/plan"
	"cdk8s-procdump/agent/internal/procdump"
	"cdk8s-procdump/agent/internal/process"
	"cdk8s-procdump/agent/internal/queue"
	"cdk8s-procdump/agent/internal/setting"
	"cdk8s-procdump/agent/internal/spool"
	"cdk8s-procdump/agent/internal/target"
)

// dumper takes dumps on demand.
type dumper struct {
	plan *plan.Plan
	wait bool
	// timeout of one dump; 0 means a timeout that depends on the size of the process
	timeout time.Duration
	stop    chan os.Signal
}

const dumpUsage = "--no-wait, --timeout SECONDS or nothing"

// Dump is the command dump: it takes one dump of each target process. It prints the path of each finished dump; with a
// store, it prints the path there once the agent has published the dump. It returns 0 only if every target has a
// complete dump. The dumps ignore limits, but need room in the spool: the kubelet evicts a pod that exceeds its size.
//
//	--no-wait          prints the path in the spool immediately
//	--timeout SECONDS  ends a dump that takes longer; the default is a minute plus the time for its size at 10 MiB/s
func Dump(words []string) int {
	d := dumper{wait: true, stop: make(chan os.Signal, 1)}
	if err := d.readWords(words); err != nil {
		complain("dump", "%v", err)
		return 1
	}
	syscall.Umask(0o022)
	var err error
	if d.plan, err = loadPlan(); err == nil {
		err = procdump.CheckTools()
	}
	if err == nil {
		signal.Notify(d.stop, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
		var code int
		if code, err = d.dumpAll(); err == nil {
			return code
		}
	}
	complain("dump", "%v", err)
	return 1
}

func (d *dumper) readWords(words []string) error {
	for i := 0; i < len(words); i++ {
		switch {
		case words[i] == "--no-wait":
			d.wait = false
		case words[i] == "--timeout" && i+1 < len(words):
			i++
			seconds, err := strconv.ParseUint(words[i], 10, 31)
			if err != nil || seconds == 0 {
				return fmt.Errorf("found '%s' for --timeout, expected whole seconds from 1", words[i])
			}
			d.timeout = time.Duration(seconds) * time.Second
		default:
			return fmt.Errorf("found '%s', expected %s", words[i], dumpUsage)
		}
	}
	return nil
}

func (d *dumper) dumpAll() (int, error) {
	unlock, err := takeLock()
	if err != nil {
		return 1, err
	}
	defer unlock()
	found, problem := d.findTargets()
	if problem != "" {
		complain("dump", "%s", problem)
	}
	if len(found) == 0 {
		named := ""
		if d.plan.ProcessName != "" {
			named = " named " + d.plan.ProcessName
		}
		return 1, fmt.Errorf("found no live %s target process%s: check that the target runs, and for .NET that its "+
			"diagnostics socket is in %s", d.plan.Runtime, named, d.plan.Pod.TemporaryDirectory)
	}
	code := 0
	for _, target := range inOrder(found) {
		if err := d.dumpTarget(target); errors.Is(err, errStopped) {
			return 130, nil
		} else if err != nil {
			complain("dump", "%v", err)
			code = 1
		}
	}
	return code, nil
}

// inOrder returns the oldest process first: one that the application starts to delay its own dump comes later.
func inOrder(found map[int]target.Target) []target.Target {
	var list []target.Target
	for _, one := range found {
		list = append(list, one)
	}
	sort.Slice(list, func(i, j int) bool {
		return list[i].Start < list[j].Start || list[i].Start == list[j].Start && list[i].PID < list[j].PID
	})
	return list
}

// A process may be on its way into a container during a single look, as each exec and each probe is for milliseconds.
const (
	looks = 5
	// With very many processes and sockets, a search takes several looks.
	longestSearch = 10 * time.Second
)

func (d *dumper) findTargets() (found map[int]target.Target, problem string) {
	finder := target.Finder{Plan: d.plan}
	until := time.Now().Add(longestSearch)
	for look := 0; look < looks || finder.IsUnfinished() && time.Now().Before(until); look++ {
		if look > 0 && !finder.IsUnfinished() {
			time.Sleep(200 * time.Millisecond)
		}
		finder.LookAgain()
		found = finder.Find(nil, nil)
		if problem = finder.Problem; len(found) > 0 && problem == "" {
			break
		}
	}
	return found, problem
}

var errStopped = errors.New("stopped")

func (d *dumper) dumpTarget(target target.Target) error {
	if err := d.checkRoom(target.PID); err != nil {
		return err
	}
	folder := fmt.Sprintf("%s/%d-on_demand", d.plan.PodDirectory(), target.PID)
	err := dumpfile.PrepareTemporary(d.plan)
	if err == nil {
		err = dumpfile.Prepare(d.plan, folder)
	}
	if err != nil {
		return err
	}
	if err := queue.NoteAsked(); err != nil {
		return fmt.Errorf("could not write to %s (%v): free space on the node's disk", setting.StateDirectory, err)
	}
	before := map[string]bool{}
	paths, _ := dumpfile.List(d.plan.DumpDirectory, folder, 1)
	for _, path := range paths {
		before[path] = true
	}
	published := queue.CountPublished()
	limit := d.timeout
	if limit == 0 {
		limit = setting.DumpTime(spool.Estimate(d.plan, target.PID))
	}
	said, err := d.runProcDump(append(procdump.OnDemand(d.plan), strconv.Itoa(target.PID), folder), target, limit)
	if err != nil {
		return err
	}
	for _, line := range said {
		procdump.RememberVersion(line)
	}
	path := d.finished(folder, said, before, published)
	if path == "" {
		return d.failure(target, folder, said)
	}
	// The agent may have published and removed the dump already.
	if d.isCutOff(path, target) {
		return fmt.Errorf("process %d (%s) ended while its dump was written, which has zeros for the rest: %s",
			target.PID, target.Name, path)
	}
	fmt.Println(event.Printable(d.placeOf(path, published)))
	return nil
}

func (d *dumper) isCutOff(path string, target target.Target) bool {
	return d.plan.Runtime == plan.Native && !process.Alive(target.PID, target.Start) &&
		dumpfile.EndsInZeros(d.plan.DumpDirectory, path)
}

func (d *dumper) failure(failed target.Target, folder string, said []string) error {
	reason := target.AccessProblem(d.plan, failed.PID, failed.Name)
	if reason == "" {
		if debugger := target.Debugger(failed.PID); debugger != "" {
			reason = debugger + " holds the process, and a process has one tracer: detach it. "
		}
		reason += "ProcDump said:"
	}
	last := said[max(0, len(said)-5):]
	return fmt.Errorf("process %d (%s) has no complete dump in %s. %s\n%s", failed.PID, failed.Name, folder, reason,
		strings.Join(last, "\n"))
}

func (d *dumper) checkRoom(pid int) error {
	if d.plan.SpoolMebibytes == 0 {
		return nil
	}
	const many = 1_000_000
	room, _ := (&spool.Meter{}).Measure(d.plan, dumpfile.NewBudget(many, 10*time.Second))
	if estimate := spool.Estimate(d.plan, pid); estimate > room.Left() {
		return errors.New(room.Explain(pid, estimate, room.Left()))
	}
	return nil
}

// takeLock allows one dump at a time. Names of .NET dumps have a precision of one second, so that two dumps would write
// into one file.
func takeLock() (unlock func(), err error) {
	path := queue.DumpLock()
	pid, stale := queue.DumpHolder()
	if pid > 0 {
		return nil, fmt.Errorf("another dump is being taken (process %d): wait for it", pid)
	}
	if stale {
		os.Remove(path)
	}
	own, _ := process.Read(os.Getpid())
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, errors.New("another dump is being taken: wait for it")
	}
	fmt.Fprintf(file, "%d %d\n", own.PID, own.Start)
	file.Close()
	return func() { os.Remove(path) }, nil
}
