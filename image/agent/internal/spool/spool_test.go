package spool

import (
	"os/exec"
	"strconv"
	"testing"
	"time"

	"cdk8s-procdump/agent/internal/plan"
	"cdk8s-procdump/agent/internal/process"
)

func TestANativeDumpIsEstimatedFromTheMappingsThatTheMaskChooses(t *testing.T) {
	// The mappings of the test itself would change while it runs.
	target := exec.Command("sleep", "60")
	if err := target.Start(); err != nil {
		t.Fatal(err)
	}
	defer target.Wait()
	defer target.Process.Kill()
	for name, _ := process.Name(target.Process.Pid); name != "sleep"; name, _ = process.Name(target.Process.Pid) {
		time.Sleep(10 * time.Millisecond)
	}
	time.Sleep(200 * time.Millisecond)
	estimate := func(mask string) int64 {
		return Estimate(&plan.Plan{Runtime: plan.Native, DumpMask: mask}, target.Process.Pid)
	}
	small, large := estimate("10"), estimate("7f")
	size, _ := strconv.ParseInt(process.Status(target.Process.Pid)["VmSize"][0], 10, 64)
	size *= 1024
	if small <= MiB || small >= large || large < size*9/10 || large > size+2*MiB {
		t.Errorf("%d, %d of %d", small, large, size)
	}
	if estimate("") != estimate(defaultMask) {
		t.Error("without a mask it is not ProcDump's own")
	}
}

func TestAProcessThatHasEndedNeedsTheLeast(t *testing.T) {
	const nobody = 1<<22 + 1
	if got := Estimate(&plan.Plan{Runtime: plan.Dotnet}, nobody); got != 128*MiB {
		t.Error(got)
	}
	if got := Estimate(&plan.Plan{Runtime: plan.Native}, nobody); got != MiB {
		t.Error(got)
	}
}

func TestTheRoomIsThatOfTheSpoolAndOfItsDisk(t *testing.T) {
	for _, row := range []struct {
		room Room
		left int64
	}{
		{Room{Size: 100 * MiB, Used: 30 * MiB, DiskFree: 1000 * MiB}, 70 * MiB},
		{Room{Size: 100 * MiB, Used: 30 * MiB, DiskFree: 80 * MiB}, 16 * MiB},
		{Room{Size: 100 * MiB, Used: 130 * MiB, DiskFree: 1000 * MiB}, -30 * MiB},
	} {
		if got := row.room.Left(); got != row.left {
			t.Errorf("%+v: %d", row.room, got)
		}
	}
}
