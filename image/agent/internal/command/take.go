package command

import (
	"fmt"
	"strings"
	"syscall"
	"time"

	"cdk8s-procdump/agent/internal/dumpfile"
	"cdk8s-procdump/agent/internal/procdump"
	"cdk8s-procdump/agent/internal/process"
	"cdk8s-procdump/agent/internal/queue"
	"cdk8s-procdump/agent/internal/setting"
	"cdk8s-procdump/agent/internal/target"
)

// The application may close its file a moment after ProcDump has ended.
const (
	quietTime    = 5 * time.Second
	longestQuiet = time.Minute
)

// The exit code tells nothing: 0 may be a failure and 255 may follow a good dump. When the runtime of a .NET target
// could not write, ProcDump would try again every 10 s for ever, and each time freeze the application; and it waits
// without end for a runtime that hangs.
func (d *dumper) runProcDump(words []string, of target.Target, limit time.Duration) ([]string, error) {
	run, err := procdump.Launch(words)
	if err != nil {
		return nil, fmt.Errorf("could not start ProcDump: %v", err)
	}
	var said []string
	poll := time.NewTicker(200 * time.Millisecond)
	defer poll.Stop()
	end := time.Now().Add(limit)
	for {
		select {
		case <-d.stop:
			d.end(run, of)
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
		if time.Now().After(end) {
			why := target.WhyNoDump(d.plan, of.PID)
			d.end(run, of)
			return nil, fmt.Errorf("process %d (%s) has no dump after %d s: %s; or give it more time with --timeout",
				of.PID, of.Name, int(limit.Seconds()), why)
		}
	}
}

// end ends a ProcDump. One that writes a native dump would hold the target still until it has finished, and delete the
// file then.
func (d *dumper) end(run *procdump.Run, of target.Target) {
	run.Interrupt()
	patience := 2 * time.Second
	if process.Tracer(of.PID) == run.PID {
		patience = 0
	}
	select {
	case <-run.Wait():
	case <-time.After(patience):
		run.Kill()
		<-run.Wait()
	}
	if found, ok := process.Read(of.PID); ok && found.Start == of.Start && found.State == 'T' && patience == 0 {
		process.Signal(of.PID, syscall.SIGCONT)
	}
}

// finished returns the path of the dump when its file is whole: as ProcDump named it, else the new file in the folder.
// With a store the agent may be faster and have it published before it is seen here: it leaves the name of each in a
// list. Nothing is returned where there is no complete dump.
func (d *dumper) finished(folder string, said []string, before map[string]bool, published int) string {
	named := ""
	for _, line := range said {
		if _, text := procdump.ParseLine(line); procdump.Claimed(text) != "" {
			named = procdump.Claimed(text)
		}
	}
	last, openers := time.Now().Add(longestQuiet), dumpfile.Openers{}
	for until := time.Now().Add(quietTime); time.Now().Before(until); time.Sleep(200 * time.Millisecond) {
		path := named
		files, _ := dumpfile.List(d.plan.DumpDirectory, folder, 1)
		for _, file := range files {
			if path == "" && !before[file] {
				path = file
			}
		}
		if path == "" {
			continue
		}
		verdict, open := openers.Look(d.plan.DumpDirectory, path)
		switch {
		case open && time.Now().Before(last):
			until = time.Now().Add(quietTime)
		case verdict == dumpfile.Whole, queue.FindPublished(path, published) != "":
			return path
		}
	}
	return ""
}

// placeOf waits for the store, and returns where the dump is then.
func (d *dumper) placeOf(path string, published int) string {
	if !d.plan.Spooled() || !d.wait {
		return path
	}
	for until := time.Now().Add(setting.PublishWait); time.Now().Before(until); time.Sleep(200 * time.Millisecond) {
		if place := queue.FindPublished(path, published); place != "" {
			return place
		}
	}
	complain("dump", "the dump is complete, but not in the store after %d s: the agent goes on trying, run status "+
		"for the reason", int(setting.PublishWait.Seconds()))
	return path
}
