package main

import (
	"strings"
	"testing"
)

func TestDisplayWidthIsThatOfATerminal(t *testing.T) {
	for text, want := range map[string]int{
		"":           0,
		"Grüße":      5,
		"e\u0301":    1, // e with a combining accent
		"世界":         4,
		"ｆｕｌｌ":       8,
		"ﾊﾝ":         2, // half-width
		"한국어":        6,
		"👩‍👩‍👧":      2, // joined to one
		"👍🏽":         2, // with a skin tone
		"a\u200db":   1,
		"🇺🇦":         2,
		"नमस्ते":     4,
		`\u{202e}ab`: 10,
	} {
		if got := displayWidth(text); got != want {
			t.Errorf("%q takes %d columns, want %d", text, got, want)
		}
	}
}

func TestCutKeepsToItsColumns(t *testing.T) {
	for _, test := range []struct {
		text    string
		columns int
		want    string
	}{
		{"abcdef", 6, "abcdef"},
		{"abcdefg", 6, "abcde…"},
		{"世界世界", 6, "世界…"},
		{"世界世界", 7, "世界世…"},
		{"ae\u0301e\u0301e\u0301", 3, "ae\u0301…"},
	} {
		if got := cut(test.text, test.columns); got != test.want {
			t.Errorf("cut(%q, %d) is %q, want %q", test.text, test.columns, got, test.want)
		}
	}
}

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
