package lang_test

import (
	"testing"

	"flowrun/lang"
)

func TestLineOfIsTheLineOfThePosition(t *testing.T) {
	for _, text := range []string{"", "\n", "a", "a\n", "a\nbü\n\nc", "a\r\nb"} {
		source := lang.NewSource("a.flow", text)
		for offset := -1; offset <= len(text)+1; offset++ {
			if got, want := source.LineOf(offset), source.Position(offset).Line; got != want {
				t.Errorf("%q, offset %d: line %d, want %d", text, offset, got, want)
			}
		}
	}
	if line := lang.NewSource("a.flow", "a\nb\nc").LineOf(2); line != 2 {
		t.Errorf("b is on line %d", line)
	}
}
