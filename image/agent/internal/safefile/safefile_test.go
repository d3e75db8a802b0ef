package safefile

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"
)

func write(t *testing.T, path string) os.FileInfo {
	t.Helper()
	if os.MkdirAll(filepath.Dir(path), 0o700) != nil || os.WriteFile(path, []byte("text"), 0o600) != nil {
		t.Fatal(path)
	}
	info, _ := os.Lstat(path)
	return info
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

func TestALinkIsNotFollowedInAnyPlace(t *testing.T) {
	root, outside := t.TempDir(), t.TempDir()
	write(t, root+"/pod/a/core")
	write(t, outside+"/a/core")
	for _, link := range []string{"/pod", "/pod/a", "/pod/a/core"} {
		if !opens(root, root+"/pod/a/core") {
			t.Fatal("it cannot be opened without a link")
		}
		os.Rename(root+link, root+"/kept")
		os.Symlink(outside+strings.TrimPrefix(link, "/pod"), root+link)
		if !exists(root + "/pod/a/core") {
			t.Fatal("the link leads nowhere")
		}
		if opens(root, root+"/pod/a/core") {
			t.Errorf("%s: followed", link)
		}
		if _, err := Lstat(root, root+"/pod/a/core"); err == nil && link != "/pod/a/core" {
			t.Errorf("%s: followed for its length", link)
		}
		os.Remove(root + link)
		os.Rename(root+"/kept", root+link)
	}
}

func opens(root, path string) bool {
	file, _, err := OpenFile(root, path)
	if err == nil {
		file.Close()
	}
	return err == nil
}

func TestTheRootMayBeALink(t *testing.T) {
	root := t.TempDir()
	write(t, root+"/real/core")
	os.Symlink(root+"/real", root+"/link")
	if !opens(root+"/link", root+"/link/core") {
		t.Error("it is not opened")
	}
}

func TestNothingButRegularFilesBelowTheRootIsOpened(t *testing.T) {
	root := t.TempDir()
	syscall.Mkfifo(root+"/pipe", 0o600)
	os.Mkdir(root+"/folder", 0o700)
	write(t, root+"/file")
	for _, path := range []string{"/pipe", "/folder", "/../etc/passwd", "/file/", "/.", "", "/none",
		strings.Repeat("/folder", MaxDepth+2)} {
		if opens(root, root+path) {
			t.Error(path)
		}
	}
	if opens(root, "/etc/passwd") {
		t.Error("a file elsewhere is opened")
	}
}

// exchange atomically swaps two names, as an attacker would.
func exchange(a, b string) {
	const currentFolder, renameExchange = -100, 2
	from, _ := syscall.BytePtrFromString(a)
	to, _ := syscall.BytePtrFromString(b)
	folder := currentFolder
	syscall.Syscall6(renameat2, uintptr(folder), uintptr(unsafe.Pointer(from)), uintptr(folder),
		uintptr(unsafe.Pointer(to)), renameExchange, 0)
}

func TestAFolderThatIsExchangedWithALinkAllTheTimeNeverLeadsOutside(t *testing.T) {
	root, outside := t.TempDir(), t.TempDir()
	info := write(t, root+"/pod/core")
	foreign := write(t, outside+"/core")
	os.Chmod(outside, 0o500)
	os.Symlink(outside, root+"/link")
	stop := make(chan struct{})
	defer close(stop)
	go func() {
		for {
			select {
			case <-stop:
				return
			default:
				exchange(root+"/pod", root+"/link")
			}
		}
	}()
	opened := 0
	for until := time.Now().Add(300 * time.Millisecond); time.Now().Before(until); {
		folder, err := Open(root, root+"/pod")
		if err != nil {
			continue
		}
		opened++
		if file, found, err := folder.Open("core"); err != nil || !os.SameFile(found, info) {
			t.Fatal("another file", err)
		} else {
			file.Close()
		}
		folder.Chmod(0o711)
		if folder.Remove("core", foreign) == nil {
			t.Fatal("removed what it was not asked to")
		}
		folder.Close()
	}
	if mode, _ := os.Stat(outside); opened == 0 || mode.Mode().Perm() != 0o500 || !exists(outside+"/core") {
		t.Fatalf("opened %d times; outside: %v", opened, mode)
	}
}

func TestOnlyTheSameFileIsRemoved(t *testing.T) {
	root := t.TempDir()
	info := write(t, root+"/core")
	folder, err := OpenRoot(root)
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Close()
	os.Rename(root+"/core", root+"/kept")
	write(t, root+"/core")
	if folder.Remove("core", info) == nil || !exists(root+"/core") {
		t.Error("another file was removed")
	}
	if folder.Remove("kept", info) != nil || exists(root+"/kept") {
		t.Error("the file was not removed")
	}
}

func TestAFolderIsMadeInTheOpenFolder(t *testing.T) {
	root, outside := t.TempDir(), t.TempDir()
	os.Symlink(outside, root+"/link")
	folder, _ := OpenRoot(root)
	defer folder.Close()
	if _, err := folder.Make("link", 0o700); err == nil {
		t.Error("a link was taken for a folder")
	}
	for i := 0; i < 2; i++ {
		made, err := folder.Make("new", 0o700)
		if err != nil || !made.IsMine() {
			t.Fatal(err)
		}
		made.Close()
	}
	if folder.RemoveFolder("new") != nil || exists(root+"/new") {
		t.Error("it is not removed")
	}
}
