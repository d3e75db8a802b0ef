package command

import (
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"cdk8s-procdump/agent/internal/dumpfile"
	"cdk8s-procdump/agent/internal/event"
	"cdk8s-procdump/agent/internal/manifest"
	"cdk8s-procdump/agent/internal/plan"
	"cdk8s-procdump/agent/internal/publish"
	"cdk8s-procdump/agent/internal/queue"
)

type row struct {
	at    string
	bytes int64
	path  string
	sum   string
	// cutOff tells that the dump is not complete.
	cutOff bool
}

// Dumps lists the dumps of this pod, oldest first: bytes, time (UTC), path, and whether one is incomplete. With a
// store: what is published.
//
//	--all     those of all pods of the workload
//	--verify  reads them again and compares the SHA-256 with their manifests; returns 1 if one differs or is incomplete
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
	rows := listRows(p, all, verify)
	if waiting := len(queue.Numbers()); p.Spooled() && waiting > 0 {
		complain("dumps", "%d more in the spool %s, not published yet: run status", waiting, p.DumpDirectory)
	}
	sort.Slice(rows, func(i, j int) bool {
		return rows[i].at < rows[j].at || rows[i].at == rows[j].at && rows[i].path < rows[j].path
	})
	code := 0
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
		fmt.Printf("%12d  %s  %s%s\n", row.bytes, row.at, row.path, verdicts)
	}
	return code
}

func listRows(p *plan.Plan, all, alsoMissing bool) []row {
	var rows []row
	if !p.Spooled() {
		for _, path := range dumpfile.List(p.DumpDirectory, 3) {
			info, err := os.Lstat(path)
			ofPod := strings.HasPrefix(path, p.PodDirectory()+"/")
			if err == nil && (all || ofPod) && filepath.Dir(path) != p.DumpDirectory && dumpfile.IsWhole(path) &&
				!dumpfile.IsOpen(path) {
				rows = append(rows, row{at: event.Time(info.ModTime()), bytes: info.Size(), path: path})
			}
		}
		return rows
	}
	own := filepath.Join(p.Store.Directory, p.Pod.Name)
	ofUser := fmt.Sprintf("%s-%d", own, os.Geteuid())
	for _, dump := range manifest.List(p.Store.Directory, alsoMissing) {
		if folder := filepath.Dir(dump.Path); all || folder == own || folder == ofUser {
			rows = append(rows, row{at: dump.DumpedAt, bytes: dump.Bytes, path: dump.Path, sum: dump.SHA256,
				cutOff: !dump.Complete})
		}
	}
	return rows
}

func (r row) verify() string {
	sum, err := publish.SumOf(r.path)
	switch {
	case err != nil:
		return "missing"
	case sum == r.sum:
		return "verified"
	}
	return fmt.Sprintf("CORRUPT: found sha256 %s, expected %s", sum, r.sum)
}
