package columns_test

import (
	"slices"
	"testing"

	"flowrun/internal/columns"
)

func TestWidthIsThatOfATerminal(t *testing.T) {
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
		if got := columns.Width(text); got != want {
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
		if got := columns.Cut(test.text, test.columns); got != test.want {
			t.Errorf("Cut(%q, %d) is %q, want %q", test.text, test.columns, got, test.want)
		}
	}
}

func TestWrapBreaksBetweenWords(t *testing.T) {
	for _, test := range []struct {
		text    string
		columns int
		want    []string
	}{
		{"one two", 0, []string{"one two"}},
		{"the quick brown fox jumps over", 20, []string{"the quick brown fox", "jumps over"}},
		{"the quick brown fox jumps over", 5, []string{"the quick brown fox", "jumps over"}},
		{"a verylongwordthatdoesnotfitanywhere b", 20, []string{"a", "verylongwordthatdoesnotfitanywhere", "b"}},
	} {
		if got := columns.Wrap(test.text, test.columns); !slices.Equal(got, test.want) {
			t.Errorf("Wrap(%q, %d) is %q, want %q", test.text, test.columns, got, test.want)
		}
	}
}
