package command

import (
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"time"

	"cdk8s-procdump/agent/internal/dumpfile"
	"cdk8s-procdump/agent/internal/event"
	"cdk8s-procdump/agent/internal/manifest"
	"cdk8s-procdump/agent/internal/plan"
	"cdk8s-procdump/agent/internal/publish"
	"cdk8s-procdump/agent/internal/queue"
	"cdk8s-procdump/agent/internal/safefile"
)

type row struct {
	at    string
	bytes int64
	root  string
	path  string
	sum   string
	// cutOff is whether the dump is incomplete.
	cutOff bool
}

// Dumps is the command dumps: it lists the dumps of this pod, oldest first, with bytes, time (UTC), path, and whether
// they are incomplete. With a store, it lists the published dumps.
//
//	--all     lists the dumps of all pods of the workload
//	--verify  compares the SHA-256 of each dump with its manifest; returns 1 if one differs or is incomplete
func Dumps(words []string) int {
	all, verify := false, false
	for _, word := range words {
		switch word {
		case "--all":
			all = true
		case "--verify":
			verify = true
		default:
			complain("dumps", "found '%s', expected --all or --verify: give one of them, both or nothing", word)
			return 2
		}
	}
	p, err := loadPlan()
	if err != nil {
		complain("dumps", "%v", err)
		return 2
	}
	if verify && !p.Spooled() {
		complain("dumps", "found --verify with direct delivery: only published dumps have a checksum, use spooled "+
			"delivery")
		return 2
	}
	rows, err := listRows(p, all, verify)
	code := 0
	if err != nil {
		complain("dumps", "%v", err)
		code = 1
	}
	if waiting := len(queue.Numbers()); p.Spooled() && waiting > 0 {
		complain("dumps", "%d more in the spool %s, not published yet: run status", waiting, p.DumpDirectory)
	}
	sort.Slice(rows, func(i, j int) bool {
		return rows[i].at < rows[j].at || rows[i].at == rows[j].at && rows[i].path < rows[j].path
	})
	for _, row := range rows {
		verdicts := ""
		if verify {
			verdict := row.verify()
			if verdict != "verified" || row.cutOff {
				code = 1
			}
			verdicts = "  " + verdict
		}
		if row.cutOff {
			verdicts += "  incomplete"
		}
		fmt.Printf("%12d  %s  %s%s\n", row.bytes, row.at, shown(row.path), verdicts)
	}
	return code
}

func listRows(p *plan.Plan, all, alsoMissing bool) ([]row, error) {
	if !p.Spooled() {
		return listDirect(p, all)
	}
	var rows []row
	own := filepath.Join(p.Store.Directory, p.Pod.Name)
	ofUser := fmt.Sprintf("%s-%d", own, os.Geteuid())
	list, err := manifest.List(p.Store.Directory, alsoMissing)
	for _, dump := range list {
		if folder := filepath.Dir(dump.Path); all || folder == own || folder == ofUser {
			rows = append(rows, row{at: dump.DumpedAt, bytes: dump.Bytes, root: p.Store.Directory, path: dump.Path,
				sum: dump.SHA256, cutOff: !dump.Complete})
		}
	}
	return rows, err
}

// openersTime limits the search through the descriptors of all processes, if the store supports no leases.
const openersTime = 30 * time.Second

func listDirect(p *plan.Plan, all bool) (rows []row, err error) {
	paths, whole := dumpfile.List(p.DumpDirectory, p.DumpDirectory, 3)
	if !whole {
		err = fmt.Errorf("found too many files in %s to list all: remove what does not belong there", p.DumpDirectory)
	}
	until := time.Now().Add(openersTime)
	for _, path := range paths {
		ofPod := strings.HasPrefix(path, p.PodDirectory()+"/")
		if !all && !ofPod || filepath.Dir(path) == p.DumpDirectory {
			continue
		}
		info, failed := safefile.Lstat(p.DumpDirectory, path)
		verdict, open := (&dumpfile.Openers{}).LookNow(p.DumpDirectory, path, until)
		if open && verdict == dumpfile.Whole && time.Now().After(until) {
			err = fmt.Errorf("could not see within %d s whether %s is still being written: end processes that have many "+
				"files open, and try again", int(openersTime.Seconds()), path)
		}
		if failed == nil && verdict == dumpfile.Whole && !open {
			rows = append(rows, row{at: event.Time(info.ModTime()), bytes: info.Size(), path: path})
		}
	}
	return rows, err
}

// shown quotes a path with blanks, which could forge other columns. Only the application creates such names.
func shown(path string) string {
	if strings.Contains(path, " ") {
		return strconv.Quote(path)
	}
	return event.Printable(path)
}

func (r row) verify() string {
	sum, err := publish.SumOf(r.root, r.path)
	switch {
	case err != nil:
		return "missing"
	case sum == r.sum:
		return "verified"
	}
	return fmt.Sprintf("CORRUPT: found sha256 %s, expected %s", sum, r.sum)
}
