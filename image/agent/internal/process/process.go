// Package process reads information about processes from /proc. All reads are bounded.
package process

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// Process is one process. PID and Start together identify it uniquely.
type Process struct {
	PID    int
	State  byte
	Parent int
	// Start is in hundredths of a second since the boot.
	Start uint64
}

// Read returns an existing process, including a zombie.
func Read(pid int) (Process, bool) {
	return parseStat(pid, readFile(fmt.Sprintf("/proc/%d/stat", pid), 4096))
}

func parseStat(pid int, text []byte) (Process, bool) {
	// The command name may contain blanks and parentheses.
	end := bytes.LastIndexByte(text, ')')
	if end < 0 {
		return Process{}, false
	}
	fields := strings.Fields(string(text[end+1:]))
	if len(fields) < 20 {
		return Process{}, false
	}
	parent, _ := strconv.Atoi(fields[1])
	start, err := strconv.ParseUint(fields[19], 10, 64)
	return Process{PID: pid, State: fields[0][0], Parent: parent, Start: start}, err == nil
}

// Ended reports whether the process is a zombie, which accepts signals but can no longer be dumped.
func (p Process) Ended() bool { return p.State == 'Z' || p.State == 'X' }

// Alive reports whether exactly this process lives.
func Alive(pid int, start uint64) bool {
	found, ok := Read(pid)
	return ok && found.Start == start && !found.Ended()
}

// maxName is the length of the longest file name. The application can set longer arguments.
const maxName = 255

// Name returns the name that ProcDump uses: the first argument after its last slash, cut at the first blank.
func Name(pid int) (string, bool) {
	return parseName(readFile(fmt.Sprintf("/proc/%d/cmdline", pid), 4096))
}

func parseName(text []byte) (string, bool) {
	if len(text) == 0 {
		return "", false
	}
	first, _, _ := bytes.Cut(text, []byte{0})
	name := string(first[bytes.LastIndexByte(first, '/')+1:])
	name, _, _ = strings.Cut(name, " ")
	return name[:min(len(name), maxName)], true
}

// All returns the ids of all processes.
func All() []int {
	directory, err := os.Open("/proc")
	if err != nil {
		return nil
	}
	defer directory.Close()
	names, _ := directory.Readdirnames(-1)
	var pids []int
	for _, name := range names {
		if pid, err := strconv.Atoi(name); err == nil {
			pids = append(pids, pid)
		}
	}
	return pids
}

// Identity is the user and group of a process, each "1/2/3" if its ids differ, and its effective capabilities.
type Identity struct {
	User, Group  string
	Capabilities uint64
}

func (i Identity) String() string { return i.User + ":" + i.Group }

// Has reports whether a capability is effective.
func (i Identity) Has(capability uint) bool { return i.Capabilities>>capability&1 == 1 }

// ReadIdentity returns the identity of a process; 0 means the agent itself.
func ReadIdentity(pid int) (Identity, bool) {
	var identity Identity
	for key, values := range Status(pid) {
		switch key {
		case "Uid":
			identity.User = oneID(values)
		case "Gid":
			identity.Group = oneID(values)
		case "CapEff":
			identity.Capabilities, _ = strconv.ParseUint(values[0], 16, 64)
		}
	}
	return identity, identity.User != ""
}

func oneID(ids []string) string {
	if len(ids) >= 3 && ids[0] == ids[1] && ids[1] == ids[2] {
		return ids[0]
	}
	return strings.Join(ids[:min(3, len(ids))], "/")
}

// Status returns the fields of /proc/PID/status that have values; 0 means the agent itself.
func Status(pid int) map[string][]string {
	fields := map[string][]string{}
	for _, line := range strings.Split(string(readFile(folder(pid)+"/status", 16384)), "\n") {
		key, rest, found := strings.Cut(line, ":")
		if values := strings.Fields(rest); found && len(values) > 0 {
			fields[key] = values
		}
	}
	return fields
}

// Tracer returns the process that traces another one, a debugger or ProcDump, or 0.
func Tracer(pid int) int {
	values := Status(pid)["TracerPid"]
	if values == nil {
		return 0
	}
	tracer, _ := strconv.Atoi(values[0])
	return tracer
}

// SameContainer reports whether two processes have the same mount namespace, as in one container. It returns false if
// the kernel denies access to one of them.
func SameContainer(pid, other int) bool {
	a, errA := os.Stat(folder(pid) + "/ns/mnt")
	b, errB := os.Stat(folder(other) + "/ns/mnt")
	return errA == nil && errB == nil && os.SameFile(a, b)
}

// Hidden reports whether the kernel denies access to a process. It also denies access to processes of the sidecar whose
// program is not readable.
func Hidden(pid int) bool {
	_, err := os.Stat(folder(pid) + "/ns/mnt")
	return err != nil
}

// OfSidecar reports whether a process belongs to the sidecar. A hidden process with the sidecar's user counts too: it
// could not be dumped anyway.
func OfSidecar(pid int) bool {
	if SameContainer(pid, 0) {
		return true
	}
	if !Hidden(pid) {
		return false
	}
	own, _ := ReadIdentity(0)
	its, ok := ReadIdentity(pid)
	return ok && its.User == own.User
}

// Exists reports whether there is a process with this id, of any user and age.
func Exists(pid int) bool { return syscall.Kill(pid, 0) != syscall.ESRCH }

// Signal sends a signal to a process.
func Signal(pid int, signal syscall.Signal) { syscall.Kill(pid, signal) }

func folder(pid int) string {
	if pid == 0 {
		return "/proc/self"
	}
	return fmt.Sprintf("/proc/%d", pid)
}

func readFile(path string, limit int64) []byte {
	file, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer file.Close()
	text, _ := io.ReadAll(io.LimitReader(file, limit))
	return text
}
