package main

import (
	"strings"
	"testing"
)

func TestTableShowsWhatWouldHideOrReorderText(t *testing.T) {
	var shown strings.Builder
	names := table{titles: []string{"NAME", "AGE"}}
	names.add("a\x1b[31m", "1")
	names.add("b\u202ec\nd", "2")
	names.show(&shown, palette{})
	want := `
NAME           AGE
a\u{1b}[31m    1
b\u{202e}c\nd  2
`[1:]
	if shown.String() != want {
		t.Errorf("got\n%s\nwant\n%s", shown.String(), want)
	}
}

func TestTableTooWideForItsTerminalShrinksTheWidestColumns(t *testing.T) {
	wide := table{titles: []string{"A", "B", "C"}}
	wide.add("1", strings.Repeat("b", 60), strings.Repeat("c", 30))
	for terminal, want := range map[int][]int{
		0:   {1, 60, 30},
		200: {1, 60, 30},
		75:  {1, 40, 30},
		45:  {1, 20, 20},
		10:  {1, 8, 8},
	} {
		got := wide.fit(terminal)
		if len(got) != 3 || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] {
			t.Errorf("on %d columns the widths are %v, want %v", terminal, got, want)
		}
	}
}
