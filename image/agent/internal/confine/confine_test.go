package confine

import (
	"os"
	"os/exec"
	"syscall"
	"testing"
)

// TestMain also serves as the confined program.
func TestMain(m *testing.M) {
	switch {
	case len(os.Args) > 2 && os.Args[1] == Command:
		os.Exit(Run(os.Args[2:]))
	case len(os.Args) == 2 && os.Args[1] == "attach":
		child := exec.Command("sleep", "60")
		child.Start()
		failed := syscall.PtraceAttach(child.Process.Pid)
		child.Process.Kill()
		if failed != syscall.EPERM {
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func TestAConfinedProgramCannotAttach(t *testing.T) {
	if exec.Command(os.Args[0], "attach").Run() == nil {
		t.Skip("nobody may attach to processes here")
	}
	if err := exec.Command(os.Args[0], Command, os.Args[0], "attach").Run(); err != nil {
		t.Error(err)
	}
}

func TestOneThatIsNotThereIsReported(t *testing.T) {
	if err := exec.Command(os.Args[0], Command, "/no/such/program").Run(); err == nil || err.Error() != "exit status 127" {
		t.Error(err)
	}
}
