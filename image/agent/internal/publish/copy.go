package publish

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"syscall"
	"unsafe"

	"cdk8s-procdump/agent/internal/safefile"
)

const (
	blockSize = 4 << 20
	// Blocks that wait for the checksum.
	blocks = 4
	// Written blocks are flushed at once. Otherwise the store would get the whole dump only at the final fsync.
	syncRange = 2 // SYNC_FILE_RANGE_WRITE
	dontNeed  = 4 // POSIX_FADV_DONTNEED
)

// copySynced copies at most length+1 bytes and returns when the store has them. The extra byte reveals a file that has
// grown, without filling the store. Reading and hashing continue while a block is written. Neither file stays in the
// page cache, which counts against the sidecar's memory.
func copySynced(target, source *os.File, length int64) (written int64, sum string, err error) {
	free, full := make(chan []byte, blocks), make(chan []byte, blocks)
	for i := 0; i < blocks; i++ {
		free <- make([]byte, blockSize)
	}
	hash, hashed := sha256.New(), make(chan struct{})
	go func() {
		for block := range full {
			hash.Write(block)
			free <- block[:blockSize]
		}
		close(hashed)
	}()
	begun := io.LimitReader(source, length+1)
	for err == nil {
		block := <-free
		var count int
		count, err = io.ReadFull(begun, block)
		if errors.Is(err, io.ErrUnexpectedEOF) {
			err = io.EOF
		}
		if count > 0 {
			if _, failed := target.Write(block[:count]); failed != nil {
				err = failed
			}
			sendOn(target, source, written, int64(count))
			written += int64(count)
		}
		full <- block[:count]
	}
	close(full)
	<-hashed
	if err == io.EOF {
		err = target.Sync()
	}
	forget(target, 0, written)
	return written, hex.EncodeToString(hash.Sum(nil)), err
}

// SumOf returns the SHA-256 of a file.
func SumOf(root, path string) (string, error) {
	file, _, err := safefile.OpenFile(root, path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	sum := sha256.New()
	_, err = io.Copy(sum, file)
	return hex.EncodeToString(sum.Sum(nil)), err
}

func sendOn(target, source *os.File, offset, count int64) {
	syscall.SyncFileRange(int(target.Fd()), offset, count, syncRange)
	forget(source, offset, count)
	if before := offset - 2*blockSize; before >= 0 {
		forget(target, before, blockSize)
	}
}

func forget(file *os.File, offset, count int64) {
	syscall.Syscall6(syscall.SYS_FADVISE64, file.Fd(), uintptr(offset), uintptr(count), dontNeed, 0, 0)
}

func writeSynced(path string, text []byte) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	if err == nil {
		err = file.Sync()
	}
	if closed := file.Close(); err == nil {
		err = closed
	}
	return err
}

// renameToNew renames a file without replacing another. If the file system does not support that, it checks first.
func renameToNew(from, to string) error {
	err := renameNoReplace(from, to)
	if !errors.Is(err, syscall.EINVAL) && !errors.Is(err, syscall.ENOSYS) {
		return err
	}
	if _, err := os.Lstat(to); err == nil {
		return syscall.EEXIST
	}
	return os.Rename(from, to)
}

func renameNoReplace(from, to string) error {
	const currentFolder, noReplace = -100, 1
	old, err := syscall.BytePtrFromString(from)
	if err != nil {
		return err
	}
	name, err := syscall.BytePtrFromString(to)
	if err != nil {
		return err
	}
	folder := currentFolder
	_, _, number := syscall.Syscall6(renameat2, uintptr(folder), uintptr(unsafe.Pointer(old)), uintptr(folder),
		uintptr(unsafe.Pointer(name)), noReplace, 0)
	if number != 0 {
		return number
	}
	return nil
}

func syncFolder(folder string) {
	if file, err := os.Open(folder); err == nil {
		file.Sync()
		file.Close()
	}
}
