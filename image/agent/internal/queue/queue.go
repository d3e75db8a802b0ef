// Package queue keeps the dumps that wait for publication, one file each in the state directory.
package queue

import (
	"encoding/json"
	"fmt"
	"os"
	"sort"
	"strconv"

	"cdk8s-procdump/agent/internal/event"
	"cdk8s-procdump/agent/internal/manifest"
	"cdk8s-procdump/agent/internal/setting"
	"cdk8s-procdump/agent/internal/statefile"
)

// Entry is one dump that waits.
type Entry struct {
	Source string
	// Inode is that of the file that was chosen. Another one of its name is another dump, or none.
	Inode uint64 `json:",omitempty"`
	// Name is what an earlier try chose in the store.
	Name     string
	Manifest manifest.Manifest
}

// Directory is where the entries are.
func Directory() string { return setting.State("queue") }

func file(number int) string { return setting.State("queue", strconv.Itoa(number)) }

// Numbers returns the entries in the order of the dumps.
func Numbers() []int {
	entries, _ := os.ReadDir(Directory())
	var numbers []int
	for _, entry := range entries {
		if number, err := strconv.Atoi(entry.Name()); err == nil {
			numbers = append(numbers, number)
		}
	}
	sort.Ints(numbers)
	return numbers
}

// Read returns an entry; not ok where it is gone or damaged.
func Read(number int) (entry Entry, ok bool) {
	text := statefile.Read(file(number), 2*manifest.MaxBytes)
	return entry, json.Unmarshal([]byte(text), &entry) == nil && entry.Source != ""
}

// Write keeps an entry on disk.
func Write(number int, entry Entry) error { return statefile.Write(file(number), event.JSON(entry)) }

// Has tells whether a number is on disk.
func Has(number int) bool {
	_, err := os.Lstat(file(number))
	return err == nil
}

// Forget removes an entry.
func Forget(number int) {
	os.Remove(file(number))
	os.Remove(file(number) + ".new")
}

// Describe names an entry in messages.
func Describe(number int) string { return fmt.Sprintf("publish %d", number) }
