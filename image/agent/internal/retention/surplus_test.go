package retention

import (
	"slices"
	"testing"

	"cdk8s-procdump/agent/internal/plan"
)

func TestTheOldestGoFirst(t *testing.T) {
	for count, expected := range map[int]string{5: "a/1 b/2 b/3 b/4 c/5", 4: "b/2 b/3 b/4 c/5", 2: "b/4 c/5", 1: "c/5"} {
		root := store(t, map[string]int{"a/1": 5, "b/2": 4, "b/3": 3, "b/4": 2, "c/5": 1})
		if left := sweep(t, root, plan.Retention{Count: count}); left != expected {
			t.Errorf("%d: %s", count, left)
		}
	}
}

func TestAPodWithMoreThanItsLimitsAllowGivesFirst(t *testing.T) {
	list := []kept{{pod: "a"}}
	for i := 0; i < 4; i++ {
		list = append(list, kept{pod: "b"})
	}
	list = append(list, kept{pod: "c", complete: true})
	surplus, taken := &surplus{list: list, most: 2, newest: 5, pods: map[string]*pod{}}, []int{}
	for i := range list {
		surplus.podOf(i).count++
		if i != surplus.newest {
			surplus.podOf(i).dumps = append(surplus.podOf(i).dumps, i)
		}
	}
	for i, found := surplus.victim(); found; i, found = surplus.victim() {
		its := surplus.podOf(i)
		its.dumps, its.count = its.dumps[1:], its.count-1
		taken = append(taken, i)
	}
	if !slices.Equal(taken, []int{1, 2, 0, 3, 4}) {
		t.Error(taken)
	}
}
