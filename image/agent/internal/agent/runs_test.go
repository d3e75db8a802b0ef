package agent

import (
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"cdk8s-procdump/agent/internal/plan"
)

func TestAProcessThatKeepsTheProfilerMappedIsNamed(t *testing.T) {
	agent, _ := spooling(t)
	path := t.TempDir() + "/procdumpprofiler.so"
	write(t, path, make([]byte, os.Getpagesize()))
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	mapped, err := syscall.Mmap(int(file.Fd()), 0, os.Getpagesize(), syscall.PROT_READ, syscall.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	watch := plan.Watch{Name: "exceptions", Profiler: true}
	if agent.mayLoadProfiler(watch) || agent.status.reasons["profiler"] != "" {
		t.Error("a profiler that has just been left is not waited for")
	}
	agent.profilerSince = time.Now().Add(-time.Hour)
	if agent.mayLoadProfiler(watch) || !strings.Contains(agent.status.reasons["profiler"], fmt.Sprint(os.Getpid())) {
		t.Errorf("%q", agent.status.reasons["profiler"])
	}
	syscall.Munmap(mapped)
	if !agent.mayLoadProfiler(watch) || agent.status.reasons["profiler"] != "" {
		t.Error("it is not armed afterwards")
	}
}
