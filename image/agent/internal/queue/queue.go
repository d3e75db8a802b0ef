// Package queue stores the dumps that wait for publication, one file each in the state directory.
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

// Entry is one dump that waits for publication.
type Entry struct {
	Source string
	// Inode identifies the queued file. A file with the same name and another inode is not this dump.
	Inode uint64 `json:",omitempty"`
	// Name is the name in the store that an earlier attempt chose.
	Name string
	// Announced is whether an earlier attempt, which could not remove the file from the spool, logged its arrival.
	Announced bool `json:",omitempty"`
	Manifest  manifest.Manifest
}

// Directory returns the folder of the entries.
func Directory() string { return setting.State("queue") }

func file(number int) string { return setting.State("queue", strconv.Itoa(number)) }

// Numbers returns the numbers of the entries in the order of the dumps.
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

// Read returns an entry. If it is missing or damaged, ok is false.
func Read(number int) (entry Entry, ok bool) {
	text := statefile.Read(file(number), 2*manifest.MaxBytes)
	return entry, json.Unmarshal([]byte(text), &entry) == nil && entry.Source != ""
}

// Write stores an entry.
func Write(number int, entry Entry) error { return statefile.Write(file(number), event.JSON(entry)) }

// Has reports whether an entry exists.
func Has(number int) bool {
	_, err := os.Lstat(file(number))
	return err == nil
}

// Forget removes an entry.
func Forget(number int) {
	os.Remove(file(number))
	os.Remove(file(number) + ".new")
}

// Describe returns the arguments of the publisher for an entry.
func Describe(number int) string { return fmt.Sprintf("publish %d", number) }
