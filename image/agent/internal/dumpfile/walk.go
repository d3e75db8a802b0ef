package dumpfile

import (
	"os"
	"path/filepath"
	"time"

	"cdk8s-procdump/agent/internal/safefile"
)

// Budget is what one look may use. What does not fit is left to the next.
type Budget struct {
	Entries int
	Until   time.Time
}

// NewBudget returns a budget of so many entries and so much time.
func NewBudget(entries int, length time.Duration) *Budget {
	return &Budget{entries, time.Now().Add(length)}
}

// Spent tells whether it is used up.
func (b *Budget) Spent() bool { return b.Entries <= 0 || !time.Now().Before(b.Until) }

// File is what a walk meets: a regular file with a name that a dump may have.
type File struct {
	Path string
	// Folder is open only until the walk goes on.
	Folder *safefile.Folder
	// Blocks are those of the disk, where the walk measures.
	Info os.FileInfo
}

// Walker goes through the files below a folder, and goes on where it was when its budget was spent. Links are not
// followed.
type Walker struct {
	// Root is trusted, Start is a folder below it or the root itself.
	Root, Start string
	// Depth is how many levels of folders are looked into.
	Depth int
	// All asks for every entry, with what the file system knows of it; not for dumps only.
	All bool
	// TooDeep tells that the last walk met folders that it did not look into.
	TooDeep bool

	levels []*level
}

type level struct {
	folder  *safefile.Folder
	path    string
	entries []os.DirEntry
}

const batch = 128

// Walk calls visit with each file, and returns true at the end. The next Walk then starts again at the first file.
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

// Close gives up a walk that is under way.
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
	// AnyDepth is as deep as a file may lie.
	AnyDepth = safefile.MaxDepth
	// A folder with more files is not the agent's work alone.
	maxListed = 20_000
	listTime  = 500 * time.Millisecond
)

// List returns the files below a folder with names that dumps may have, to a depth. Not all of them where they are too
// many for a look.
func List(root, start string, depth int) (paths []string, all bool) {
	walker := Walker{Root: root, Start: start, Depth: depth}
	defer walker.Close()
	all = walker.Walk(NewBudget(maxListed, listTime), func(file File) { paths = append(paths, file.Path) })
	return paths, all
}
