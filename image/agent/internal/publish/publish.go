// Package publish copies one dump from the spool to the store. It runs in its own process, because everything here may
// hang forever if the store hangs: SMB's fsync does not even react to SIGKILL. The process may die after each step, and
// the next attempt continues.
package publish

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"cdk8s-procdump/agent/internal/dumpfile"
	"cdk8s-procdump/agent/internal/event"
	"cdk8s-procdump/agent/internal/folder"
	"cdk8s-procdump/agent/internal/manifest"
	"cdk8s-procdump/agent/internal/plan"
	"cdk8s-procdump/agent/internal/queue"
	"cdk8s-procdump/agent/internal/retention"
	"cdk8s-procdump/agent/internal/safefile"
	"cdk8s-procdump/agent/internal/setting"
	"cdk8s-procdump/agent/internal/spool"
)

// Publisher publishes dumps of one pod.
type Publisher struct {
	Plan *plan.Plan
	// Owner marks the unfinished copies of this sidecar: two sidecars may publish to one folder.
	Owner string

	entry    queue.Entry
	spool    *safefile.Folder // folder of the source
	source   os.FileInfo
	folder   string
	name     string
	checksum string
}

// ErrGone means that the dump was removed from the spool, so that there is nothing to try again.
var ErrGone = errors.New("gone")

// Folder returns the folder of this pod in the store. Two sidecars of a pod may have different users. On a store with
// modes, only the user who created the folder can write to it.
func Folder(p *plan.Plan) string {
	path := filepath.Join(p.Store.Directory, p.Pod.Name)
	if folder.Exists(path) && !folder.IsWritable(path) {
		return fmt.Sprintf("%s-%d", path, os.Geteuid())
	}
	return path
}

// Publish publishes the queue entry with this number and removes it from queue and spool.
func (p *Publisher) Publish(number int) error {
	began := time.Now()
	entry, ok := queue.Read(number)
	if !ok {
		return nil
	}
	p.entry = entry
	setting.Reach("begin")
	file, err := p.openSource()
	if errors.Is(err, ErrGone) {
		queue.Forget(number)
	}
	if err != nil {
		return err
	}
	defer file.Close()
	defer p.spool.Close()
	// The file may have grown since the agent queued it.
	if size := p.Plan.SpoolMebibytes * spool.MiB; size > 0 && p.source.Size() > size {
		queue.Forget(number)
		return fmt.Errorf("found %s with %d MiB, and the spool may hold %d: it is not published%w", entry.Source,
			p.source.Size()/spool.MiB, p.Plan.SpoolMebibytes, ErrGone)
	}
	// The file was whole when the agent queued it. It may have been truncated or overwritten since.
	if dumpfile.Judge(file, p.source.Size()) != dumpfile.Whole {
		p.entry.Manifest.Complete = false
	}
	if err := p.openStore(); err != nil {
		return err
	}
	if err := p.removeOwnPartials(); err != nil {
		return err
	}
	already, err := p.chooseName(number, file)
	if err != nil {
		return err
	}
	if !already {
		if err := p.copyAndRename(file); err != nil {
			return err
		}
	}
	if err := p.putManifest(file); err != nil {
		return err
	}
	if err := p.announce(number); err != nil {
		return fmt.Errorf("could not note that %s is published: %s", p.path(), reason(err))
	}
	if err := p.freeSpool(number, file); err != nil {
		return err
	}
	event.Info("published", event.F("path", p.path()), event.F("source", entry.Source), event.F("bytes", p.source.Size()),
		event.F("sha256", p.checksum), event.F("seconds", int(time.Since(began).Seconds())))
	return nil
}

func (p *Publisher) path() string { return filepath.Join(p.folder, p.name) }

func (p *Publisher) openStore() error {
	if !folder.Exists(p.Plan.Store.Directory) {
		return fmt.Errorf("found no folder %s, expected the store's volume there: check the mount",
			p.Plan.Store.Directory)
	}
	p.folder = Folder(p.Plan)
	if err := os.Mkdir(p.folder, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return fmt.Errorf("found %s not writable (%s) for user %d: check the volume's mount, owner and access; a disk "+
			"needs securityContext.fsGroup of the pod", p.Plan.Store.Directory, reason(err), os.Geteuid())
	}
	return nil
}

// removeOwnPartials removes unfinished copies. There is one publisher at a time, so their writer is dead.
func (p *Publisher) removeOwnPartials() error {
	for _, name := range folder.Names(p.folder) {
		path := filepath.Join(p.folder, name)
		if !strings.HasPrefix(name, "."+p.Owner+".") || !strings.HasSuffix(name, ".partial") {
			continue
		}
		if err := os.Remove(path); err != nil {
			return fmt.Errorf("could not remove the unfinished %s: check the access to the store", path)
		}
	}
	return nil
}

// isSameDump reports whether the file with this name has the same content. It compares checksums only if the sizes are
// equal.
func (p *Publisher) isSameDump(file *os.File) (bool, error) {
	info, err := os.Lstat(p.path())
	if err != nil || info.Size() != p.source.Size() {
		return false, nil
	}
	if err := p.sumOfSource(file); err != nil {
		return false, err
	}
	if m, ok := manifest.Read(p.Plan.Store.Directory, p.path()+".json"); ok {
		return m.SHA256 == p.checksum, nil
	}
	there, err := SumOf(p.Plan.Store.Directory, p.path())
	return err == nil && there == p.checksum, nil
}

func (p *Publisher) sumOfSource(file *os.File) error {
	if p.checksum != "" {
		return nil
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, io.NewSectionReader(file, 0, p.source.Size())); err != nil {
		return fmt.Errorf("could not read %s: %s", p.entry.Source, reason(err))
	}
	p.checksum = hex.EncodeToString(sum.Sum(nil))
	return nil
}

// copyAndRename copies the dump and computes its checksum from what it writes. Only a successful fsync proves that the
// store has the dump: on SMB, write and close succeed on a full or dead server, and the size looks right.
func (p *Publisher) copyAndRename(file *os.File) error {
	sweeper := retention.Sweeper{Plan: p.Plan, Folder: p.folder}
	if err := sweeper.MakeRoom(p.source.Size(), p.freeSpace()); err != nil {
		return err
	}
	if free := p.freeSpace(); free < p.source.Size() {
		return fmt.Errorf("found %d bytes free in the store, expected %d for %s: enlarge the store, or let the "+
			"retention keep less", free, p.source.Size(), p.entry.Source)
	}
	partial := filepath.Join(p.folder, "."+p.Owner+"."+p.name+".partial")
	written, err := p.writePartial(partial, file)
	if err != nil {
		return err
	}
	setting.Reach("copied")
	renamed := false
	defer func() {
		if !renamed {
			os.Remove(partial)
		}
	}()
	// The application may have changed the file after it was judged, through memory that it maps: no time of the file
	// shows that.
	switch dumpfile.JudgePath(p.Plan.Store.Directory, partial) {
	case dumpfile.Foreign:
		return fmt.Errorf("found no dump in the copy %s: it is copied again", partial)
	case dumpfile.Short:
		p.entry.Manifest.Complete = false
	}
	if !p.isUnchanged(file) || written != p.source.Size() {
		return fmt.Errorf("%s changed while it was copied: it is copied again", p.entry.Source)
	}
	if info, err := os.Lstat(partial); err != nil || info.Size() != written {
		return fmt.Errorf("found another size of %s than %d bytes: check the store's free space", partial, written)
	}
	if err := renameToNew(partial, p.path()); err != nil {
		return fmt.Errorf("could not rename %s: the name %s was taken meanwhile, or the store refused (%s): the "+
			"next try takes another name", partial, p.name, reason(err))
	}
	renamed = true
	setting.Reach("renamed")
	syncFolder(p.folder)
	return nil
}

// freeSpace returns the free space of the store: a copy that cannot fit is not started, because others write to the
// store too. A sparse file takes its whole length there. A store that does not report its free space counts as
// unlimited.
func (p *Publisher) freeSpace() int64 {
	var disk syscall.Statfs_t
	if syscall.Statfs(p.folder, &disk) != nil || disk.Blocks == 0 {
		return math.MaxInt64
	}
	return int64(disk.Bavail) * disk.Bsize
}

func (p *Publisher) writePartial(partial string, file *os.File) (int64, error) {
	setting.Reach("copying")
	target, err := os.OpenFile(partial, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err == nil {
		var sum string
		var written int64
		written, sum, err = copySynced(target, file, p.source.Size())
		if closed := target.Close(); err == nil {
			err = closed
		}
		if err == nil {
			p.checksum = sum
			return written, nil
		}
		os.Remove(partial)
	}
	return 0, fmt.Errorf("could not write %s: %s: check the store's free space and connection", partial, reason(err))
}

// reason returns the last part of an error's text, such as "no space left on device".
func reason(err error) string {
	var path *os.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		err = path.Err
	case errors.As(err, &link):
		err = link.Err
	}
	return err.Error()
}
