package retention

import "path/filepath"

// surplus selects the dumps to delete: the oldest first. Dumps of a pod that has more than its limits allow come before
// all others, so that a pod that forges dumps displaces its own.
type surplus struct {
	list   []kept // the oldest first
	most   int    // dumps that the limits of a pod allow
	newest int    // is kept
	count  int
	bytes  int64
	pods   map[string]*pod
}

// pod holds the dumps of one pod in the store.
type pod struct {
	dumps []int // indexes in the list of the dumps that may be deleted
	count int
}

func newSurplus(list []kept, most int) *surplus {
	s := &surplus{list: list, most: most, newest: newestOf(list), count: len(list), bytes: bytesOf(list),
		pods: map[string]*pod{}}
	for i := range list {
		its := s.podOf(i)
		its.count++
		if i != s.newest {
			its.dumps = append(its.dumps, i)
		}
	}
	return s
}

func (s *surplus) podOf(i int) *pod {
	name := s.list[i].pod
	if s.pods[name] == nil {
		s.pods[name] = &pod{}
	}
	return s.pods[name]
}

// victim returns the next dump to delete.
func (s *surplus) victim() (i int, found bool) {
	var chosen *pod
	for _, its := range s.pods {
		if len(its.dumps) > 0 && (chosen == nil || s.comesBefore(its, chosen)) {
			chosen = its
		}
	}
	if chosen == nil {
		return 0, false
	}
	return chosen.dumps[0], true
}

func (s *surplus) comesBefore(one, other *pod) bool {
	if excess, others := max(one.count-s.most, 0), max(other.count-s.most, 0); excess != others {
		return excess > others
	}
	return one.dumps[0] < other.dumps[0]
}

// take removes a dump from the list. A dump that could not be deleted still counts.
func (s *surplus) take(i int, removed bool) {
	its := s.podOf(i)
	for at, other := range its.dumps {
		if other == i {
			its.dumps = append(its.dumps[:at], its.dumps[at+1:]...)
			break
		}
	}
	if removed {
		its.count--
		s.count--
		s.bytes -= s.list[i].bytes()
	}
}

// podOf returns the first folder below the root.
func podOf(root, path string) string {
	below, err := filepath.Rel(root, path)
	for err == nil && filepath.Dir(below) != "." {
		below = filepath.Dir(below)
	}
	return below
}

// bytesOf returns the total size.
func bytesOf(list []kept) int64 {
	total := int64(0)
	for _, dump := range list {
		total += dump.bytes()
	}
	return total
}

// newestOf returns the newest complete dump, or the newest incomplete one if there is no complete dump.
func newestOf(list []kept) int {
	newest := len(list) - 1
	for i, dump := range list {
		if dump.complete {
			newest = i
		}
	}
	return newest
}
