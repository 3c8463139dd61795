package email_test

import (
	"strings"
	"testing"

	"flowrun/builtins/email"
)

func TestWhatIsNoMailIsToldOnOneVisibleLine(t *testing.T) {
	const other = "this is no mail, which begins with header fields such as Subject: Hello"
	for text, want := range map[string]string{
		"From: a@b.example\r\njunk\r\n\r\n":          `this is no mail: the line "junk" is no header field such as Subject: Hello`,
		"\u00a1hola!\n":                              `this is no mail: the line "¡hola!" is no header field such as Subject: Hello`,
		" folded\n":                                  `this is no mail: the line "folded" is no header field such as Subject: Hello`,
		"\x7fELF\x02\x01\x01\x00\x00\xff\xfe\n\n":    other,
		"%PDF-1.7\n\xe2\xe3\xcf\xd3\n":               `this is no mail: the line "%PDF-1.7" is no header field such as Subject: Hello`,
		"a\u202eb\n":                                 other,
		strings.Repeat("\xc3\xa9", 300) + "\n\n":     `this is no mail: the line "` + strings.Repeat("é", 60) + `…" is no header field such as Subject: Hello`,
		"x" + strings.Repeat("\xc3\xa9", 300) + "\n": `this is no mail: the line "x` + strings.Repeat("é", 59) + `…" is no header field such as Subject: Hello`,
	} {
		if _, err := email.ParseMessage(strings.NewReader(text)); err == nil || err.Error() != want {
			t.Errorf("%q: got %v\nwant %s", text, err, want)
		}
	}
}
