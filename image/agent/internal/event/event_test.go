package event

import (
	"encoding/json"
	"testing"
	"unicode"
)

func FuzzJSON(f *testing.F) {
	for _, text := range []string{"a\x1b[2J\n", "\u009b31m", "\u202egnp", "\U000e0001", "\x7f", "\xff", "ü 漢"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		encoded := JSON(text)
		for _, r := range string(encoded) {
			if !unicode.IsPrint(r) {
				t.Fatalf("%q became %q", text, encoded)
			}
		}
		var back string
		if err := json.Unmarshal(encoded, &back); err != nil || back != string([]rune(text)) {
			t.Fatalf("%q came back as %q: %v", text, back, err)
		}
	})
}

func TestPeopleSeeNoControlCharacters(t *testing.T) {
	if got := Printable("a\x1b[2J b\tü\n\u202ec"); got != "a?[2J b?ü\n?c" {
		t.Errorf("%q", got)
	}
}
