package publish

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"cdk8s-procdump/agent/internal/dumpfile"
	"cdk8s-procdump/agent/internal/safefile"
)

// openSource opens the queued file and its folder. Its name may now belong to another file, such as a link into the
// dumps of another pod.
func (p *Publisher) openSource() (file *os.File, err error) {
	p.spool, err = safefile.Open(p.Plan.DumpDirectory, filepath.Dir(p.entry.Source))
	if err == nil {
		if file, p.source, err = p.spool.Open(filepath.Base(p.entry.Source)); err != nil {
			p.spool.Close()
		}
	}
	if errors.Is(err, os.ErrPermission) {
		return nil, fmt.Errorf("could not read %s: it must belong to the sidecar's user", p.entry.Source)
	}
	if err == nil && (p.entry.Inode == 0 || p.entry.Inode == safefile.Inode(p.source)) &&
		dumpfile.Judge(file, p.source.Size()) != dumpfile.Foreign {
		return file, nil
	}
	if err == nil {
		file.Close()
		p.spool.Close()
	}
	if isTransient(err) {
		return nil, fmt.Errorf("could not open %s (%s): it is tried again", p.entry.Source, reason(err))
	}
	if err == nil || !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("found another file in place of the complete dump %s: it is not published as this "+
			"dump%w", p.entry.Source, ErrGone)
	}
	return nil, fmt.Errorf("%s was removed before it was published%w", p.entry.Source, ErrGone)
}

// isTransient reports whether a file could not be opened for a reason that does not concern the file: a lease that the
// application holds, or a lack of descriptors or memory.
func isTransient(err error) bool {
	for _, passing := range []syscall.Errno{syscall.EAGAIN, syscall.EMFILE, syscall.ENFILE, syscall.ENOMEM, syscall.EIO,
		syscall.ESTALE} {
		if errors.Is(err, passing) {
			return true
		}
	}
	return false
}

// isUnchanged reports whether the copied file is unchanged and still has its name.
func (p *Publisher) isUnchanged(file *os.File) bool {
	now, err := file.Stat()
	if err != nil || !dumpfile.SameContent(now, p.source) ||
		!safefile.ChangedAt(now).Equal(safefile.ChangedAt(p.source)) {
		return false
	}
	named, err := p.spool.Lstat(filepath.Base(p.entry.Source))
	return err == nil && os.SameFile(named, now)
}

// removeSource removes the dump from the spool. The folder of crash dumps may be read-only; it is made writable only
// for the removal.
func (p *Publisher) removeSource() error {
	name := filepath.Base(p.entry.Source)
	err := p.spool.Remove(name, p.source)
	if err == nil || filepath.Dir(p.entry.Source) != p.Plan.CrashDirectory() {
		return err
	}
	info, failed := p.spool.Info()
	if failed != nil || !p.spool.IsMine() || p.spool.Chmod(info.Mode()|0o200) != nil {
		return err
	}
	err = p.spool.Remove(name, p.source)
	p.spool.Chmod(info.Mode())
	return err
}
