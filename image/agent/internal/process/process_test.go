package process

import (
	"os"
	"testing"
)

func TestTheOwnProcess(t *testing.T) {
	own, ok := Read(os.Getpid())
	if !ok || own.Parent != os.Getppid() || own.Start == 0 || own.Ended() {
		t.Fatalf("%+v", own)
	}
	if !Alive(own.PID, own.Start) || Alive(own.PID, own.Start+1) || Alive(1<<22+1, 0) {
		t.Error("alive is told wrong")
	}
	if !SameContainer(own.PID, 0) || Hidden(own.PID) {
		t.Error("its container is told wrong")
	}
	identity, ok := ReadIdentity(0)
	if !ok || identity.User == "" || identity.Group == "" {
		t.Errorf("%+v", identity)
	}
}

func TestIDsThatDifferAreAllShown(t *testing.T) {
	for text, ids := range map[string][]string{"5": {"5", "5", "5", "5"}, "5/6/5": {"5", "6", "5", "5"}, "": nil} {
		if got := oneID(ids); got != text {
			t.Errorf("%v: %q", ids, got)
		}
	}
}

func FuzzStat(f *testing.F) {
	f.Add([]byte("7 (a) b) S 1 7 7 0 -1 4194304 1 0 0 0 0 0 0 0 20 0 1 0 4711 1 1"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if found, ok := parseStat(7, text); ok && found.PID != 7 {
			t.Fatal(found)
		}
	})
}
