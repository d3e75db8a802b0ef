package queue

import (
	"fmt"
	"strconv"
	"strings"

	"cdk8s-procdump/agent/internal/setting"
	"cdk8s-procdump/agent/internal/statefile"
)

// Bounds of the list of published dumps, which commands use to wait for their dump. It has a line for each of the last
// dumps: source, tab, path in the store. Its first line may be the number of earlier dumps.
const (
	maxPublished  = 400
	keptPublished = 200
	maxListBytes  = 1 << 20
)

func publishedList() string { return setting.State("published") }

func readPublished() (before int, lines []string) {
	text := statefile.Read(publishedList(), maxListBytes)
	lines = strings.Split(text, "\n")
	lines = lines[:len(lines)-1]
	if len(lines) > 0 && !strings.Contains(lines[0], "\t") {
		before, _ = strconv.Atoi(lines[0])
		lines = lines[1:]
	}
	return before, lines
}

// NotePublished adds a dump to the list.
func NotePublished(source, place string) error {
	before, lines := readPublished()
	line := source + "\t" + place
	if len(lines) < maxPublished {
		return statefile.Append(publishedList(), line)
	}
	dropped := len(lines) - keptPublished
	text := fmt.Sprintf("%d\n%s\n%s\n", before+dropped, strings.Join(lines[dropped:], "\n"), line)
	return statefile.Write(publishedList(), []byte(text))
}

// CountPublished returns the number of published dumps.
func CountPublished() int {
	before, lines := readPublished()
	return before + len(lines)
}

// FindPublished returns the path in the store of the dump with this source, among those after the first `since`.
func FindPublished(path string, since int) (place string) {
	before, lines := readPublished()
	for _, line := range lines[min(max(0, since-before), len(lines)):] {
		if place, found := strings.CutPrefix(line, path+"\t"); found {
			return place
		}
	}
	return ""
}
