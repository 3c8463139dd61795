package transaction_test

import (
	"testing"

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
