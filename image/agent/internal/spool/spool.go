// Package spool decides whether the next dump fits. The kubelet evicts the whole pod, with the application, if the
// spool exceeds its size.
package spool

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"

	"cdk8s-procdump/agent/internal/dumpfile"
	"cdk8s-procdump/agent/internal/plan"
	"cdk8s-procdump/agent/internal/process"
)

const MiB = 1 << 20

// Others fill the node's disk too. This much of it stays free.
const diskReserve = 64 * MiB

// Room is the used part of the spool and the free space of its disk.
type Room struct {
	Size, Used, DiskFree int64
}

// Meter measures a spool in pieces, because the application determines the number of files.
type Meter struct {
	walker *dumpfile.Walker
	used   int64 // bytes counted so far
}

// Measure counts allocated blocks, as the kubelet does to enforce the size limit of an emptyDir. It is done when all
// files are counted; otherwise the next call continues.
func (m *Meter) Measure(p *plan.Plan, budget *dumpfile.Budget) (room Room, done bool) {
	if m.walker == nil {
		m.walker = &dumpfile.Walker{Root: p.DumpDirectory, Start: p.DumpDirectory, Depth: dumpfile.AnyDepth, All: true}
		m.used = 0
	}
	done = m.walker.Walk(budget, func(file dumpfile.File) {
		stat := file.Info.Sys().(*syscall.Stat_t)
		m.used += stat.Blocks * 512 / max(1, int64(stat.Nlink)) // each name of a file has an equal share
	})
	if done {
		m.walker = nil
	}
	room = Room{Size: p.SpoolMebibytes * MiB, Used: m.used}
	var disk syscall.Statfs_t
	if syscall.Statfs(p.DumpDirectory, &disk) == nil {
		room.DiskFree = int64(disk.Bavail) * disk.Bsize
	}
	return room, done
}

// Left returns how many bytes may still be written.
func (r Room) Left() int64 { return min(r.Size-r.Used, r.DiskFree-diskReserve) }

// Explain returns why a dump of a process does not fit.
func (r Room) Explain(pid int, estimate int64, left int64) string {
	return fmt.Sprintf("the next dump of process %d may need %d MiB, expected at most %d MiB: the spool holds %d "+
		"of %d MiB, its disk has %d MiB free; wait for the publication, or raise the spool's sizeLimit",
		pid, estimate/MiB, max(0, left/MiB), r.Used/MiB, r.Size/MiB, r.DiskFree/MiB)
}

// Estimate returns the bytes that the next dump of a process may need.
func Estimate(p *plan.Plan, pid int) int64 {
	if p.Runtime == plan.Dotnet {
		return estimateDotnet(pid)
	}
	return estimateNative(p, pid)
}

// estimateDotnet includes mapped files, which a full dump of the runtime contains: processes with 20 MB and 84 MB of
// resident memory had dumps of 80 MB and 230 MB.
func estimateDotnet(pid int) int64 {
	return kibibytesOf(pid, "VmRSS", "VmSwap")*1024*5/4 + 128*MiB
}

func kibibytesOf(pid int, keys ...string) (kibibytes int64) {
	status := process.Status(pid)
	for _, key := range keys {
		if values := status[key]; values != nil {
			amount, _ := strconv.ParseInt(values[0], 10, 64)
			kibibytes += amount
		}
	}
	return kibibytes
}

// A process with more mappings counts with its whole address space.
const maxMappings = 20_000

// defaultMask is ProcDump's default mask, in hex: private and shared memory without files, ELF headers, huge pages.
const defaultMask = "33"

// estimateNative adds up the mappings. ProcDump writes every mapping that the mask selects in full, touched or not, and
// always the writable ones and the program.
func estimateNative(p *plan.Plan, pid int) int64 {
	text := p.DumpMask
	if text == "" {
		text = defaultMask
	}
	mask, _ := strconv.ParseUint(text, 16, 32)
	estimate := int64(MiB)
	maps, err := os.Open(fmt.Sprintf("/proc/%d/maps", pid))
	if err != nil {
		return estimate // the process has just ended
	}
	defer maps.Close()
	first := ""
	lines := bufio.NewScanner(maps)
	for count := 0; lines.Scan(); count++ {
		if count >= maxMappings {
			return max(estimate, kibibytesOf(pid, "VmSize")*1024)
		}
		fields := strings.Fields(lines.Text())
		if len(fields) < 5 {
			continue
		}
		mode, ofFile, path := fields[1], fields[4] != "0", strings.Join(fields[5:], " ")
		if path == "[vsyscall]" || strings.HasPrefix(path, "[vvar") {
			continue
		}
		if first == "" && ofFile {
			first = path
		}
		bit := uint64(1)
		if ofFile {
			bit = 4
		}
		if strings.HasSuffix(mode, "s") {
			bit *= 2
		}
		const elfHeaders = 16
		if mode[1] == 'w' || path != "" && path == first || mask&bit != 0 {
			estimate += lengthOf(fields[0])
		} else if bit == 4 && mask&elfHeaders != 0 {
			estimate += 4096
		}
	}
	return estimate
}

func lengthOf(addresses string) int64 {
	from, to, _ := strings.Cut(addresses, "-")
	start, _ := strconv.ParseUint(from, 16, 64)
	end, _ := strconv.ParseUint(to, 16, 64)
	return int64(end - start)
}
