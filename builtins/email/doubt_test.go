package email_test

import (
	"context"
	"io"
	"strings"
	"testing"

	"flowrun/builtins/email"
	"flowrun/builtins/email/mailtest"
	"flowrun/internal/storetest"
	"flowrun/runtime"
	"flowrun/store"
)

// runAs runs a flow under an identifier and gives the first failure, or nil.
func runAs(t *testing.T, config email.Config, flow, run string, inputs runtime.Inputs) *runtime.Error {
	t.Helper()
	outcome, err := program(t, config, flow).Run(testContext(t), inputs, runtime.WithRunID(run))
	if err == nil {
		return nil
	}
	return outcome.Failures[0]
}

func TestDoubtLastsUntilItIsKnownBetter(t *testing.T) {
	refused := mailtest.Refuse(mailtest.StageMAIL, 451, "4.3.0", "later")
	for name, doubt := range map[string]func(*testing.T, email.Config, *store.Store, *mailtest.Server, string){
		"unknown": func(t *testing.T, config email.Config, _ *store.Store, server *mailtest.Server, _ string) {
			server.Script(mailtest.Drop(mailtest.StageDot))
			if failure := runAs(t, config, keptFlow, "run-7", nil); failure == nil || failure.Kind != email.KindUnknown {
				t.Fatalf("failure %v", failure)
			}
		},
		"lapsed": func(t *testing.T, config email.Config, st *store.Store, server *mailtest.Server, location string) {
			server.Script(refused)
			runAs(t, config, keptFlow, "run-7", nil)
			if _, err := st.Claim(t.Context(), 1, email.StateFailed); err != nil {
				t.Fatal(err)
			}
			storetest.Lapse(t, location, 1)
		},
	} {
		t.Run(name, func(t *testing.T) {
			server := startSandbox(t)
			config := sandboxed(server)
			location := storetest.Location(t, "SQLite")
			st := storetest.Open(t, location)
			config.Store = st
			doubt(t, config, st, server, location)
			server.Script(refused)
			if _, err := email.Resend(testContext(t), config, 1, email.ResendOptions{Again: true}); err == nil {
				t.Fatal("it was sent")
			}
			message := stored(t, st)
			if message.State != email.StateUnknown || outcomes(message.Recipients) == "" || !strings.Contains(outcomes(message.Recipients), "a@x.y unknown") {
				t.Errorf("after a refused attempt: %s, %s", message.State, outcomes(message.Recipients))
			}
			server.Script()
			if failure := runAs(t, config, keptFlow, "run-7", nil); failure == nil || failure.Kind != email.KindUnknown {
				t.Errorf("done again: %v", failure)
			}
			if _, err := email.Resend(testContext(t), config, 1, email.ResendOptions{}); err == nil || !strings.Contains(err.Error(), "--again") {
				t.Errorf("sent again: %v", err)
			}
			if len(server.Mails()) != 0 {
				t.Error("a mail was sent unasked")
			}
			if message, err := email.Resend(testContext(t), config, 1, email.ResendOptions{Again: true}); err != nil || message.State != email.StateSent {
				t.Errorf("%s, %v", message.State, err)
			}
		})
	}
}

func TestRefusalAfterASentMailIsNotedAsWhatItWas(t *testing.T) {
	server := startSandbox(t)
	config, st := storedConfig(t, server)
	if failure := runAs(t, config, keptFlow, "run-7", nil); failure != nil {
		t.Fatal(failure)
	}
	server.Script(mailtest.RefuseRecipient("b@x.y", 550, "5.1.1", "no such user"))
	if _, err := email.Resend(testContext(t), config, 1, email.ResendOptions{Again: true}); err == nil {
		t.Fatal("b@x.y was not refused")
	}
	message := stored(t, st)
	if message.State != email.StateSent || outcomes(message.Recipients) != "a@x.y sent 250, b@x.y sent 250, c@x.y sent 250" {
		t.Errorf("%s: %s", message.State, outcomes(message.Recipients))
	}
	if got := outcomes(message.Attempts[1].Recipients); got != "a@x.y sent 250, b@x.y failed 550, c@x.y sent 250" {
		t.Errorf("the attempt: %s", got)
	}
}

func TestRunThatIsDoneAgainSendsTheBytesThatWereKept(t *testing.T) {
	server := startSandbox(t, mailtest.WithFaults(mailtest.Refuse(mailtest.StageMAIL, 451, "4.3.0", "later").First(1)))
	config, st := storedConfig(t, server)
	flow := "input text\n" + strings.Replace(keptFlow, `message: "m"`, `message: text`, 1)
	if runAs(t, config, flow, "run-7", runtime.Inputs{"text": "first"}) == nil {
		t.Fatal("it was sent")
	}
	if failure := runAs(t, config, flow, "run-7", runtime.Inputs{"text": "second"}); failure != nil {
		t.Fatal(failure)
	}
	raw, err := st.OpenMessage(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	kept, err := io.ReadAll(raw)
	if err != nil || string(kept) != string(onlyMail(t, server).Raw) || !strings.Contains(string(kept), "first") {
		t.Errorf("kept %q and sent %q, %v", kept, onlyMail(t, server).Raw, err)
	}
}

func TestOtherMailUnderTheSameIdentifierIsRefused(t *testing.T) {
	server := startSandbox(t)
	config, st := storedConfig(t, server)
	flow := `input to
		sendEmail < to: to, from: "f@x.y", subject: "s", message: "m", store: true >`
	if failure := runAs(t, config, flow, "order-17", runtime.Inputs{"to": "a@x.y"}); failure != nil {
		t.Fatal(failure)
	}
	failure := runAs(t, config, flow, "order-17", runtime.Inputs{"to": "b@x.y"})
	if failure == nil || !strings.Contains(failure.Message, "the mail was not sent: message 1 of the store has its Message-ID and was for others") {
		t.Errorf("failure %v", failure)
	}
	// Another flow may use the order's number, too.
	if failure := runAs(t, config, `flow "Another"`+"\n"+flow, "order-17", runtime.Inputs{"to": "b@x.y"}); failure != nil {
		t.Error(failure)
	}
	if n := len(server.Mails()); n != 2 {
		t.Errorf("%d mails came, want 2", n)
	}
	if _, err := st.Message(t.Context(), 2); err != nil {
		t.Error(err)
	}
}

func TestMessageIDOfAMailThatCameInIsTold(t *testing.T) {
	server := startSandbox(t)
	config, st := storedConfig(t, server)
	if failure := runAs(t, config, strings.Replace(keptFlow, "store: true", "store: false", 1), "run-7", nil); failure != nil {
		t.Fatal(failure)
	}
	importMail(t, st, "Message-ID: "+parsed(t, onlyMail(t, server)).Header("Message-ID")+"\nSubject: x\n\nhi\n")
	if failure := runAs(t, config, keptFlow, "run-7", nil); failure == nil || !strings.Contains(failure.Message, "message 1 of the store has its Message-ID and came in") {
		t.Errorf("failure %v", failure)
	}
}

func TestAttemptThatBreaksDownLeavesNoClaim(t *testing.T) {
	server := startSandbox(t)
	p := own(server)
	p.SkipVerify = true
	config := profiled(t, p)
	config.Warn = func(context.Context, string) { panic("the host's own") }
	wantError(t, config, strings.Replace(byOwnProfile, " >", ", store: true >", 1), nil, "the component broke down")
	message := stored(t, config.Store.(*store.Store))
	if message.State != email.StateUnknown || len(message.Attempts) != 1 || message.Attempts[0].Error != "the attempt broke down" {
		t.Errorf("message %+v", message)
	}
}

func TestRunThatIsDoneAgainFailsAsTheFirstDid(t *testing.T) {
	server := startSandbox(t, mailtest.WithFaults(mailtest.RefuseRecipient("b@x.y", 550, "5.1.1", "no such user")))
	config, _ := storedConfig(t, server)
	first, again := runAs(t, config, keptFlow, "run-7", nil), runAs(t, config, keptFlow, "run-7", nil)
	if first.Kind != again.Kind || first.Message != again.Message || text(t, first.Fields["reply"]) != text(t, again.Fields["reply"]) {
		t.Errorf("first %s: %s (%v)\nthen  %s: %s (%v)", first.Kind, first.Message, first.Fields["reply"], again.Kind, again.Message, again.Fields["reply"])
	}
	if len(server.Mails()) != 1 {
		t.Errorf("%d mails came", len(server.Mails()))
	}
}
