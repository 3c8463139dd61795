package told_test

import (
	"strings"
	"testing"

	"flowrun/observe/internal/told"
)

func TestALongTextIsCutBetweenCharactersAndSaysSo(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", ""},
		{"two\nlines\x1b", `two\nlines\u{1b}`},
		{strings.Repeat("x", told.Most), strings.Repeat("x", told.Most)},
		{"x" + strings.Repeat("é", told.Most), "x" + strings.Repeat("é", told.Most/2-1) + "… (2001 more bytes)"},
	} {
		if got := told.Line(c.text); got != c.want {
			t.Errorf("got %.60q… of %d bytes, want %.60q… of %d", got, len(got), c.want, len(c.want))
		}
	}
}
