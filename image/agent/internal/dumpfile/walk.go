package dumpfile

import (
	"os"
	"path/filepath"
	"time"

	"cdk8s-procdump/agent/internal/safefile"
)

// Budget limits the work of one look. The next look continues.
type Budget struct {
	Entries int
	Until   time.Time
}

// NewBudget returns a budget of entries and time.
func NewBudget(entries int, length time.Duration) *Budget {
	return &Budget{entries, time.Now().Add(length)}
}

// Spent reports whether the budget is used up.
func (b *Budget) Spent() bool { return b.Entries <= 0 || !time.Now().Before(b.Until) }

// File is a regular file with a name that a dump may have.
type File struct {
	Path string
	// Folder is open only until the walk continues.
	Folder *safefile.Folder
	// Info is set if Walker.All is set. Its blocks are those on disk.
	Info os.FileInfo
}

// Walker visits the files below a folder. It continues where its budget was spent, and does not follow links.
type Walker struct {
	// Root is trusted. Start is the root or a folder below it.
	Root, Start string
	// Depth is the number of folder levels.
	Depth int
	// All makes the walk visit every entry, with its Info, not only files that may be dumps.
	All bool
	// TooDeep is whether the last walk found folders below Depth.
	TooDeep bool

	levels []*level
}

type level struct {
	folder  *safefile.Folder
	path    string
	entries []os.DirEntry
}

const batch = 128

// Walk calls visit with each file and returns true at the end. The next Walk then starts at the first file again.
func (w *Walker) Walk(budget *Budget, visit func(File)) (done bool) {
	if len(w.levels) == 0 {
		folder, err := safefile.Open(w.Root, w.Start)
		if err != nil {
			return true
		}
		w.TooDeep = false
		w.levels = []*level{{folder: folder, path: w.Start}}
	}
	for len(w.levels) > 0 {
		if budget.Spent() {
			return false
		}
		w.step(budget, visit)
	}
	return true
}

// Close ends an unfinished walk.
func (w *Walker) Close() {
	for _, level := range w.levels {
		level.folder.Close()
	}
	w.levels = nil
}

func (w *Walker) step(budget *Budget, visit func(File)) {
	current := w.levels[len(w.levels)-1]
	if len(current.entries) == 0 {
		if current.entries = current.folder.Entries(batch); len(current.entries) == 0 {
			current.folder.Close()
			w.levels = w.levels[:len(w.levels)-1]
			return
		}
	}
	entry := current.entries[0]
	current.entries = current.entries[1:]
	budget.Entries--
	file := File{Path: filepath.Join(current.path, entry.Name()), Folder: current.folder}
	switch {
	case w.All:
		if file.Info, _ = current.folder.Lstat(entry.Name()); file.Info != nil {
			visit(file)
		}
	case entry.Type().IsRegular() && IsName(entry.Name()):
		visit(file)
	}
	if entry.IsDir() && (w.All || IsName(entry.Name())) {
		w.enter(current, entry.Name(), file.Path)
	}
}

func (w *Walker) enter(current *level, name, path string) {
	if len(w.levels) >= min(w.Depth, safefile.MaxDepth) {
		w.TooDeep = w.TooDeep || w.Depth >= safefile.MaxDepth
		return
	}
	if folder, err := current.folder.Enter(name); err == nil {
		w.levels = append(w.levels, &level{folder: folder, path: path})
	}
}

const (
	// AnyDepth is the largest possible depth.
	AnyDepth = safefile.MaxDepth
	// Larger folders contain files that the agent did not write.
	maxListed = 20_000
	listTime  = 500 * time.Millisecond
)

// List returns the files below a folder, to a depth, with names that dumps may have. It reports whether these are all
// files.
func List(root, start string, depth int) (paths []string, all bool) {
	walker := Walker{Root: root, Start: start, Depth: depth}
	defer walker.Close()
	all = walker.Walk(NewBudget(maxListed, listTime), func(file File) { paths = append(paths, file.Path) })
	return paths, all
}
