package dumpfile

import (
	"os"
	"os/exec"
	"testing"
	"time"

	"cdk8s-procdump/agent/internal/safefile"
)

// open opens a file as the agent does.
func open(t *testing.T, path string) (*os.File, os.FileInfo) {
	t.Helper()
	folder, err := safefile.OpenRoot(path[:len(path)-len("/core")])
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Close()
	file, info, err := folder.Open("core")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	return file, info
}

// writer starts a process that keeps a file open until the test ends.
func writer(t *testing.T, path string) {
	t.Helper()
	command := exec.Command("sh", "-c", `exec 5>>"$0"; echo; exec sleep 60`, path)
	output, err := command.StdoutPipe()
	if err != nil || command.Start() != nil {
		t.Fatal("no writer")
	}
	output.Read(make([]byte, 1))
	t.Cleanup(func() {
		command.Process.Kill()
		command.Wait()
	})
}

// eventually repeats a question, because the machine may be busy.
func eventually(question func() bool) bool {
	for try := 0; try < 100; try++ {
		if question() {
			return true
		}
	}
	return false
}

func TestAWriterIsSeenAndAReaderIsNone(t *testing.T) {
	path := written(t, core(10))
	file, info := open(t, path)
	openers := Openers{}
	if openers.IsOpen(file, info) || !eventually(func() bool { return !openers.search(info) }) {
		t.Fatal("nobody writes to it")
	}
	writer(t, path)
	if !openers.IsOpen(file, info) {
		t.Error("the kernel does not tell of the writer")
	}
	if !eventually(func() bool { return openers.search(info) && openers.file == nil }) {
		t.Error("the writer is not found")
	}
}

func TestASearchOfAllProcessesGoesOnAtTheNextLook(t *testing.T) {
	path := written(t, core(10))
	_, info := open(t, path)
	_, other := open(t, written(t, core(10)))
	openers := Openers{file: info, begun: time.Now()}
	for i := 0; i < 200_000; i++ {
		openers.pids = append(openers.pids, os.Getpid())
	}
	began := time.Now()
	if !openers.search(info) || time.Since(began) > 5*openersTime {
		t.Fatalf("it took %v", time.Since(began))
	}
	left := len(openers.pids)
	if left == 0 || left == 200_000 {
		t.Fatalf("%d processes are left", left)
	}
	if !openers.search(other) || len(openers.pids) != left {
		t.Error("another file's turn came in the middle")
	}
	openers.pids = openers.pids[:1]
	if openers.search(info) {
		t.Error("it does not come to an end")
	}
}
