package agent

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"cdk8s-procdump/agent/internal/event"
	"cdk8s-procdump/agent/internal/plan"
	"cdk8s-procdump/agent/internal/setting"
	"cdk8s-procdump/agent/internal/statefile"
	"cdk8s-procdump/agent/internal/target"
)

// core returns a complete core file with one segment without data.
func core() []byte {
	file := make([]byte, 120)
	copy(file, "\x7fELF\x02\x01\x01")
	binary.LittleEndian.PutUint16(file[16:], 4)
	binary.LittleEndian.PutUint64(file[32:], 64)
	binary.LittleEndian.PutUint16(file[54:], 56)
	binary.LittleEndian.PutUint16(file[56:], 1)
	file[64] = 1
	return file
}

func write(t *testing.T, path string, text []byte) {
	t.Helper()
	if os.MkdirAll(filepath.Dir(path), 0o700) != nil || os.WriteFile(path, text, 0o600) != nil {
		t.Fatal(path)
	}
}

// spooling returns an agent with a spool, and the path of the spool.
func spooling(t *testing.T) (*Agent, string) {
	setting.StateDirectory = t.TempDir()
	agent, spool := newAgent(nil, &witness{}), t.TempDir()
	agent.plan = &plan.Plan{Runtime: plan.Dotnet, DumpDirectory: spool, SpoolMebibytes: 1000,
		Store: &plan.Store{Directory: t.TempDir()}, Limits: plan.Limits{DumpsPerProcess: 5, DumpsPerPod: 5},
		Watches: []plan.Watch{{Name: "timer", Triggers: []plan.Trigger{{Kind: plan.Timer, Dumps: 1}}}},
		Pod:     plan.Pod{Name: "webapi-0"}}
	if err := openState(); err != nil {
		t.Fatal(err)
	}
	return agent, spool
}

// look scans once and checks that this takes less time than a heartbeat allows.
func look(t *testing.T, agent *Agent) {
	t.Helper()
	began := time.Now()
	agent.scan()
	agent.measure()
	if spent := time.Since(began); spent > time.Second {
		t.Errorf("a look took %v", spent)
	}
	names := len(agent.pending) + len(agent.settled) + len(agent.scanner.foreign)
	if limit := maxPending + maxSettled + maxForeign; names > limit {
		t.Fatalf("%d names are remembered", names)
	}
}

func TestAnHonestDumpIsFoundBeside20000Files(t *testing.T) {
	agent, spool := spooling(t)
	for i := 0; i < 20_000; i++ {
		write(t, fmt.Sprintf("%s/%d/%d", spool, i%50, i), []byte("no dump"))
	}
	pid := os.Getpid()
	agent.targets[pid] = target.Target{PID: pid, Start: 1}
	agent.lastTargets[pid] = agent.targets[pid]
	honest := fmt.Sprintf("%s/webapi-0/%d-timer/core", spool, pid)
	look(t, agent)
	write(t, honest, core())
	for looks := 0; looks < 4; looks++ {
		look(t, agent)
	}
	if agent.settled[honest] != complete {
		t.Error("it was not found in time")
	}
	if agent.status.reasons["scan"] == "" {
		t.Error("nobody says that there are too many files")
	}
}

func TestEveryDumpByHandIsFoundBesideManyFiles(t *testing.T) {
	agent, spool := spooling(t)
	before := staleTime
	defer func() { staleTime = before }()
	staleTime = 0
	for i := 0; i < 3000; i++ {
		write(t, fmt.Sprintf("%s/%d/%d", spool, i%7, i), []byte("no dump"))
	}
	write(t, spool+"/5/by-hand", core())
	for looks := 0; looks < 100 && agent.settled[spool+"/5/by-hand"] == ""; looks++ {
		look(t, agent)
	}
	if agent.settled[spool+"/5/by-hand"] != complete {
		t.Error("it was not found")
	}
}

func TestDumpsThatTheApplicationMakesUpDoNotGrowTheQueueWithoutEnd(t *testing.T) {
	agent, spool := spooling(t)
	agent.plan.Limits.DumpsPerPod = 9999
	for i := 0; i < 1500; i++ {
		write(t, fmt.Sprintf("%s/%d", spool, i), core())
	}
	for looks := 0; looks < 20; looks++ {
		look(t, agent)
	}
	if len(agent.store.queue) != maxQueue/2 {
		t.Errorf("%d wait for the store", len(agent.store.queue))
	}
}

func TestWhatNoHonestWriterLeavesIsLeftAlone(t *testing.T) {
	agent, spool := spooling(t)
	write(t, spool+"/first", core())
	if os.Link(spool+"/first", spool+"/second") != nil {
		t.Fatal("no second name")
	}
	write(t, spool+"/large", core())
	os.Truncate(spool+"/large", agent.plan.SpoolMebibytes<<20+1)
	write(t, spool+"/"+strings.Repeat(strings.Repeat("\"", 200)+"/", 3)+"core", core())
	for i := 0; i < 30; i++ {
		write(t, fmt.Sprintf("%s/by-hand/%d", spool, i), core())
	}
	for looks := 0; looks < 30; looks++ {
		look(t, agent)
	}
	if len(agent.store.queue) != agent.plan.Limits.DumpsPerPod+plan.DumpsBeside {
		t.Errorf("%d wait for the store", len(agent.store.queue))
	}
	for path := range agent.settled {
		if filepath.Dir(path) != spool+"/by-hand" {
			t.Errorf("%s is published", path)
		}
	}
}

func TestOneFolderDoesNotTakeTheBoundsOfAll(t *testing.T) {
	agent, spool := spooling(t)
	agent.plan.Limits.DumpsPerPod = 9999
	pid := os.Getpid()
	agent.targets[pid] = target.Target{PID: pid, Start: 1}
	agent.lastTargets[pid] = agent.targets[pid]
	agent.plan.Watches = append(agent.plan.Watches, plan.Watch{Name: "junk", Triggers: agent.plan.Watches[0].Triggers})
	for i := 0; i < 300; i++ {
		write(t, fmt.Sprintf("%s/webapi-0/junk/%d", spool, i), core())
		write(t, fmt.Sprintf("%s/webapi-0/%d-junk/%d", spool, pid, i), core())
	}
	look(t, agent)
	honest := fmt.Sprintf("%s/webapi-0/%d-timer/core", spool, pid)
	write(t, honest, core())
	for looks := 0; looks < 4; looks++ {
		look(t, agent)
	}
	if agent.settled[honest] != complete {
		t.Error("it was not found in time")
	}
}

func TestHeadersThatClaimManySegmentsKeepNoLookBusy(t *testing.T) {
	agent, spool := spooling(t)
	header := core()[:64]
	binary.LittleEndian.PutUint16(header[56:], 0xffff)
	binary.LittleEndian.PutUint64(header[40:], 64)
	section := make([]byte, 64)
	binary.LittleEndian.PutUint32(section[44:], 1<<18)
	for i := 0; i < maxPending; i++ {
		path := fmt.Sprintf("%s/%d", spool, i)
		write(t, path, append(header, section...))
		os.Truncate(path, 1<<30)
	}
	for looks := 0; looks < 20; looks++ {
		look(t, agent)
	}
}

func TestLinksPipesAndHostileNamesInTheSpoolAreNoDumps(t *testing.T) {
	agent, spool := spooling(t)
	outside := t.TempDir()
	write(t, outside+"/core", core())
	os.MkdirAll(spool+"/webapi-0", 0o700)
	os.Symlink(outside, spool+"/webapi-0/1-timer")
	os.Symlink(outside+"/core", spool+"/core")
	syscall.Mkfifo(spool+"/pipe", 0o600)
	write(t, spool+"/bad\n\x1b[2J", core())
	write(t, spool+"/bad\xff", core())
	for looks := 0; looks < 20; looks++ {
		look(t, agent)
	}
	if agent.taken != 0 || len(agent.pending) != 0 {
		t.Errorf("%d are dumps, %d may become some", agent.taken, len(agent.pending))
	}
	if agent.hasUnsettled(spool + "/webapi-0/1-timer") {
		t.Error("a link was followed to an unfinished file")
	}
}

func TestAFileThatIsReplacedBetweenTwoLooksIsAnotherFile(t *testing.T) {
	agent, spool := spooling(t)
	path := spool + "/core"
	write(t, path, core())
	look(t, agent)
	write(t, spool+"/other", core())
	os.Rename(spool+"/other", path)
	look(t, agent)
	if agent.settled[path] != "" {
		t.Error("it was settled after one look")
	}
	look(t, agent)
	look(t, agent)
	if agent.settled[path] != complete {
		t.Error("it was not settled at all")
	}
}

func TestProcessesThatHaveEndedAreForgotten(t *testing.T) {
	agent, _ := spooling(t)
	live := processKey{7, 7}
	agent.targets[7] = target.Target{PID: 7, Start: 7}
	for i := 1; i <= 2000; i++ {
		key := processKey{i, uint64(i)}
		run := runKey{key, "timer"}
		agent.lastTargets[i] = target.Target{PID: i, Start: uint64(i)}
		agent.count(Dump{State: complete, PID: i, Start: uint64(i), Watch: "timer", Path: "x", Triggers: []int{0}})
		agent.after[run], agent.done[run], agent.delay[run] = time.Now(), true, time.Second
		agent.armings[run] = &arming{PID: i, Start: uint64(i), Watch: "timer"}
		agent.setReasonQuietly("folder:"+procdumpReason(run), "x")
		agent.forgetProcesses()
	}
	for name, count := range map[string]int{"lastTargets": len(agent.lastTargets), "taken": len(agent.takenByProcess),
		"progress": len(agent.progress), "after": len(agent.after), "done": len(agent.done),
		"delay": len(agent.delay), "armings": len(agent.armings), "reasons": len(agent.status.reasons)} {
		if count > 2*maxEnded {
			t.Errorf("%s: %d", name, count)
		}
	}
	if agent.takenByProcess[live] != 1 || agent.progress[triggerKey{runKey{live, "timer"}, 0}].complete != 1 {
		t.Error("what a process that lives has taken was forgotten")
	}
	if agent.taken != 2000 {
		t.Errorf("%d are counted", agent.taken)
	}
}

func (a *Agent) setReasonQuietly(key, text string) { a.status.reasons[key] = text }

func TestTheLedgerStaysShortAndCounts(t *testing.T) {
	agent, _ := spooling(t)
	agent.count(Dump{State: complete, PID: 7, Start: 7, Watch: "timer", Path: "/a", Triggers: []int{0}})
	statefile.Append(ledgerFile(), string(event.JSON(Dump{State: complete, PID: 7, Start: 7, Watch: "timer", Path: "/a",
		Triggers: []int{0}})))
	for i := 0; i < 2*maxLines; i++ {
		dump := Dump{State: []string{complete, incomplete}[i%2], Watch: byHand, Path: fmt.Sprintf("/%d", i)}
		statefile.Append(ledgerFile(), string(event.JSON(dump)))
		agent.count(dump)
		agent.forget(dump.Path)
		agent.ledger.lines++
		agent.boundLedger()
	}
	if lines := strings.Count(statefile.Read(ledgerFile(), 1<<24), "\n"); lines > maxLines+2 {
		t.Errorf("%d lines", lines)
	}
	loaded := newLedger()
	loaded.load()
	if loaded.taken != agent.taken || loaded.incomplete != agent.incomplete ||
		loaded.takenByProcess[processKey{7, 7}] != 1 {
		t.Errorf("%d and %d instead of %d and %d", loaded.taken, loaded.incomplete, agent.taken, agent.incomplete)
	}
}
