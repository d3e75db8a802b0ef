package command

import (
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"

	"cdk8s-procdump/agent/internal/dumpfile"
	"cdk8s-procdump/agent/internal/plan"
	"cdk8s-procdump/agent/internal/procdump"
	"cdk8s-procdump/agent/internal/process"
	"cdk8s-procdump/agent/internal/queue"
	"cdk8s-procdump/agent/internal/setting"
	"cdk8s-procdump/agent/internal/spool"
	"cdk8s-procdump/agent/internal/statefile"
	"cdk8s-procdump/agent/internal/target"
)

// The application may close its file a moment after ProcDump has ended.
const quietTime = 5 * time.Second

// dumper takes dumps for a person.
type dumper struct {
	plan *plan.Plan
	wait bool
	stop chan os.Signal
}

// Dump takes one dump of each target process now. Prints where each finished dump is: with a store, its path there once
// the agent has published it. Returns 0 only if every target has a complete one. Trigger limits do not apply: a person
// asked. The spool's size does: overrun, it evicts the pod. --no-wait prints the path in the spool at once.
func Dump(words []string) int {
	if word := strings.Join(words, " "); word != "" && word != "--no-wait" {
		complain("dump", "found '%s', expected --no-wait or nothing", word)
		return 1
	}
	syscall.Umask(0o022)
	p, err := loadPlan()
	if err == nil {
		err = procdump.CheckTools()
	}
	if err == nil {
		d := dumper{p, len(words) == 0, make(chan os.Signal, 1)}
		signal.Notify(d.stop, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
		var code int
		if code, err = d.dumpAll(); err == nil {
			return code
		}
	}
	complain("dump", "%v", err)
	return 1
}

func (d *dumper) dumpAll() (int, error) {
	unlock, err := takeLock()
	if err != nil {
		return 1, err
	}
	defer unlock()
	finder := target.Finder{Plan: d.plan}
	found := finder.Find(nil, nil)
	if finder.Problem != "" {
		complain("dump", "%s", finder.Problem)
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
	for _, target := range found {
		if err := d.dumpTarget(target); errors.Is(err, errStopped) {
			return 130, nil
		} else if err != nil {
			complain("dump", "%v", err)
			code = 1
		}
	}
	return code, nil
}

var errStopped = errors.New("stopped")

func (d *dumper) dumpTarget(target target.Target) error {
	if err := d.checkRoom(target.PID); err != nil {
		return err
	}
	folder := fmt.Sprintf("%s/%d-on_demand", d.plan.PodDirectory(), target.PID)
	if err := dumpfile.Prepare(target.PID, folder); err != nil {
		return fmt.Errorf("found %s not writable: check the volume's mount and owner", d.plan.DumpDirectory)
	}
	before := map[string]bool{}
	for _, path := range dumpfile.List(folder, 1) {
		before[path] = true
	}
	published := len(publishedLines())
	said, err := d.runProcDump(append(procdump.OnDemand(d.plan), strconv.Itoa(target.PID), folder))
	if err != nil {
		return err
	}
	for _, line := range said {
		procdump.RememberVersion(line)
	}
	if d.printFinished(folder, before, published) {
		return nil
	}
	return failure(target, folder, said)
}

func failure(failed target.Target, folder string, said []string) error {
	reason := target.AccessProblem(failed.PID, failed.Name)
	if reason == "" {
		reason = "ProcDump said:"
	}
	last := said[max(0, len(said)-5):]
	return fmt.Errorf("process %d (%s) has no complete dump in %s. %s\n%s", failed.PID, failed.Name, folder, reason,
		strings.Join(last, "\n"))
}

func (d *dumper) checkRoom(pid int) error {
	if d.plan.SpoolMebibytes == 0 {
		return nil
	}
	room := spool.Measure(d.plan)
	if estimate := spool.Estimate(d.plan, pid); estimate > room.Left() {
		return errors.New(room.Explain(pid, estimate, room.Left()))
	}
	return nil
}

// The exit code tells nothing: 0 may be a failure and 255 may follow a good dump. When the runtime of a .NET target
// could not write, ProcDump would try again every 10 s for ever, and each time freeze the application.
func (d *dumper) runProcDump(words []string) ([]string, error) {
	run, err := procdump.Launch(words)
	if err != nil {
		return nil, fmt.Errorf("could not start ProcDump: %v", err)
	}
	var said []string
	poll := time.NewTicker(200 * time.Millisecond)
	defer poll.Stop()
	for {
		select {
		case <-d.stop:
			run.Interrupt()
			return nil, errStopped
		case <-run.Wait():
			return append(said, run.Lines()...), nil
		case <-poll.C:
		}
		for _, line := range run.Lines() {
			said = append(said, line)
			if strings.Contains(line, procdump.Failed) {
				run.Interrupt()
			}
		}
	}
}

// With a store the agent may be faster and have the dump published before it is seen here: it leaves the name of each
// in a list.
func (d *dumper) printFinished(folder string, before map[string]bool, published int) bool {
	printed := false
	for until := time.Now().Add(quietTime); !printed && time.Now().Before(until); {
		for _, path := range dumpfile.List(folder, 1) {
			if before[path] {
				continue
			}
			if dumpfile.IsOpen(path) {
				until = time.Now().Add(quietTime)
			} else if dumpfile.IsWhole(path) {
				before[path], printed = true, true
				fmt.Println(d.placeOf(path, published))
			}
		}
		if !printed {
			if place := findPublished(folder+"/", published); place != "" {
				printed = true
				fmt.Println(place)
			}
		}
		if !printed {
			time.Sleep(200 * time.Millisecond)
		}
	}
	return printed
}

// placeOf waits for the store, and returns where the dump is then.
func (d *dumper) placeOf(path string, published int) string {
	if !d.plan.Spooled() || !d.wait {
		return path
	}
	for until := time.Now().Add(setting.PublishWait); time.Now().Before(until); time.Sleep(200 * time.Millisecond) {
		if place := findPublished(path, published); place != "" {
			return place
		}
	}
	complain("dump", "the dump is complete, but not in the store after %d s: the agent goes on trying, run status "+
		"for the reason", int(setting.PublishWait.Seconds()))
	return path
}

func publishedLines() []string {
	text, _ := os.ReadFile(queue.PublishedList())
	lines := strings.Split(string(text), "\n")
	return lines[:len(lines)-1]
}

// Only what was published since this command began.
func findPublished(beginning string, before int) (place string) {
	lines := publishedLines()
	for _, line := range lines[min(before, len(lines)):] {
		source, place, found := strings.Cut(line, "\t")
		if found && strings.HasPrefix(source, beginning) {
			return place
		}
	}
	return ""
}

// .NET dumps have names of one second's precision: two at once would write into one file.
func takeLock() (unlock func(), err error) {
	path := setting.State("dump.lock")
	var pid int
	var start uint64
	if fmt.Sscan(statefile.Read(path, 100), &pid, &start); pid > 0 {
		if process.Alive(pid, start) {
			return nil, fmt.Errorf("another dump is being taken (process %d): wait for it", pid)
		}
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
