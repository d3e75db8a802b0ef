package procdump

import (
	"bufio"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"cdk8s-procdump/agent/internal/confine"
	"cdk8s-procdump/agent/internal/process"
)

const (
	// Lines of ProcDump are short. Longer lines are cut.
	maxLine = 4096
	// Lines that wait for the agent. Further lines are dropped.
	maxLines = 1000
	// How long the agent waits for the output after ProcDump has ended.
	lastWords = time.Second
)

// Run is one process of ProcDump.
type Run struct {
	PID   int
	Start uint64
	// Words are the arguments of ProcDump.
	Words []string

	lines chan string
	done  chan struct{}
	code  atomic.Int32
}

// Launch starts ProcDump. It may attach to processes only for a native target.
func Launch(words []string, mayAttach bool) (*Run, error) {
	reader, writer, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	// Output to a pipe would be fully buffered: nothing would be logged before 4 KB, and SIGKILL would lose everything.
	command := exec.Command("stdbuf", append([]string{"-oL", "procdump"}, words...)...)
	if !mayAttach {
		command.Path = "/proc/self/exe"
		command.Args = append([]string{"procdump-agent", confine.Command}, command.Args...)
		command.Err = nil
	}
	command.Stdout, command.Stderr = writer, writer
	if err := command.Start(); err != nil {
		reader.Close()
		writer.Close()
		return nil, err
	}
	writer.Close()
	run := &Run{PID: command.Process.Pid, Words: words, lines: make(chan string, maxLines), done: make(chan struct{})}
	if found, ok := process.Read(run.PID); ok {
		run.Start = found.Start
	}
	said := make(chan struct{})
	go func() {
		run.read(reader)
		close(said)
	}()
	go func() {
		command.Wait()
		// A process that ProcDump leaves behind may keep the pipe open, so the wait is limited.
		select {
		case <-said:
		case <-time.After(lastWords):
		}
		run.code.Store(int32(exitCode(command.ProcessState)))
		close(run.done)
	}()
	return run, nil
}

func (r *Run) read(pipe *os.File) {
	defer pipe.Close()
	lines := bufio.NewReaderSize(pipe, maxLine)
	for {
		line, more, err := lines.ReadLine()
		if err != nil {
			return
		}
		select {
		case r.lines <- string(line):
		default:
		}
		for more && err == nil {
			_, more, err = lines.ReadLine()
		}
	}
}

// Lines returns the output of ProcDump since the last call.
func (r *Run) Lines() []string {
	var lines []string
	for len(lines) < maxLines {
		select {
		case line := <-r.lines:
			lines = append(lines, line)
		default:
			return lines
		}
	}
	return lines
}

// Ended reports whether ProcDump has ended, and its exit code, which does not show whether there is a dump.
func (r *Run) Ended() (code int, ended bool) {
	select {
	case <-r.done:
		return int(r.code.Load()), true
	default:
		return 0, false
	}
}

// Wait returns a channel that is closed when ProcDump has ended.
func (r *Run) Wait() <-chan struct{} { return r.done }

// Interrupt sends SIGINT. After SIGTERM, which it swallows, ProcDump would ignore SIGINT too.
func (r *Run) Interrupt() { process.Signal(r.PID, syscall.SIGINT) }

// Kill sends SIGKILL.
func (r *Run) Kill() { process.Signal(r.PID, syscall.SIGKILL) }

func exitCode(state *os.ProcessState) int {
	if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal())
	}
	return state.ExitCode()
}

var (
	logLine = regexp.MustCompile(`^\[[0-9:]{8} - (DEBUG|INFO|WARN|CRITICAL|ERROR)\]: ?(.*)$`)
	claim   = regexp.MustCompile(`^Core dump .*generated: (/.*)$`)
)

// Failed is ProcDump's message if a runtime could not write. ProcDump would try again forever.
const Failed = "error occurred while generating the core dump"

// ParseLine splits a line of ProcDump into level and text.
func ParseLine(line string) (level, text string) {
	match := logLine.FindStringSubmatch(line)
	if match == nil {
		return "info", line
	}
	level = strings.ToLower(match[1])
	if level == "critical" {
		level = "error"
	}
	return level, match[2]
}

// Claimed returns the path of a dump that ProcDump reports as written.
func Claimed(line string) string {
	if !strings.HasPrefix(line, "Core dump ") {
		return ""
	}
	if match := claim.FindStringSubmatch(line); match != nil {
		return match[1]
	}
	return ""
}
