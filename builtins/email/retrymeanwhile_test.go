package email_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"flowrun/builtins/email"
	"flowrun/builtins/email/mailtest"
	"flowrun/runtime"
	"flowrun/runtime/virtualtime"
)

// putOffOnce runs a flow whose mail comes to a@x.y, while b@x.y is put off and
// c@x.y refused for good; during the first wait somebody sends it again under other
// faults.
func putOffOnce(t *testing.T, server *mailtest.Server, config email.Config, again ...mailtest.Fault) *runtime.Outcome {
	t.Helper()
	server.Script(mailtest.RefuseRecipient("b@x.y", 451, "4.3.0", "later"), mailtest.RefuseRecipient("c@x.y", 550, "5.1.1", "no such user"))
	waits := 0
	resend := func(time.Duration) {
		if waits++; waits > 1 {
			return
		}
		server.Script(again...)
		if _, err := email.Resend(t.Context(), config, 1, email.ResendOptions{}); err == nil {
			t.Error("everybody got the mail that was sent again")
		}
		server.Forget()
		server.Script()
	}
	outcome, err := program(t, config, retrying(`store: true, retryCount: 3`)).Run(testContext(t), nil,
		runtime.WithEffects(virtualtime.New(time.Now(), resend)))
	if err != nil {
		t.Fatal(err)
	}
	return outcome
}

// wantResult compares state, attempts and accepted of a result, and the reply's
// code, temporary and recipients.
func wantResult(t *testing.T, outcome *runtime.Outcome, want string) {
	t.Helper()
	sent, reply := outcome.Variables()["sent"], outcome.Variables()["reply"]
	got := fmt.Sprintf("%v %v %v", field(t, sent, "state"), field(t, sent, "attempts"), field(t, sent, "accepted"))
	if reply != nil {
		got += fmt.Sprintf("; %v %v %v", field(t, reply, "code"), field(t, reply, "temporary"), field(t, reply, "recipients"))
	}
	if got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}

// noAttempt wants that the call itself made no second attempt, and noted none.
func noAttempt(t *testing.T, server *mailtest.Server, message email.Message) {
	t.Helper()
	if len(message.Attempts) != 2 || message.State != email.StatePartial || message.InDoubt {
		t.Errorf("state %s, attempts %+v", message.State, message.Attempts)
	}
	for _, command := range server.Commands() {
		if strings.HasPrefix(command.Line, "MAIL ") {
			t.Errorf("it was tried again: %s", command.Line)
		}
	}
}

func TestRefusalOfOneWhoGotTheMailDuringTheWaitIsForgotten(t *testing.T) {
	server := startSandbox(t)
	config, st := storedConfig(t, server)
	outcome := putOffOnce(t, server, config, mailtest.RefuseRecipient("c@x.y", 550, "5.1.1", "no such user"))
	wantResult(t, outcome, "partial 2 [a@x.y b@x.y]; 550 false [c@x.y]")
	noAttempt(t, server, stored(t, st))
}

func TestWhoIsRefusedForGoodDuringTheWaitIsNotAskedAgain(t *testing.T) {
	server := startSandbox(t)
	config, st := storedConfig(t, server)
	outcome := putOffOnce(t, server, config,
		mailtest.RefuseRecipient("b@x.y", 552, "5.2.2", "full"), mailtest.RefuseRecipient("c@x.y", 550, "5.1.1", "no such user"))
	sent := outcome.Variables()["sent"]
	if got := fmt.Sprintf("%v %v", field(t, sent, "state"), text(t, field(t, sent, "rejected").([]any)[0])); got != "partial b@x.y: 552 5.2.2 full" {
		t.Error(got)
	}
	noAttempt(t, server, stored(t, st))
}

func TestAttemptsOfOthersDuringTheWaitAreCounted(t *testing.T) {
	server := startSandbox(t)
	config, st := storedConfig(t, server)
	outcome := putOffOnce(t, server, config,
		mailtest.RefuseRecipient("b@x.y", 451, "4.3.0", "later"), mailtest.RefuseRecipient("c@x.y", 550, "5.1.1", "no such user"))
	wantResult(t, outcome, "partial 3 [a@x.y b@x.y]; 550 false [c@x.y]")
	if n := len(stored(t, st).Attempts); n != 3 {
		t.Errorf("%d attempts are noted", n)
	}
}
