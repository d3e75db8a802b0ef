package target

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"cdk8s-procdump/agent/internal/process"
)

// Bounds of the search in the sockets in use. All programs of the pod create sockets with any names.
const (
	maxSockets = 20_000
	// The path of a socket has at most 108 bytes.
	maxSocketLine = 512
	socketTime    = 300 * time.Millisecond
	// With hostNetwork there are those of other pods' processes of the same number.
	maxOfProcess = 1000
)

// readSockets returns the lines of the kernel's list that contain a socket of a .NET runtime.
func readSockets() []string {
	file, err := os.Open("/proc/net/unix")
	if err != nil {
		return []string{}
	}
	defer file.Close()
	return filterSockets(file, time.Now().Add(socketTime))
}

func filterSockets(list io.Reader, until time.Time) []string {
	found := []string{}
	ofProcess := map[int]int{}
	lines := bufio.NewReaderSize(list, 1<<16)
	// The rest of a line that is too long is not a line of its own.
	for count, whole := 0, true; len(found) < maxSockets; count++ {
		if count%1000 == 999 && time.Now().After(until) {
			break
		}
		line, err := lines.ReadSlice('\n')
		if whole && err != bufio.ErrBufferFull && len(line) <= maxSocketLine && countsAsSocket(line, ofProcess) {
			found = append(found, string(bytes.TrimSuffix(line, []byte("\n"))))
		}
		whole = err != bufio.ErrBufferFull
		if err != nil && err != bufio.ErrBufferFull {
			break
		}
	}
	return found
}

// countsAsSocket reports whether a line names one of the first sockets of an existing process. The application can open
// any number of sockets with such names, which must not displace those of others.
func countsAsSocket(line []byte, ofProcess map[int]int) bool {
	_, name, found := bytes.Cut(line, []byte("dotnet-diagnostic-"))
	if !found {
		return false
	}
	digits, _, _ := bytes.Cut(name, []byte("-"))
	pid, err := strconv.Atoi(string(digits))
	if err != nil || pid <= 0 || ofProcess[pid] >= maxOfProcess || !process.Exists(pid) {
		return false
	}
	ofProcess[pid]++
	return true
}

func (f *Finder) isListed(part string) bool { return f.listed(part) != "" }

// listed returns the first line of the sockets in use that contains a text.
func (f *Finder) listed(part string) string {
	if f.sockets == nil {
		f.sockets = readSockets()
	}
	for _, line := range f.sockets {
		if strings.Contains(line, part) {
			return line
		}
	}
	return ""
}

// firstListed returns the socket that ProcDump uses for a process. ProcDump ignores the start time in the name.
func (f *Finder) firstListed(pid int) string {
	beginning := fmt.Sprintf("%s/dotnet-diagnostic-%d-", f.Plan.Pod.TemporaryDirectory, pid)
	line := f.listed(" " + beginning)
	return line[strings.Index(line, " "+beginning)+1:]
}
