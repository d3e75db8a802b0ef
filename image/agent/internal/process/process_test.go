package process

import (
	"os"
	"strings"
	"syscall"
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

func TestAMappingIsFoundAcrossTheBlocksOfTheList(t *testing.T) {
	name := t.TempDir() + "/mapped-file"
	file, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	file.Truncate(4096)
	if Maps(os.Getpid(), "/mapped-file") {
		t.Error("it is not mapped yet")
	}
	memory, err := syscall.Mmap(int(file.Fd()), 0, 4096, syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Munmap(memory)
	if !Maps(os.Getpid(), "/mapped-file") || Maps(1<<22+1, "") {
		t.Error("mappings are told wrong")
	}
}

func FuzzName(f *testing.F) {
	f.Add([]byte("/usr/bin/web api\x00--flag\x00"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if name, ok := parseName(text); ok && strings.ContainsAny(name, "/ \x00") {
			t.Fatalf("%q", name)
		}
	})
}
