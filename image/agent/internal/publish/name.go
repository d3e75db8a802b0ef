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

// legalName is legal on SMB and for Windows, which has devices named so, and short enough for what is put before and
// behind it.
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

// chooseName tells whether an earlier try came as far as the rename.
func (p *Publisher) chooseName(number int, file *os.File) (already bool, err error) {
	taken := map[string]bool{}
	for _, path := range folder.Names(p.folder) {
		// SMB takes names that differ in case only for one; so does this on every store.
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
