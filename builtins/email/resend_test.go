package email_test

import (
	"slices"
	"strings"
	"testing"

	"flowrun/builtins/email"
	"flowrun/builtins/email/mailtest"
	"flowrun/store"
)

func TestResendGoesToThoseWhoHaveNotGotIt(t *testing.T) {
	for name, c := range map[string]struct {
		fault mailtest.Fault
		again bool
		to    []string
	}{
		"failed":           {mailtest.Refuse(mailtest.StageMAIL, 451, "4.3.0", "later").First(1), false, []string{"a@x.y", "b@x.y", "c@x.y"}},
		"partial":          {mailtest.RefuseRecipient("b@x.y", 451, "4.7.1", "later").First(1), false, []string{"b@x.y"}},
		"partial, again":   {mailtest.RefuseRecipient("b@x.y", 451, "4.7.1", "later").First(1), true, []string{"a@x.y", "b@x.y", "c@x.y"}},
		"unknown, again":   {mailtest.Drop(mailtest.StageDot).First(1), true, []string{"a@x.y", "b@x.y", "c@x.y"}},
		"nothing happened": {mailtest.Refuse(mailtest.StageConnect, 421, "4.3.2", "busy").First(1), false, []string{"a@x.y", "b@x.y", "c@x.y"}},
	} {
		t.Run(name, func(t *testing.T) {
			server := startSandbox(t, mailtest.WithFaults(c.fault))
			config, _ := storedConfig(t, server)
			if _, err := runFlow(t, config, keptFlow, nil); err == nil {
				t.Fatal("it succeeded")
			}
			before := len(server.Mails())
			message, err := email.Resend(testContext(t), config, 1, email.ResendOptions{Again: c.again})
			if err != nil {
				t.Fatal(err)
			}
			mails := server.Mails()
			if len(mails) != before+1 {
				t.Fatalf("%d mails came, want %d", len(mails), before+1)
			}
			last := mails[len(mails)-1]
			if !slices.Equal(last.To, c.to) || parsed(t, last).Header("Message-ID") != "<"+message.MessageID+">" {
				t.Errorf("to %q with %s", last.To, parsed(t, last).Header("Message-ID"))
			}
			if message.State != email.StateSent || len(message.Attempts) != 2 || message.Attempts[1].Number != 2 {
				t.Errorf("message %+v", message)
			}
			if got := outcomes(message.Recipients); got != "a@x.y sent 250, b@x.y sent 250, c@x.y sent 250" {
				t.Error(got)
			}
		})
	}
}

func TestResendSendsNothingTwiceUnasked(t *testing.T) {
	for name, c := range map[string]struct {
		faults []mailtest.Fault
		want   string
	}{
		"sent":    {nil, "message 1 was sent to all its recipients; to send it to them once more, add --again"},
		"unknown": {[]mailtest.Fault{mailtest.Drop(mailtest.StageDot)}, "message 1 may have arrived: the connection broke when the server had it all"},
	} {
		t.Run(name, func(t *testing.T) {
			server := startSandbox(t, mailtest.WithFaults(c.faults...))
			config, _ := storedConfig(t, server)
			runFlow(t, config, keptFlow, nil)
			before := server.Connections()
			if _, err := email.Resend(testContext(t), config, 1, email.ResendOptions{}); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
			if server.Connections() != before {
				t.Error("it connected")
			}
		})
	}
}

func TestResendRefusesWhatIsBeingSentOrCameIn(t *testing.T) {
	server := startSandbox(t, mailtest.WithFaults(mailtest.Refuse(mailtest.StageMAIL, 451, "4.3.0", "later").First(1)))
	config, st := storedConfig(t, server)
	runFlow(t, config, keptFlow, nil)
	came := importMail(t, st, question)
	claim, err := st.Claim(t.Context(), 1, email.StateFailed)
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[int64]string{1: "message 1 is being sent at this moment", came.ID: "came in", 99: "99 is not in the store"} {
		if _, err := email.Resend(testContext(t), config, id, email.ResendOptions{Again: true}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
	if err := claim.Done(t.Context(), email.Attempt{State: email.StateFailed}); err != nil {
		t.Fatal(err)
	}
}

func TestResendTakesTheProfileOfTheMessage(t *testing.T) {
	server := startSandbox(t, mailtest.WithFaults(mailtest.Refuse(mailtest.StageMAIL, 451, "4.3.0", "later").First(1)))
	config := profiled(t, own(server), email.Profile{Name: "other", Host: "127.0.0.1", Port: 1})
	if _, err := runFlow(t, config, strings.Replace(byOwnProfile, " >", ", store: true >", 1), nil); err == nil {
		t.Fatal("it succeeded")
	}
	if _, err := email.Resend(testContext(t), config, 1, email.ResendOptions{Profile: "other"}); err == nil || !strings.Contains(err.Error(), "connection refused") {
		t.Fatalf("error %v", err)
	}
	message, err := email.Resend(testContext(t), config, 1, email.ResendOptions{})
	if err != nil || message.State != email.StateSent {
		t.Fatalf("%s, %v", message.State, err)
	}
	if err := config.Store.(*store.Store).RemoveProfile(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	if _, err := email.Resend(testContext(t), config, 1, email.ResendOptions{Again: true}); err == nil || !strings.Contains(err.Error(), "profile 1, over which message 1 was sent, is no longer in the store: name another one by --profile") {
		t.Errorf("error %v", err)
	}
}
