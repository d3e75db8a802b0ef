package agent

import (
	"errors"
	"os"
	"os/exec"
	"strings"
	"syscall"

	"cdk8s-procdump/agent/internal/event"
	"cdk8s-procdump/agent/internal/setting"
	"cdk8s-procdump/agent/internal/statefile"
)

// demand is a dump on demand without exec. The user changes an annotation of the pod, and the kubelet writes it to a
// file.
type demand struct {
	annotation string
	done       chan result
	process    *os.Process
}

type result struct {
	output, errors string
	failed         bool
}

const (
	maxAnnotation = 4096
	maxOutput     = 1 << 20
)

func (d *demand) running() bool { return d.done != nil }

// kill kills the command dump and its ProcDump. A .NET runtime still finishes its dump.
func (d *demand) kill() {
	if d.running() && d.process != nil {
		syscall.Kill(-d.process.Pid, syscall.SIGKILL)
	}
}

// load reads the last value that the agent saw. At the first start, it ignores a value from before that start.
func (d *demand) load() {
	if _, err := os.Lstat(setting.State("annotation")); errors.Is(err, os.ErrNotExist) {
		d.remember(statefile.Read(setting.AnnotationFile, maxAnnotation))
		return
	}
	d.annotation = statefile.Read(setting.State("annotation"), maxAnnotation)
}

func (d *demand) remember(value string) error {
	d.annotation = value
	return statefile.Write(setting.State("annotation"), []byte(value))
}

func (a *Agent) followDemand() {
	if a.demand.running() {
		select {
		case result := <-a.demand.done:
			a.demand.done = nil
			report(result)
		default:
		}
		return
	}
	value := statefile.Read(setting.AnnotationFile, maxAnnotation)
	if a.stopping || value == a.demand.annotation {
		return
	}
	if a.demand.remember(value) != nil {
		a.reportFullState()
	}
	if value == "" {
		return
	}
	event.Info("demand-accepted", event.F("value", value))
	output, errors := &limited{}, &limited{}
	command := again("dump", "--no-wait")
	command.Stdout, command.Stderr = output, errors
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	done := make(chan result, 1)
	a.demand.done = done
	if err := command.Start(); err != nil {
		done <- result{"", err.Error(), true}
		return
	}
	a.demand.process = command.Process
	go func() {
		err := command.Wait()
		done <- result{output.String(), errors.String(), err != nil}
	}()
}

func report(result result) {
	for _, line := range lines(result.output) {
		event.Info("demand-complete", event.F("path", line))
	}
	if !result.failed {
		return
	}
	for _, line := range lines(result.errors) {
		event.Error("demand-failed", event.F("reason", line))
	}
}

// again returns a command that runs this program, even if its file was replaced.
func again(words ...string) *exec.Cmd {
	command := exec.Command("/proc/self/exe", words...)
	command.Args[0] = "procdump-agent"
	return command
}

func lines(text string) []string {
	if text = strings.TrimRight(text, "\n"); text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

// limited keeps the first maxOutput bytes or a little more.
type limited struct{ strings.Builder }

func (l *limited) Write(text []byte) (int, error) {
	if l.Len() < maxOutput {
		l.Builder.Write(text)
	}
	return len(text), nil
}
