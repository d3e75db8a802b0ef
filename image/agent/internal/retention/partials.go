package retention

import (
	"fmt"
	"path/filepath"
	"regexp"
	"time"

	"cdk8s-procdump/agent/internal/dumpfile"
	"cdk8s-procdump/agent/internal/event"
)

// An unfinished copy of another pod that has not changed for this time has no writer any more.
const stale = 24 * time.Hour

var partial = regexp.MustCompile(`^\.[a-z0-9-]+\.[A-Za-z0-9._-]+\.partial$`)

func (s Sweeper) removeStalePartials(now time.Time) {
	root := s.Plan.Store.Directory
	walker := dumpfile.Walker{Root: root, Start: root, Depth: 2, All: true}
	defer walker.Close()
	const maxEntries = 400_000
	walker.Walk(dumpfile.NewBudget(maxEntries, time.Minute), func(file dumpfile.File) {
		name := filepath.Base(file.Path)
		if !file.Info.Mode().IsRegular() || !partial.MatchString(name) ||
			now.Unix()-file.Info.ModTime().Unix() < int64(stale.Seconds()) || file.Folder.Remove(name, file.Info) != nil {
			return
		}
		event.Info("partial-removed", event.F("path", file.Path), event.F("reason", fmt.Sprintf("not changed for "+
			"%d s: its writer is gone", int(stale.Seconds()))))
	})
}
