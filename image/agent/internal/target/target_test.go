package target

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cdk8s-procdump/agent/internal/plan"
)

func TestStaleSocketsAreSoonDoneWith(t *testing.T) {
	folder := t.TempDir()
	for i := 0; i < 20_000; i++ {
		name := fmt.Sprintf("dotnet-diagnostic-%d-%d-socket", 1<<22+i, i)
		if err := os.WriteFile(filepath.Join(folder, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	finder := Finder{Plan: &plan.Plan{Runtime: plan.Dotnet, Pod: plan.Pod{TemporaryDirectory: folder}}}
	began := time.Now()
	for looks := 1; finder.names != nil || looks == 1; looks++ {
		finder.Find(nil, nil)
	}
	if spent := time.Since(began); spent > 500*time.Millisecond {
		t.Errorf("it took %v", spent)
	}
}

func TestASearchThatHasNoTimeGoesOnWithTheNextLook(t *testing.T) {
	folder := t.TempDir()
	const names = 1000
	for i := 0; i < names; i++ {
		os.WriteFile(filepath.Join(folder, fmt.Sprint(i)), nil, 0o600)
	}
	finder := Finder{Plan: &plan.Plan{Runtime: plan.Dotnet, Pod: plan.Pod{TemporaryDirectory: folder}}}
	for looks := 1; ; looks++ {
		if finder.search(time.Time{}) {
			if looks < names/100 {
				t.Errorf("%d looks", looks)
			}
			return
		}
	}
}

func TestTheOldestOfTooManyTargetsAreWatched(t *testing.T) {
	finder := Finder{found: map[int]Target{}}
	for i := 3 * MaxTargets; i > 0; i-- {
		finder.add(Target{PID: i, Start: uint64(i)})
	}
	for i := 1; i <= MaxTargets; i++ {
		if finder.found[i].PID != i {
			t.Errorf("%d is not watched", i)
		}
	}
	if len(finder.found) != MaxTargets || finder.Problem == "" {
		t.Error(len(finder.found), finder.Problem)
	}
}

func TestOnlySocketsOfRuntimesAreKept(t *testing.T) {
	ofProcess := func(pid int) string {
		return fmt.Sprintf("0000000000000000: 00000002 00000000 00010000 0001 01 4711 "+
			"/tmp/dotnet-diagnostic-%d-8-socket", pid)
	}
	line := ofProcess(os.Getpid())
	other := strings.Repeat("0000000000000000: 00000002 00000000 00010000 0001 01 4711 @x\n", 100_000)
	long := strings.Repeat("x", 1<<20) + "dotnet-diagnostic-\n"
	got := filterSockets(strings.NewReader(other+long+line+"\n"), time.Now().Add(time.Minute))
	if len(got) != 1 || got[0] != line {
		t.Error(len(got))
	}
	many := strings.Repeat(line+"\n"+ofProcess(1<<30)+"\n", 2*maxSockets)
	parent := ofProcess(os.Getppid())
	got = filterSockets(strings.NewReader(many+parent+"\n"), time.Now().Add(time.Minute))
	if len(got) != maxOfProcess+1 || got[maxOfProcess] != parent {
		t.Error(len(got))
	}
}

func FuzzSockets(f *testing.F) {
	f.Add("Num RefCount\n0: 2 0 1 1 1 7 /tmp/dotnet-diagnostic-7-8-socket\n\n")
	f.Fuzz(func(t *testing.T, text string) {
		for _, line := range filterSockets(strings.NewReader(text), time.Now().Add(time.Minute)) {
			if len(line) > maxSocketLine || strings.Contains(line, "\n") {
				t.Fatalf("%q", line)
			}
		}
	})
}

func FuzzSocketName(f *testing.F) {
	f.Add("dotnet-diagnostic-1-8-socket")
	f.Fuzz(func(t *testing.T, name string) {
		if pid, _, ok := parseSocket(name); ok && (pid <= 0 || !socketName.MatchString(name)) {
			t.Fatalf("%q", name)
		}
	})
}
