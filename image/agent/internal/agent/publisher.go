package agent

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"

	"cdk8s-procdump/agent/internal/plan"
	"cdk8s-procdump/agent/internal/process"
	"cdk8s-procdump/agent/internal/publish"
	"cdk8s-procdump/agent/internal/queue"
	"cdk8s-procdump/agent/internal/retention"
	"cdk8s-procdump/agent/internal/setting"
	"cdk8s-procdump/agent/internal/statefile"
)

// Publish is the command publish: it publishes the dump with this number in the queue.
func Publish(words []string) int {
	number, err := strconv.Atoi(strings.Join(words, " "))
	if err != nil {
		fmt.Fprintln(os.Stderr, "publish: expected the number of a dump in the queue")
		return 2
	}
	return work(queue.Describe(number), func(p *plan.Plan) error {
		publisher := publish.Publisher{Plan: p, Owner: owner()}
		err := publisher.Publish(number)
		if errors.Is(err, publish.ErrGone) {
			return leave(strings.TrimSuffix(err.Error(), publish.ErrGone.Error()))
		}
		return err
	})
}

// Sweep is the command sweep: it removes dumps that the retention does not keep.
func Sweep([]string) int {
	return work(sweep, func(p *plan.Plan) error {
		sweeper := retention.Sweeper{Plan: p}
		if p.Spooled() {
			sweeper.Folder = publish.Folder(p)
		}
		return sweeper.Sweep()
	})
}

func errorFile() string { return setting.State("publisher.error") }

// leave writes the reason of a failure for the agent.
func leave(text string) error { return statefile.Write(errorFile(), []byte(text)) }

func work(name string, action func(*plan.Plan) error) int {
	syscall.Umask(0o077)
	// A restarted agent finds the running publisher by this file.
	own, _ := process.Read(os.Getpid())
	statefile.Write(setting.State("publisher.pid"), []byte(fmt.Sprintf("%d %d %s\n", own.PID, own.Start, name)))
	os.Remove(errorFile())
	text, err := os.ReadFile(setting.State("plan.json"))
	if err == nil {
		var p *plan.Plan
		if p, err = plan.Parse(string(text)); err == nil {
			err = action(p)
		}
	}
	if err == nil {
		return 0
	}
	leave(err.Error())
	return 1
}

// owner returns a name for the unfinished copies of this sidecar, which stays the same after restarts.
func owner() string {
	path := setting.State("owner")
	if name := strings.TrimSpace(statefile.Read(path, 100)); name != "" {
		return name
	}
	name, _, _ := strings.Cut(statefile.Read("/proc/sys/kernel/random/uuid", 100), "-")
	statefile.Write(path, []byte(name+"\n"))
	return name
}
