package main

import (
	"strings"
	"testing"
	"time"

	"flowrun/builtins/email"
	"flowrun/internal/columns"
)

func TestAttemptTellsOnlyWhatIsKnown(t *testing.T) {
	began := time.Date(2026, 11, 25, 9, 0, 0, 0, time.Local)
	for name, test := range map[string]struct {
		attempt email.Attempt
		want    string
	}{
		"process killed": {email.Attempt{State: "unknown", Error: "ended"}, "; the message was unknown afterwards; ended"},
		"refused": {email.Attempt{Server: "smtp://a@s:25", State: "failed", Error: "connect to s:25: refused"},
			", took 2s, smtp://a@s:25; the message was failed afterwards; refused"},
		"another server": {email.Attempt{Server: "smtp://s:25", State: "failed", Error: "connect to t:25: refused"},
			", took 2s, smtp://s:25; the message was failed afterwards; connect to t:25: refused"},
		"plain text": {email.Attempt{Server: "smtp://s:25", State: "sent", Code: 250, Text: "OK"},
			", took 2s, smtp://s:25, without TLS; the message was sent afterwards"},
		"sender refused": {email.Attempt{Server: "smtp://s:25", TLS: "TLS 1.3", State: "failed", Code: 451, Enhanced: "4.7.1", Text: "later",
			Error: "send to s:25: sender a@b: 451 4.7.1 later"},
			", took 2s, smtp://s:25, TLS 1.3; the message was failed afterwards; sender a@b: 451 4.7.1 later"},
		"recipient refused": {email.Attempt{Server: "smtp://s:25", TLS: "TLS 1.3", State: "partial", Code: 250, Text: "OK",
			Error:      "send to s:25: recipient c@d: 550 no",
			Recipients: []email.Recipient{{Address: "c@d", State: "failed", Code: 550, Text: "no"}}},
			", took 2s, smtp://s:25, TLS 1.3; the message was partial afterwards"},
	} {
		test.attempt.Number, test.attempt.Began, test.attempt.Ended = 3, began, began.Add(2*time.Second)
		if got, want := attemptText(test.attempt), "3: began 2026-11-25 09:00:00"+test.want; got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func TestMessageIsReadWholeAtEightyColumns(t *testing.T) {
	recipients := []email.Recipient{
		{Address: "a.long.name@customers.example.com", State: "failed", Code: 550, Enhanced: "5.1.1", Text: "there is no mailbox of that name at this server, ask the postmaster"},
		{Address: "bob@example.com", State: "failed", Code: 452, Enhanced: "4.2.2", Text: "mailbox full", Temporary: true},
	}
	m := email.Message{ID: 1, State: "failed", Subject: "Hello", Recipients: recipients, Attempts: []email.Attempt{
		{Number: 1, Server: "smtp://ann%40shop.example@smtp.shop.example:587", TLS: "TLS 1.3", State: "failed", Recipients: recipients}}}
	answered := m
	answered.ID, answered.Subject, answered.From = 2, strings.Repeat("Re: ", 20), "The shop <ann@shop.example>"
	told := &lifeAnswer{found: true, message: m, conversation: []email.Message{m, answered}}
	var shown, wide strings.Builder
	told.show(&shown, palette{width: 80})
	told.show(&wide, palette{})
	for line := range strings.SplitSeq(shown.String(), "\n") {
		if columns.Width(line) > 80 {
			t.Errorf("%d columns: %s", columns.Width(line), line)
		}
	}
	words := func(text string) string {
		before, _, _ := strings.Cut(text, "THREAD") // a table, which is cut as others are
		return strings.Join(strings.Fields(before), " ")
	}
	if words(shown.String()) != words(wide.String()) {
		t.Errorf("words are lost or added: \n%s\ninstead of\n%s", shown.String(), wide.String())
	}
	if want := `
     a.long.name@customers.example.com: failed, 550 5.1.1 there is no
         mailbox of that name at this server, ask the postmaster
     bob@example.com: failed, 452 4.2.2 mailbox full (temporary)
`; !strings.Contains(shown.String(), want) {
		t.Errorf("got\n%s", shown.String())
	}
}

func TestAdviceNamesWhatAMessageIsSentOver(t *testing.T) {
	told := &lifeAnswer{message: email.Message{ID: 4, State: "pending"}, over: " --profile NAME (or --smtp URL)"}
	if want := "it is kept and nobody has tried to send it: flowrun messages resend 4 --profile NAME (or --smtp URL) sends it"; told.advice() != want {
		t.Errorf("got %q", told.advice())
	}
	told.message.InDoubt = true
	if want := "flowrun messages resend 4 --again --profile NAME (or --smtp URL) sends it"; !strings.Contains(told.advice(), want) {
		t.Errorf("got %q", told.advice())
	}
}

func TestAdviceTellsWhyNobodyKnows(t *testing.T) {
	unknown := []email.Recipient{{Address: "a@b", State: "unknown"}}
	failed := email.Attempt{Server: "smtp://s:25", Error: "connect to s:25: refused", Recipients: []email.Recipient{{Address: "a@b", State: "failed"}}}
	for want, at := range map[string]email.Attempt{
		"the process that was sending it ended before":       {Error: "the process that made this attempt ended"},
		"the run was interrupted when the server had it all": {Server: "smtp://s:25", Error: "send to s:25: " + email.Interruption, Recipients: unknown},
		"the connection broke when the server had it all":    {Server: "smtp://s:25", Error: "send to s:25: the server closed the connection", Recipients: unknown},
	} {
		told := &lifeAnswer{message: email.Message{ID: 1, State: "unknown", Attempts: []email.Attempt{at, failed}}}
		if !strings.HasPrefix(told.advice(), want) {
			t.Errorf("got %q, want %q", told.advice(), want)
		}
	}
}
