package publish

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"cdk8s-procdump/agent/internal/folder"
	"cdk8s-procdump/agent/internal/queue"
)

var (
	illegal = regexp.MustCompile(`[^A-Za-z0-9._-]`)
	device  = regexp.MustCompile(`^(|\..*|(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?)$`)
)

// legalName returns a name that is legal on SMB and in Windows, which reserves names of devices, and that leaves room
// for the prefix and suffix of an unfinished copy.
func legalName(base string) string {
	name := illegal.ReplaceAllString(base, "_")
	name = strings.TrimRight(name[:min(len(name), 160)], ".")
	lower := strings.ToLower(name)
	if device.MatchString(lower) {
		name = "_" + name
	}
	if strings.HasSuffix(lower, ".json") || strings.HasSuffix(lower, ".partial") {
		name += ".core"
	}
	return name
}

// chooseName chooses the name in the store. It reports whether an earlier attempt already renamed the copy.
func (p *Publisher) chooseName(number int, file *os.File) (already bool, err error) {
	taken := map[string]bool{}
	for _, path := range folder.Names(p.folder) {
		// SMB ignores case in names, so names that differ only in case count as equal on every store.
		taken[strings.ToLower(path)] = true
	}
	base := legalName(filepath.Base(p.entry.Source))
	p.name = base
	if p.entry.Name != "" {
		p.name = p.entry.Name
	}
	for count := 2; ; count++ {
		lower := strings.ToLower(p.name)
		if !taken[lower] && !taken[lower+".json"] {
			break
		}
		if already, err = p.isSameDump(file); err != nil || already {
			break
		}
		p.name = fmt.Sprintf("%s-%d", base, count)
	}
	p.entry.Name = p.name
	if err == nil {
		err = queue.Write(number, p.entry)
	}
	return already, err
}
