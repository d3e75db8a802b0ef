// Package confine starts ProcDump for a .NET target so that it cannot attach to processes. ProcDump asks the runtime
// for a dump. If it finds no diagnostics socket, it treats the process as native: it writes the whole address space
// itself, and follows links of the application at the path of the dump, into the store and the state of the sidecar.
// ProcDump attaches to the threads before it opens the file, and opens no file if that fails. It waits for signals with
// PTRACE_SEIZE, which stays possible.
// https://github.com/microsoft/ProcDump-for-Linux/blob/main/src/corex/ptrace_utils.c
package confine

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"unsafe"
)

// Command is the agent's command that runs a confined program.
const Command = "confine"

// instruction is one instruction of a seccomp filter (struct sock_filter).
type instruction struct {
	code     uint16
	yes, no  uint8
	constant uint32
}

type program struct {
	length       uint16
	instructions *instruction
}

const (
	load, equal, answer = 0x20, 0x15, 0x06 // BPF_LD|W|ABS, BPF_JMP|JEQ|K, BPF_RET|K
	numberAt            = 0
	machineAt           = 4
	requestAt           = 16 // the first argument
	allow               = 0x7fff0000
	refuse              = 0x00050000 | uint32(syscall.EPERM)
)

// Run replaces this process by a program that cannot attach to processes.
func Run(words []string) int {
	if len(words) == 0 {
		fmt.Fprintln(os.Stderr, "confine: expected a program")
		return 2
	}
	path, err := exec.LookPath(words[0])
	if err == nil {
		// The filter applies to this thread, which becomes the program.
		runtime.LockOSThread()
		// On a kernel without seccomp filters, ProcDump runs unconfined.
		refuseAttach()
		err = syscall.Exec(path, words, os.Environ())
	}
	fmt.Fprintf(os.Stderr, "confine: could not start %s: %v\n", words[0], err)
	return 127
}

func refuseAttach() error {
	filter := []instruction{
		{load, 0, 0, machineAt},
		{equal, 0, 5, machine},
		{load, 0, 0, numberAt},
		{equal, 0, 3, syscall.SYS_PTRACE},
		{load, 0, 0, requestAt},
		{equal, 0, 1, syscall.PTRACE_ATTACH},
		{answer, 0, 0, refuse},
		{answer, 0, 0, allow},
	}
	const noNewPrivileges, setSeccomp, modeFilter = 38, 22, 2
	if _, _, failed := syscall.RawSyscall6(syscall.SYS_PRCTL, noNewPrivileges, 1, 0, 0, 0, 0); failed != 0 {
		return failed
	}
	all := program{uint16(len(filter)), &filter[0]}
	if _, _, failed := syscall.RawSyscall(syscall.SYS_PRCTL, setSeccomp, modeFilter,
		uintptr(unsafe.Pointer(&all))); failed != 0 {
		return failed
	}
	return nil
}
