package queue

import (
	"os"
	"testing"
	"time"

	"cdk8s-procdump/agent/internal/setting"
)

func TestALockWithoutAProcessIsStaleAfterAWhile(t *testing.T) {
	setting.StateDirectory = t.TempDir()
	if pid, stale := DumpHolder(); pid != 0 || stale {
		t.Error("there is none:", pid, stale)
	}
	os.WriteFile(DumpLock(), []byte("\x7fELF"), 0o600)
	if pid, stale := DumpHolder(); pid != 0 || stale {
		t.Error("one that is being made:", pid, stale)
	}
	before := time.Now().Add(-time.Minute)
	os.Chtimes(DumpLock(), before, before)
	if pid, stale := DumpHolder(); pid != 0 || !stale {
		t.Error("one that nobody made:", pid, stale)
	}
}
