package agent

import (
	"fmt"
	"math/rand"
	"testing"

	"cdk8s-procdump/agent/internal/plan"
)

// Triggers fire in random order. Each trigger gets its reserved dumps, and the limit is never exceeded.
func TestEachTriggerHasItsPlace(t *testing.T) {
	for seed := int64(0); seed < 2000; seed++ {
		random := rand.New(rand.NewSource(seed))
		triggers, places := []plan.Trigger{}, 0
		for i := 0; i <= random.Intn(4); i++ {
			trigger := plan.Trigger{Kind: plan.Threads, Count: int64(i + 1), Dumps: 1, Repeats: true}
			if random.Intn(2) == 0 {
				trigger = plan.Trigger{Kind: plan.Memory, Dumps: 1 + random.Intn(3)}
				for size := int64(0); size < int64(trigger.Dumps); size++ {
					trigger.ThresholdsMebibytes = append(trigger.ThresholdsMebibytes, 100*(size+1))
				}
			}
			triggers = append(triggers, trigger)
			places += trigger.Dumps
		}
		limit := places + random.Intn(3)
		a := newAgent(nil, &witness{})
		a.plan = &plan.Plan{Limits: plan.Limits{DumpsPerProcess: limit}, Watches: []plan.Watch{{Name: "polling",
			Triggers: triggers}}}
		key := runKey{processKey{7, 1}, "polling"}
		complete := make([]int, len(triggers))
		for round := 0; a.takenByProcess[key.processKey] < limit; round++ {
			arms := a.armable(key, a.plan.Watches[0])
			if len(arms) == 0 {
				break
			}
			arm := arms[random.Intn(len(arms))]
			complete[arm.Trigger]++
			a.count(Dump{PID: 7, Start: 1, Watch: "polling", State: "complete", Path: fmt.Sprint("/", round),
				Triggers: []int{arm.Trigger}, Threshold: arm.Threshold})
		}
		for i, trigger := range triggers {
			if complete[i] < trigger.Dumps || !trigger.Repeats && complete[i] != trigger.Dumps {
				t.Fatalf("seed %d: trigger %d has %d of %d dumps, limit %d", seed, i, complete[i], trigger.Dumps, limit)
			}
		}
		if taken := a.takenByProcess[key.processKey]; taken > limit {
			t.Fatalf("seed %d: %d of %d", seed, taken, limit)
		}
	}
}

func TestACollectionNeedsTwoPlaces(t *testing.T) {
	generation := 1
	watch := plan.Watch{Name: "gc", Triggers: []plan.Trigger{{Kind: plan.GCGeneration, Dumps: 2, Generation: &generation}}}
	key := runKey{processKey{7, 1}, "gc"}
	for limit, expected := range map[int]int{2: 1, 3: 1} {
		a := newAgent(nil, &witness{})
		a.plan = &plan.Plan{Limits: plan.Limits{DumpsPerProcess: limit}, Watches: []plan.Watch{watch}}
		if got := len(a.armable(key, watch)); got != expected {
			t.Errorf("limit %d: %d", limit, got)
		}
		// The second dump of a collection is incomplete. The rest of the limit is too small for another collection.
		a.count(Dump{PID: 7, Start: 1, Watch: "gc", State: complete, Path: "/1", Triggers: []int{0}})
		a.count(Dump{PID: 7, Start: 1, Watch: "gc", State: incomplete, Path: "/2", Triggers: []int{0}})
		if got := len(a.armable(key, watch)); got != 0 {
			t.Errorf("limit %d: armed for a third dump", limit)
		}
	}
}
