package email_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"flowrun/builtins/email"
	"flowrun/builtins/email/mailtest"
	"flowrun/runtime"
	"flowrun/store"
)

const keptFlow = `sent = sendEmail < to: "a@x.y", copy: "b@x.y", bcc: "c@x.y", from: "F <f@x.y>", subject: "s", message: "m", store: true >`

// storedConfig is the sandbox with a store.
func storedConfig(t *testing.T, server *mailtest.Server) (email.Config, *store.Store) {
	t.Helper()
	config := sandboxed(server)
	st := openStore(t)
	config.Store = st
	return config, st
}

// stored gives the only message of a store.
func stored(t *testing.T, st *store.Store) email.Message {
	t.Helper()
	messages, err := st.Messages(t.Context(), store.Filter{})
	if err != nil || len(messages) != 1 {
		t.Fatalf("%d messages, %v", len(messages), err)
	}
	message, err := st.Message(t.Context(), messages[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	return message
}

func outcomes(recipients []email.Recipient) string {
	var all []string
	for _, r := range recipients {
		all = append(all, fmt.Sprintf("%s %s %d", r.Address, r.State, r.Code))
	}
	return strings.Join(all, ", ")
}

func TestKeptMailIsStoredAsItWasSent(t *testing.T) {
	server := startSandbox(t)
	config, st := storedConfig(t, server)
	variables, err := runFlow(t, config, keptFlow, nil)
	if err != nil {
		t.Fatal(err)
	}
	mail, message := onlyMail(t, server), stored(t, st)
	if got := field(t, variables["sent"], "id"); got != int(message.ID) {
		t.Errorf("id %v, want %d", got, message.ID)
	}
	if got, want := "<"+message.MessageID+">", parsed(t, mail).Header("Message-ID"); got != want {
		t.Errorf("MessageID %s, want %s", got, want)
	}
	if message.State != email.StateSent || message.From != "F <f@x.y>" || message.Sender != "f@x.y" || message.Subject != "s" || message.Run == "" {
		t.Errorf("message %+v", message)
	}
	if got := outcomes(message.Recipients); got != "a@x.y sent 250, b@x.y sent 250, c@x.y sent 250" {
		t.Error(got)
	}
	if len(message.Attempts) != 1 || message.Attempts[0].TLS != "TLS 1.3" || message.Attempts[0].Code != 250 || message.Attempts[0].Number != 1 {
		t.Errorf("attempts %+v", message.Attempts)
	}
	raw, err := st.OpenMessage(t.Context(), message.ID)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	if content, err := io.ReadAll(raw); err != nil || string(content) != string(mail.Raw) {
		t.Errorf("the stored text differs from the mail: %v", err)
	}
	// A Message-ID may end in that by chance.
	if strings.Contains(strings.ReplaceAll(string(mail.Raw), message.MessageID, ""), "c@x.y") {
		t.Error("the blind copy shows")
	}
}

func TestWhatBecomesOfAKeptMailIsNoted(t *testing.T) {
	for name, c := range map[string]struct {
		fault      mailtest.Fault
		state      email.State
		recipients string
	}{
		"refused":    {mailtest.Refuse(mailtest.StageMAIL, 550, "5.7.1", "no"), email.StateFailed, "a@x.y failed 550, b@x.y failed 550, c@x.y failed 550"},
		"partial":    {mailtest.RefuseRecipient("b@x.y", 451, "4.7.1", "later"), email.StatePartial, "a@x.y sent 250, b@x.y failed 451, c@x.y sent 250"},
		"unknown":    {mailtest.Drop(mailtest.StageDot), email.StateUnknown, "a@x.y unknown 0, b@x.y unknown 0, c@x.y unknown 0"},
		"no session": {mailtest.Drop(mailtest.StageConnect), email.StateFailed, "a@x.y failed 0, b@x.y failed 0, c@x.y failed 0"},
	} {
		t.Run(name, func(t *testing.T) {
			server := startSandbox(t, mailtest.WithFaults(c.fault))
			config, st := storedConfig(t, server)
			if _, err := runFlow(t, config, keptFlow, nil); err == nil {
				t.Fatal("it succeeded")
			}
			message := stored(t, st)
			if message.State != c.state || message.InDoubt {
				t.Errorf("state %s, in doubt %v", message.State, message.InDoubt)
			}
			if got := outcomes(message.Recipients); got != c.recipients {
				t.Errorf("got  %s\nwant %s", got, c.recipients)
			}
			if len(message.Attempts) != 1 || message.Attempts[0].Error == "" || message.Attempts[0].State != c.state {
				t.Errorf("attempts %+v", message.Attempts)
			}
		})
	}
}

func TestOutcomeIsNotedWhenTheRunIsCancelled(t *testing.T) {
	server := startSandbox(t, mailtest.WithFaults(mailtest.Stall(mailtest.StageDot)))
	config, st := storedConfig(t, server)
	ctx, cancel := context.WithCancel(testContext(t))
	p := program(t, config, keptFlow)
	done := make(chan error, 1)
	go func() {
		_, err := p.Run(ctx, nil)
		done <- err
	}()
	server.WaitForStage(ctx, mailtest.StageDot, 1)
	cancel()
	if err := <-done; !errors.Is(err, &runtime.Error{Kind: runtime.KindCancelled}) {
		t.Fatalf("error %v", err)
	}
	if message := stored(t, st); message.State != email.StateUnknown {
		t.Errorf("state %s", message.State)
	}
}

func TestDryRunKeepsNothing(t *testing.T) {
	config, st := storedConfig(t, startSandbox(t))
	if _, err := runFlow(t, config, strings.Replace(keptFlow, "store: true", "store: true, dryRun: true", 1), nil); err != nil {
		t.Fatal(err)
	}
	if messages, err := st.Messages(t.Context(), store.Filter{}); err != nil || len(messages) != 0 {
		t.Errorf("%d messages, %v", len(messages), err)
	}
}

// A host that runs a flow again under the same identifier gets the outcomes of the
// mails that were sent, and sends those that were not.
func TestCallThatIsRunAgainSendsNothingTwice(t *testing.T) {
	for name, c := range map[string]struct {
		faults []mailtest.Fault
		mails  int
		again  string // of the second run
	}{
		"sent":    {nil, 1, "sent"},
		"refused": {[]mailtest.Fault{mailtest.Refuse(mailtest.StageMAIL, 451, "4.3.0", "later").First(1)}, 1, "sent"},
		"unknown": {[]mailtest.Fault{mailtest.Drop(mailtest.StageDot)}, 0, "unknown"},
		"partial": {[]mailtest.Fault{mailtest.RefuseRecipient("b@x.y", 550, "5.1.1", "no such user")}, 1, "partial"},
	} {
		t.Run(name, func(t *testing.T) {
			server := startSandbox(t, mailtest.WithFaults(c.faults...))
			config, st := storedConfig(t, server)
			p := program(t, config, strings.Replace(keptFlow, "store: true", "store: true, responseCode: reply", 1))
			first, err := p.Run(testContext(t), nil, runtime.WithRunID("run-7"))
			if err != nil {
				t.Fatal(err)
			}
			again, err := p.Run(testContext(t), nil, runtime.WithRunID("run-7"))
			if err != nil {
				t.Fatal(err)
			}
			if got := field(t, again.Variables()["sent"], "state"); got != c.again {
				t.Errorf("state %v, want %s", got, c.again)
			}
			if n := len(server.Mails()); n != c.mails {
				t.Errorf("%d mails came, want %d", n, c.mails)
			}
			if name != "refused" && text(t, first.Variables()["sent"]) != text(t, again.Variables()["sent"]) {
				t.Errorf("first %s, then %s", text(t, first.Variables()["sent"]), text(t, again.Variables()["sent"]))
			}
			stored(t, st)
		})
	}
}

// brokenStore fails where a test wants it to.
type brokenStore struct {
	email.Store
	keep, done error
	message    error // for those who read a message
}

func (b *brokenStore) Message(ctx context.Context, id int64) (email.Message, error) {
	if b.message != nil {
		return email.Message{}, b.message
	}
	return b.Store.Message(ctx, id)
}

func (b *brokenStore) Keep(ctx context.Context, m email.Message, content io.Reader) (email.Message, bool, error) {
	if b.keep != nil {
		return email.Message{}, false, b.keep
	}
	return b.Store.Keep(ctx, m, content)
}

func (b *brokenStore) Claim(ctx context.Context, id int64, from ...email.State) (email.Claim, error) {
	claim, err := b.Store.Claim(ctx, id, from...)
	if err != nil || b.done == nil {
		return claim, err
	}
	return brokenClaim{b.done}, nil
}

type brokenClaim struct{ err error }

func (c brokenClaim) Done(context.Context, email.Attempt) error { return c.err }

func (c brokenClaim) Release(context.Context) error { return c.err }

func TestMailThatCannotBeKeptIsNotSent(t *testing.T) {
	server := startSandbox(t)
	config, st := storedConfig(t, server)
	config.Store = &brokenStore{Store: st, keep: errors.New("the disk is full")}
	failure := wantError(t, config, keptFlow, nil, "the mail cannot be kept, and so was not sent: the disk is full")
	if failure.Kind != email.KindStore || server.Connections() != 0 {
		t.Errorf("kind %q, %d connections", failure.Kind, server.Connections())
	}
}

func TestOutcomeThatCannotBeNotedIsTold(t *testing.T) {
	for name, c := range map[string]struct {
		faults []mailtest.Fault
		want   string
		state  string
		kind   runtime.Kind
	}{
		"sent":    {nil, "the mail was sent, do not send it again, but this could not be noted in the store, where message 1 now is in doubt: the disk is full", "sent", email.KindStore},
		"refused": {[]mailtest.Fault{mailtest.Refuse(mailtest.StageMAIL, 550, "5.7.1", "no")}, "550 5.7.1 no; the mail was not sent, but this could not be noted", "failed", email.KindSMTP},
	} {
		t.Run(name, func(t *testing.T) {
			server := startSandbox(t, mailtest.WithFaults(c.faults...))
			config, st := storedConfig(t, server)
			config.Store = &brokenStore{Store: st, done: errors.New("the disk is full")}
			failure := wantError(t, config, keptFlow, nil, c.want)
			if failure.Kind != c.kind || failure.Fields["state"] != c.state {
				t.Errorf("kind %q, state %v", failure.Kind, failure.Fields["state"])
			}
			if !strings.Contains(failure.Hint, "flowrun messages show 1") {
				t.Errorf("hint %q", failure.Hint)
			}
		})
	}
}

func TestMessageOfAnotherProcessIsNotSentTwice(t *testing.T) {
	server := startSandbox(t, mailtest.WithFaults(mailtest.Refuse(mailtest.StageMAIL, 451, "4.3.0", "later")))
	config, st := storedConfig(t, server)
	p := program(t, config, keptFlow)
	if _, err := p.Run(testContext(t), nil, runtime.WithRunID("run-7")); err == nil {
		t.Fatal("it succeeded")
	}
	claim, err := st.Claim(t.Context(), 1, email.StateFailed)
	if err != nil {
		t.Fatal(err)
	}
	outcome, err := p.Run(testContext(t), nil, runtime.WithRunID("run-7"))
	if err == nil || outcome.Failures[0].Kind != email.KindUnknown || outcome.Failures[0].Fields["state"] != "unknown" {
		t.Errorf("error %v", err)
	}
	if len(server.Mails()) != 0 {
		t.Error("it was sent")
	}
	if err := claim.Done(t.Context(), email.Attempt{State: email.StateFailed}); err != nil {
		t.Fatal(err)
	}
}
