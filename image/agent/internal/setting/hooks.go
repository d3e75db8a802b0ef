//go:build hooks

package setting

import (
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"time"
)

func init() {
	text(&StateDirectory, "PROCDUMP_STATE_DIR")
	text(&AnnotationFile, "PROCDUMP_ANNOTATION_FILE")
	text(&MemoryLimitFile, "PROCDUMP_MEMORY_LIMIT_FILE")
	text(&TerminationFile, "PROCDUMP_TERMINATION_LOG")
	text(&YamaFile, "PROCDUMP_YAMA_FILE")
	duration(&Backoff, "PROCDUMP_BACKOFF")
	duration(&Restart, "PROCDUMP_RESTART")
	duration(&Busy, "PROCDUMP_POLL")
	duration(&Idle, "PROCDUMP_POLL")
	duration(&Look, "PROCDUMP_LOOK")
	duration(&Slow, "PROCDUMP_SLOW_SECONDS")
	duration(&Incomplete, "PROCDUMP_INCOMPLETE_SECONDS")
	duration(&Unfinished, "PROCDUMP_UNFINISHED")
	duration(&DumpStart, "PROCDUMP_DUMP_START")
	duration(&PublishWait, "PROCDUMP_PUBLISH_WAIT")
	Reach = reach
}

func text(value *string, name string) {
	if given := os.Getenv(name); given != "" {
		*value = given
	}
}

func duration(value *time.Duration, name string) {
	if seconds, err := strconv.ParseFloat(os.Getenv(name), 64); err == nil {
		*value = time.Duration(seconds * float64(time.Second))
	}
}

// reach kills its process and the parent at the step PROCDUMP_DIE_AT, and runs the commands of PROCDUMP_AT_<STEP>.
func reach(step string) {
	if os.Getenv("PROCDUMP_DIE_AT") == step {
		syscall.Kill(os.Getppid(), syscall.SIGKILL)
		syscall.Kill(os.Getpid(), syscall.SIGKILL)
	}
	if command := os.Getenv("PROCDUMP_AT_" + step); command != "" {
		exec.Command("bash", "-c", command).Run()
	}
	if fault := os.Getenv("PROCDUMP_FAULT_FILE"); step == "look" && fault != "" && os.Remove(fault) == nil {
		panic("a fault that a test asked for")
	}
}
