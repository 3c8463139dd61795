package transaction_test

import (
	"io"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"flowrun/builtins/email/internal/transaction"
)

func TestReplyIsReadWithItsEnhancedCode(t *testing.T) {
	for text, want := range map[string]transaction.Reply{
		"5.1.1 no such user":            {Code: 550, Enhanced: "5.1.1", Text: "no such user"},
		"no such user":                  {Code: 550, Text: "no such user"},
		"5.1.1 no\n5.1.1 such user":     {Code: 550, Enhanced: "5.1.1", Text: "no such user"},
		"5.1.1":                         {Code: 550, Enhanced: "5.1.1"},
		"5.1.1.2 is a version":          {Code: 550, Text: "5.1.1.2 is a version"},
		"192.0.2.1 is blocked":          {Code: 550, Text: "192.0.2.1 is blocked"},
		"5.7.1 tab\tand\x1b[0mescape\r": {Code: 550, Enhanced: "5.7.1", Text: `tab and\u{1b}[0mescape`},
	} {
		if got := transaction.NewReply(550, text); got != want {
			t.Errorf("%q: %+v, want %+v", text, got, want)
		}
	}
}

func TestReplyPrintsAsOneLine(t *testing.T) {
	reply := transaction.Reply{Code: 550, Enhanced: "5.1.1", Text: "no such user"}
	if got := reply.String(); got != "550 5.1.1 no such user" {
		t.Errorf("reply: %q", got)
	}
	if got := (transaction.Reply{}).String(); got != "" {
		t.Errorf("no reply: %q", got)
	}
}

func TestRepliesAreReadAsServersGiveThem(t *testing.T) {
	for said, want := range map[string]transaction.Reply{
		"250 ok\r\nrest":                     {Code: 250, Text: "ok"},
		"250\r\n":                            {Code: 250},
		"250 \r\n":                           {Code: 250},
		"250 ok\n":                           {Code: 250, Text: "ok"},
		"250-one\r\n250-\r\n250 two\r\n":     {Code: 250, Text: "one two"},
		"250-one\r\n250\r\n":                 {Code: 250, Text: "one"},
		"550-5.1.1 no\r\n550 5.1.1 such\r\n": {Code: 550, Enhanced: "5.1.1", Text: "no such"},
		"550 hunter2 is wrong\r\n":           {Code: 550, Text: "*** is wrong"},
	} {
		if got, err := transaction.ReadReply(strings.NewReader(said)); err != nil || got != want {
			t.Errorf("%q: %+v, %v; want %+v", said, got, err, want)
		}
	}
}

func TestNonsenseIsToldAndNoReply(t *testing.T) {
	for said, want := range map[string]string{
		"hello\r\n":                      `it said "hello"`,
		"\r\n":                           `it said ""`,
		"25\r\n":                         `it said "25"`,
		"2500 ok\r\n":                    `it said "2500 ok"`,
		"150 ok\r\n":                     `it said "150 ok"`,
		"600 ok\r\n":                     `it said "600 ok"`,
		"250-one\r\n550 two\r\n":         `it said "250-one / 550 two"`,
		"250-one\r\ntwo\r\n":             `it said "250-one / two"`,
		"hunter2\x1b\r\n":                `it said "***\u{1b}"`,
		"250-half":                       `EOF, after "250-half"`,
		"":                               `EOF`,
		strings.Repeat("x", 5000) + "\n": `it said "` + strings.Repeat("x", 200) + `…"`,
	} {
		if got, err := transaction.ReadReply(strings.NewReader(said)); err == nil || err.Error() != want {
			t.Errorf("%.40q: %+v, error %v, want %s", said, got, err, want)
		}
	}
}

func TestWhateverAServerSaysIsToldWithinBounds(t *testing.T) {
	piece := rapid.OneOf(rapid.SampledFrom([]string{"250-", "250 ", "550", "5.7.1 ", "\r\n", "\n", "\r", "\x00", "\x1b[2J", "\xff", "\u202e", "hunter2", strings.Repeat("x", 2500)}),
		rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }))
	rapid.Check(t, func(t *rapid.T) {
		said := rapid.SampledFrom([]string{"", "250-", "550 "}).Draw(t, "begin") + strings.Join(rapid.SliceOf(piece).Draw(t, "said"), "")
		reader := strings.NewReader(said)
		for {
			reply, err := transaction.ReadReply(io.LimitReader(reader, 64<<10))
			text := reply.String()
			if err != nil {
				text = err.Error()
			} else if reply.Code < 200 || reply.Code > 599 {
				t.Fatalf("code %d", reply.Code)
			}
			if len(text) > 2100 || strings.ContainsFunc(text, unicode.IsControl) || strings.Contains(text, "\u202e") || strings.Contains(text, "hunter2") {
				t.Fatalf("%d bytes: %q", len(text), text)
			}
			if err != nil || reader.Len() == 0 {
				return
			}
		}
	})
}

func TestSecretAcrossTheCutOfALongReplyIsNotShown(t *testing.T) {
	for before := 1900; before < 2050; before++ {
		for _, begin := range []string{"", strings.Repeat("hunter2 ", 50)} {
			said := "550 " + begin + strings.Repeat("x", before-len(begin)) + "hunter2 and so on\r\n"
			reply, err := transaction.ReadReply(strings.NewReader(said))
			if err != nil || strings.Contains(reply.Text, "xh") || len(reply.Text) < 1500 {
				t.Fatalf("%d before it: %q, %v", before, reply.Text[len(reply.Text)-20:], err)
			}
		}
	}
}
