package dumpfile

import (
	"fmt"
	"os"
	"strings"
	"syscall"

	"cdk8s-procdump/agent/internal/plan"
	"cdk8s-procdump/agent/internal/safefile"
)

// Prepare creates a folder for dumps. Their writer has the sidecar's user: ProcDump itself, or the .NET runtime, which
// must have it too. An application of another user can neither read the dumps nor replace the folder. If the
// application has the same user, links that it creates there are not followed.
func Prepare(p *plan.Plan, path string) error {
	folder, err := makeFolder(p, path, func(folder *safefile.Folder) error { return folder.Chmod(0o700) })
	if err == nil {
		folder.Close()
	}
	return err
}

// MakeFolder creates a folder below the dump directory. It does not change the modes of existing folders.
func MakeFolder(p *plan.Plan, path string) error {
	folder, err := makeFolder(p, path, func(*safefile.Folder) error { return nil })
	if err == nil {
		folder.Close()
	}
	return err
}

func makeFolder(p *plan.Plan, path string, visit func(*safefile.Folder) error) (*safefile.Folder, error) {
	folder, err := safefile.OpenRoot(p.DumpDirectory)
	if err != nil {
		return nil, notWritable(p, path)
	}
	Keep(folder)
	for _, name := range strings.Split(strings.TrimPrefix(path, p.DumpDirectory+"/"), "/") {
		next, err := folder.Make(name, 0o700)
		if err != nil {
			err = explain(p, folder, name, path)
			folder.Close()
			return nil, err
		}
		folder.Close()
		folder = next
		if !mayChange(p, folder) {
			err = replaced(p, path)
		} else if visit(folder) != nil {
			err = notWritable(p, path)
		}
		if err != nil {
			folder.Close()
			return nil, err
		}
	}
	return folder, nil
}

// Keep sets the sticky bit on a folder that everybody may write to, so that nobody can rename or remove another user's
// files there. Only a sidecar that is root shares a folder with other users.
func Keep(folder *safefile.Folder) {
	info, err := folder.Info()
	if err != nil || os.Geteuid() != 0 || !folder.IsMine() || info.Mode().Perm()&0o022 == 0 ||
		info.Mode()&os.ModeSticky != 0 {
		return
	}
	folder.Chmod(info.Mode().Perm() | info.Mode()&os.ModeSetgid | os.ModeSticky)
}

// mayChange reports whether the agent may change a folder. Root changes no folder of another user. In a store with
// direct delivery, the mount determines the owners.
func mayChange(p *plan.Plan, folder *safefile.Folder) bool {
	return os.Geteuid() != 0 || p.SpoolMebibytes == 0 || folder.IsMine()
}

// SetMode changes the mode of a folder below the dump directory and returns its new mode: on some file systems chmod
// succeeds without effect.
func SetMode(p *plan.Plan, path string, mode os.FileMode) (os.FileMode, error) {
	folder, err := safefile.Open(p.DumpDirectory, path)
	if err != nil {
		return 0, err
	}
	defer folder.Close()
	if !mayChange(p, folder) {
		return 0, replaced(p, path)
	}
	if err := folder.Chmod(mode); err != nil {
		return 0, err
	}
	info, err := folder.Info()
	if err != nil {
		return 0, err
	}
	return info.Mode().Perm(), nil
}

func explain(p *plan.Plan, folder *safefile.Folder, name, path string) error {
	if info, failed := folder.Lstat(name); failed == nil && !info.IsDir() {
		return replaced(p, path)
	}
	return notWritable(p, path)
}

func notWritable(p *plan.Plan, path string) error {
	return fmt.Errorf("found %s not writable for the sidecar, expected it to hold %s: check the volume's mount and owner",
		p.DumpDirectory, path)
}

func replaced(p *plan.Plan, path string) error {
	return fmt.Errorf("found a link, a file or a folder of another user in the place of %s or of a folder above it, "+
		"expected the folders that the sidecar makes in %s: remove it, and find out which program of the pod put it "+
		"there", path, p.DumpDirectory)
}

// PrepareTemporary creates ProcDump's folder beside the sockets of the runtime before ProcDump does: ProcDump follows
// links and opens the folder to all users, so that a link of the application could open a folder of the store.
// https://github.com/microsoft/ProcDump-for-Linux/blob/main/src/GenHelpers.cpp (createDir)
func PrepareTemporary(p *plan.Plan) error {
	const name = "procdump"
	folder, err := safefile.OpenRoot(p.Pod.TemporaryDirectory)
	if err != nil {
		return nil // ProcDump reports the error
	}
	defer folder.Close()
	Keep(folder)
	made, err := folder.Make(name, 0o777)
	if err == nil {
		defer made.Close()
		if made.IsMine() || os.Geteuid() != 0 {
			return nil
		}
	} else if errno(err) == syscall.EROFS || errno(err) == syscall.EACCES {
		return nil
	}
	return fmt.Errorf("found %s/%s to be a link, a file or a folder of another user, expected the folder that "+
		"ProcDump makes: remove it, and find out which program of the pod put it there", p.Pod.TemporaryDirectory, name)
}

func errno(err error) syscall.Errno {
	if failed, ok := err.(*os.PathError); ok {
		if number, ok := failed.Err.(syscall.Errno); ok {
			return number
		}
	}
	return 0
}
