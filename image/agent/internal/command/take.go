package command

import (
	"fmt"
	"strings"
	"syscall"
	"time"

	"cdk8s-procdump/agent/internal/dumpfile"
	"cdk8s-procdump/agent/internal/plan"
	"cdk8s-procdump/agent/internal/procdump"
	"cdk8s-procdump/agent/internal/process"
	"cdk8s-procdump/agent/internal/queue"
	"cdk8s-procdump/agent/internal/setting"
	"cdk8s-procdump/agent/internal/target"
)

// The runtime may close its file a moment after ProcDump has ended.
const (
	quietTime    = 5 * time.Second
	longestQuiet = time.Minute
)

// runProcDump runs ProcDump and returns its output. The exit code is meaningless: ProcDump may exit with 0 after a
// failure and with 255 after a good dump. If a .NET runtime cannot write, ProcDump would try again every 10 s and stop
// the application each time. For a runtime that hangs, it would wait forever.
func (d *dumper) runProcDump(words []string, of target.Target, limit time.Duration) ([]string, error) {
	run, err := procdump.Launch(words, d.plan.Runtime == plan.Native)
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

// end ends a ProcDump. During a native dump, SIGINT would keep the target stopped until ProcDump has finished the file
// and deleted it.
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

// finished returns the path of a complete dump, or "": the path that ProcDump reported, or else the new file in the
// folder. The agent may have published and removed the file already; then the list of published dumps contains it.
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

// placeOf waits until the dump is published and returns its path in the store.
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
