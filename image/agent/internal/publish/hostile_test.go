package publish

import (
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"cdk8s-procdump/agent/internal/manifest"
	"cdk8s-procdump/agent/internal/plan"
	"cdk8s-procdump/agent/internal/queue"
	"cdk8s-procdump/agent/internal/safefile"
	"cdk8s-procdump/agent/internal/setting"
)

// pod is a spool with one queued dump, and a store.
type pod struct {
	*testing.T
	plan   *plan.Plan
	source string
}

func coreOf(size int64, path string) {
	file := make([]byte, 120)
	copy(file, "\x7fELF\x02\x01\x01")
	binary.LittleEndian.PutUint16(file[16:], 4)
	binary.LittleEndian.PutUint64(file[32:], 64)
	binary.LittleEndian.PutUint16(file[54:], 56)
	binary.LittleEndian.PutUint16(file[56:], 1)
	file[64] = 1
	os.MkdirAll(filepath.Dir(path), 0o700)
	os.WriteFile(path, file, 0o600)
	os.Truncate(path, size)
}

func newPod(t *testing.T) pod {
	setting.StateDirectory = t.TempDir()
	os.Mkdir(queue.Directory(), 0o700)
	p := pod{t, &plan.Plan{Runtime: plan.Dotnet, DumpDirectory: t.TempDir(), SpoolMebibytes: 100,
		Store: &plan.Store{Directory: t.TempDir()}, Pod: plan.Pod{Name: "webapi-0"}}, ""}
	p.source = p.plan.DumpDirectory + "/webapi-0/7-timer/core"
	coreOf(1000, p.source)
	info, _ := os.Lstat(p.source)
	queue.Write(1, queue.Entry{Source: p.source, Inode: safefile.Inode(info), Manifest: manifest.Manifest{Complete: true,
		DumpedAt: "2026-01-02T03:04:05Z"}})
	return p
}

func (p pod) publish() error {
	publisher := Publisher{Plan: p.plan, Owner: "mine"}
	return publisher.Publish(1)
}

func (p pod) stored() []string {
	files, _ := filepath.Glob(p.plan.Store.Directory + "/*/*")
	hidden, _ := filepath.Glob(p.plan.Store.Directory + "/*/.*")
	return append(files, hidden...)
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

func TestTheDumpThatWasChosenIsPublishedAndRemoved(t *testing.T) {
	p := newPod(t)
	if err := p.publish(); err != nil {
		t.Fatal(err)
	}
	if exists(p.source) || len(p.stored()) != 2 || queue.Has(1) {
		t.Error(p.stored())
	}
}

func TestWhatTookThePlaceOfTheDumpIsNeitherPublishedNorRemoved(t *testing.T) {
	for name, replace := range map[string]func(p pod, outside string){
		"a link in place of its folder": func(p pod, outside string) {
			os.RemoveAll(filepath.Dir(p.source))
			os.Symlink(outside, filepath.Dir(p.source))
		},
		"a link in place of the pod's folder": func(p pod, outside string) {
			os.RemoveAll(p.plan.DumpDirectory + "/webapi-0")
			os.Symlink(outside, p.plan.DumpDirectory+"/webapi-0")
		},
		"a link": func(p pod, outside string) {
			os.Remove(p.source)
			os.Symlink(outside+"/core", p.source)
		},
		"a pipe": func(p pod, outside string) {
			os.Remove(p.source)
			syscall.Mkfifo(p.source, 0o600)
		},
		"another file": func(p pod, outside string) {
			coreOf(1000, p.source+".other")
			os.Rename(p.source+".other", p.source)
		},
		"no dump any more": func(p pod, outside string) { os.WriteFile(p.source, []byte("text"), 0o600) },
	} {
		p, outside := newPod(t), t.TempDir()
		coreOf(1000, outside+"/core")
		coreOf(1000, outside+"/7-timer/core")
		replace(p, outside)
		if err := p.publish(); !errors.Is(err, ErrGone) {
			t.Errorf("%s: %v", name, err)
		}
		if len(p.stored()) != 0 || queue.Has(1) || !exists(outside+"/core") || !exists(outside+"/7-timer/core") {
			t.Errorf("%s: stored %v", name, p.stored())
		}
	}
}

func TestADumpThatIsReplacedDuringTheCopyStays(t *testing.T) {
	p := newPod(t)
	before := setting.Reach
	defer func() { setting.Reach = before }()
	setting.Reach = func(step string) {
		if step == "copied" {
			coreOf(2000, p.source+".other")
			os.Rename(p.source+".other", p.source)
		}
	}
	if p.publish() == nil || !exists(p.source) {
		t.Error("it is published or removed")
	}
	if files := p.stored(); len(files) != 0 {
		t.Error("the copy is left:", files)
	}
}

func TestASparseFileCountsByItsLengthAndDoesNotFillTheStore(t *testing.T) {
	p := newPod(t)
	p.plan.SpoolMebibytes = 2 << 20
	p.plan.Store.Mebibytes = 10
	old := p.plan.Store.Directory + "/webapi-1/core"
	coreOf(1000, old)
	os.Truncate(p.source, 1<<40)
	if p.publish() == nil || len(p.stored()) != 1 || !exists(old) {
		t.Error(p.stored())
	}
	p.plan.Store.Mebibytes = 0
	if p.publish() == nil || len(p.stored()) != 1 || !queue.Has(1) {
		t.Error(p.stored())
	}
}
