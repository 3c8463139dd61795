package email_test

import (
	"fmt"
	"testing"

	"flowrun/builtins/email/mailtest"
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
	sent, reply := r.outcome.Variables["sent"], r.outcome.Variables["reply"]
	got := fmt.Sprintf("%v %v: %v", field(t, sent, "state"), field(t, sent, "accepted"), field(t, reply, "recipients"))
	if want := "unknown [a@x.y]: [b@x.y c@x.y]"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
