package lang_test

import (
	"testing"

	"flowrun/lang"
)

func TestVisibleShowsWhatWouldHideOrReorderText(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"plain text", "Grüße, 世界 👩‍👩‍👧 ❤️", "Grüße, 世界 👩‍👩‍👧 ❤️"},
		{"terminal escape", "\x1b[31mred", `\u{1b}[31mred`},
		{"lines and tabs stay", "a\n\tb", "a\n\tb"},
		{"carriage return", "safe\revil", `safe\revil`},
		{"delete and C1", "a\x7fb\u009bc", `a\u{7f}b\u{9b}c`},
		{"override", "abc\u202etxt.exe", `abc\u{202e}txt.exe`},
		{"isolate", "\u2066x\u2069", `\u{2066}x\u{2069}`},
		{"zero width", "pay\u200bpal\ufeff", `pay\u{200b}pal\u{feff}`},
		{"tag", "a\U000e0041", `a\u{e0041}`},
		{"no characters", "a\ufffeb\uffff", `a\u{fffe}b\u{ffff}`},
		{"not UTF-8", "a\xff\xfeb", `a\xff\xfeb`},
		{"the replacement character itself", "\ufffd", "\ufffd"},
	} {
		if got := lang.Visible(test.text); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

func TestVisibleLineNeverBreaksTheLine(t *testing.T) {
	if got, want := lang.VisibleLine("a\r\nb\tc\u2028d"), `a\r\nb\tc\u{2028}d`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
