package queue

import (
	"fmt"
	"os"
	"testing"

	"cdk8s-procdump/agent/internal/setting"
)

func TestTheListOfWhatIsPublishedStaysShortAndCounts(t *testing.T) {
	setting.StateDirectory = t.TempDir()
	const dumps = 2*maxPublished + 7
	for i := 0; i < dumps; i++ {
		if err := NotePublished(fmt.Sprintf("/dumps/core.%d", i), fmt.Sprintf("/store/core.%d", i)); err != nil {
			t.Fatal(err)
		}
	}
	if got := CountPublished(); got != dumps {
		t.Errorf("%d of %d are counted", got, dumps)
	}
	if _, lines := readPublished(); len(lines) > maxPublished {
		t.Errorf("%d lines", len(lines))
	}
	last := dumps - 1
	if got := FindPublished(fmt.Sprintf("/dumps/core.%d", last), last); got != fmt.Sprintf("/store/core.%d", last) {
		t.Errorf("the last is at %q", got)
	}
	if got := FindPublished("/dumps/core.1", dumps); got != "" {
		t.Errorf("found %q after the last", got)
	}
	if info, _ := os.Stat(publishedList()); info.Size() > 100*maxPublished {
		t.Errorf("%d bytes", info.Size())
	}
}
