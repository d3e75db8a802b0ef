package publish

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"cdk8s-procdump/agent/internal/event"
	"cdk8s-procdump/agent/internal/queue"
	"cdk8s-procdump/agent/internal/setting"
)

func (p *Publisher) putManifest(file *os.File) error {
	path := p.path() + ".json"
	if err := p.sumOfSource(file); err != nil {
		return err
	}
	m := &p.entry.Manifest
	m.File, m.Bytes, m.SHA256 = p.name, p.source.Size(), p.checksum
	m.Describe(p.Plan, time.Now())
	if _, err := os.Lstat(path); err == nil {
		return nil
	}
	partial := filepath.Join(p.folder, "."+p.Owner+"."+p.name+".json.partial")
	setting.Reach("describing")
	err := writeSynced(partial, append(event.JSON(m), '\n'))
	if err == nil {
		err = renameToNew(partial, path)
	}
	if err != nil {
		os.Remove(partial)
		return fmt.Errorf("could not write %s: %s: check the store's free space and connection", path, reason(err))
	}
	syncFolder(p.folder)
	setting.Reach("manifest")
	return nil
}

// announce logs once that a dump has arrived, even if a later step fails and is tried again. It comes before the entry
// is removed: after a crash, two events are better than none.
func (p *Publisher) announce(number int) error {
	if p.entry.Announced {
		return nil
	}
	p.entry.Manifest.Announce(p.path())
	if err := queue.NotePublished(p.entry.Source, p.path()); err != nil {
		return err
	}
	setting.Reach("listed")
	p.entry.Announced = true
	return queue.Write(number, p.entry)
}

func (p *Publisher) freeSpool(number int, file *os.File) error {
	// A dump that has overwritten this one meanwhile stays. The agent will find it.
	if p.isUnchanged(file) && p.removeSource() != nil {
		return fmt.Errorf("published %s but could not remove %s from the spool: remove it", p.path(), p.entry.Source)
	}
	setting.Reach("freed")
	queue.Forget(number)
	return nil
}
