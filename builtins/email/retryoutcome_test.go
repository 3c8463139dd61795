package email_test

import (
	"fmt"
	"slices"
	"testing"

	"flowrun/builtins/email"
	"flowrun/builtins/email/mailtest"
	"flowrun/runtime"
)

// A retry of which nobody knows does not cast doubt on those who have the mail.
func TestUnknownRetryNamesOnlyWhoMayLackTheMail(t *testing.T) {
	server := startSandbox(t, mailtest.WithFaults(
		mailtest.RefuseRecipient("b@x.y", 451, "4.3.0", "later").First(1),
		mailtest.RefuseRecipient("c@x.y", 550, "5.1.1", "no such user"),
		mailtest.Drop(mailtest.StageDot).After(1),
	))
	r := runInVirtualTime(t, sandboxed(server), retrying(`retryCount: 2`))
	if r.err != nil {
		t.Fatal(r.err)
	}
	sent, reply := r.outcome.Variables()["sent"], r.outcome.Variables()["reply"]
	got := fmt.Sprintf("%v %v: %v", field(t, sent, "state"), field(t, sent, "accepted"), field(t, reply, "recipients"))
	if want := "unknown [a@x.y]: [b@x.y c@x.y]"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// tls is how the mail went to those who have it, and not how a later attempt for
// others failed.
func TestTLSIsThatOfTheAttemptThatDelivered(t *testing.T) {
	server := startSandbox(t, mailtest.WithFaults(
		mailtest.RefuseRecipient("b@x.y", 451, "4.3.0", "later"),
		mailtest.Refuse(mailtest.StageConnect, 421, "4.3.2", "busy").After(1),
	))
	config, _ := storedConfig(t, server)
	config.Pool = newPool(t, email.PoolLimits{Idle: -1})
	for _, run := range []string{"first", "done again"} {
		r := runInVirtualTime(t, config, retrying(`retryCount: 1, store: true`), runtime.WithRunID("run-7"))
		if r.err != nil {
			t.Fatal(r.err)
		}
		sent := r.outcome.Variables()["sent"]
		if got := fmt.Sprint(field(t, sent, "state"), " ", field(t, sent, "tls")); got != "partial TLS 1.3" {
			t.Errorf("%s: %s", run, got)
		}
	}
}

// Doubt about one recipient keeps nobody else from the retries.
func TestWhoIsPutOffBesideAnUnknownIsTriedAgain(t *testing.T) {
	for _, settings := range []string{`retryCount: 1`, `retryCount: 1, store: true`} {
		server := startSandbox(t, mailtest.WithFaults(
			mailtest.RefuseRecipient("b@x.y", 451, "4.3.0", "later").First(1),
			mailtest.Drop(mailtest.StageDot).First(1),
		))
		config, _ := storedConfig(t, server)
		r := runInVirtualTime(t, config, retrying(settings))
		if r.err != nil {
			t.Errorf("%s: %v", settings, r.err)
			continue
		}
		wantResult(t, r.outcome, "unknown 2 [b@x.y]; 0 false [a@x.y c@x.y]")
		if mails := server.Mails(); len(mails) != 1 || !slices.Equal(mails[0].To, []string{"b@x.y"}) {
			t.Errorf("%s: %d mails, %+v", settings, len(mails), r.outcome.Variables()["reply"])
		}
	}
}
