package email_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"flowrun/builtins/email"
	"flowrun/builtins/email/mailtest"
	"flowrun/runtime"
	"flowrun/runtime/virtualtime"
)

// retried is what a run with retries in virtual time showed.
type retried struct {
	waits   []time.Duration
	outcome *runtime.Outcome
	err     error
}

// runInVirtualTime runs a flow whose waits pass at once.
func runInVirtualTime(t *testing.T, config email.Config, flow string, options ...runtime.RunOption) retried {
	t.Helper()
	var r retried
	effects := virtualtime.New(time.Now(), func(wait time.Duration) { r.waits = append(r.waits, wait) })
	r.outcome, r.err = program(t, config, flow).Run(testContext(t), nil, append(options, runtime.WithEffects(effects))...)
	return r
}

func retrying(settings string) string {
	return `sent = sendEmail < to: "a@x.y", copy: "b@x.y", bcc: "c@x.y", from: "f@x.y", subject: "s", message: "m", responseCode: reply, ` + settings + ` >`
}

// wantWaits compares waits with their middles, which they miss by a fifth at most.
func wantWaits(t *testing.T, got []time.Duration, want ...time.Duration) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("waits %v, want about %v", got, want)
		return
	}
	for i, wait := range got {
		low, high := want[i]*8/10, min(want[i]*12/10, 5*time.Minute)
		if wait < low || wait > high {
			t.Errorf("wait %d is %s, want %s to %s", i+1, wait, low, high)
		}
	}
}

func TestRetriesFollowTheirSchedule(t *testing.T) {
	const s, m = time.Second, time.Minute
	later := mailtest.Refuse(mailtest.StageMAIL, 451, "4.3.0", "later")
	for name, c := range map[string]struct {
		settings string
		fault    mailtest.Fault
		waits    []time.Duration
	}{
		"doubled":                  {`retryCount: 4`, later, []time.Duration{s, 2 * s, 4 * s, 8 * s}},
		"from a delay":             {`retryCount: 3, retryDelay: "20s"`, later, []time.Duration{20 * s, 40 * s, 80 * s}},
		"at most five minutes":     {`retryCount: 5, retryDelay: "1m"`, later, []time.Duration{m, 2 * m, 4 * m, 5 * m, 5 * m}},
		"greylisting":              {`retryCount: 4`, mailtest.Greylist(0), []time.Duration{m, 2 * m, 4 * m, 5 * m}},
		"greylisting by text":      {`retryCount: 1`, mailtest.Refuse(mailtest.StageRCPT, 421, "", "Grey-listed, come back"), []time.Duration{m}},
		"greylisting by 450":       {`retryCount: 1`, mailtest.Refuse(mailtest.StageRCPT, 450, "4.7.25", "no reverse name"), []time.Duration{m}},
		"452 4.7.0 is none":        {`retryCount: 1`, mailtest.Refuse(mailtest.StageRCPT, 452, "4.7.0", "too much"), []time.Duration{s}},
		"a delay above the grey":   {`retryCount: 2, retryDelay: "2m"`, mailtest.Greylist(0), []time.Duration{2 * m, 4 * m}},
		"the banner":               {`retryCount: 2`, mailtest.Refuse(mailtest.StageConnect, 421, "4.3.2", "busy"), []time.Duration{s, 2 * s}},
		"the connection":           {`retryCount: 2`, mailtest.Drop(mailtest.StageDATA), []time.Duration{s, 2 * s}},
		"after the dot":            {`retryCount: 1`, mailtest.Refuse(mailtest.StageDot, 452, "4.3.1", "full"), []time.Duration{s}},
		"STARTTLS refused for now": {`retryCount: 1`, mailtest.Refuse(mailtest.StageSTARTTLS, 454, "4.7.0", "TLS not available"), []time.Duration{s}},
	} {
		t.Run(name, func(t *testing.T) {
			server := startSandbox(t, mailtest.WithFaults(c.fault))
			r := runInVirtualTime(t, sandboxed(server), retrying(c.settings))
			if r.err != nil {
				t.Fatal(r.err)
			}
			wantWaits(t, r.waits, c.waits...)
			sent := r.outcome.Variables()["sent"]
			if got := field(t, sent, "attempts"); got != len(c.waits)+1 || field(t, sent, "state") != "failed" {
				t.Errorf("%v attempts, state %v", got, field(t, sent, "state"))
			}
			if r.outcome.Variables()["reply"] == nil || len(server.Mails()) != 0 {
				t.Errorf("reply %v, %d mails", r.outcome.Variables()["reply"], len(server.Mails()))
			}
		})
	}
}

func TestServerThatIsDownIsToldWithTheAttempts(t *testing.T) {
	server := startSandbox(t)
	config := sandboxed(server)
	server.Close()
	r := runInVirtualTime(t, config, `sendEmail < to: "a@x.y", from: "f@x.y", subject: "s", message: "m", retryCount: 2 >`)
	if r.err == nil || !strings.Contains(r.err.Error(), "connection refused (3 attempts)") {
		t.Errorf("error %v", r.err)
	}
	if failure := r.outcome.Failures[0]; failure.Kind != email.KindConnection || failure.Fields["attempts"] != 3 {
		t.Errorf("kind %q, fields %v", failure.Kind, failure.Fields)
	}
}

func TestPermanentFailureIsNotRetried(t *testing.T) {
	for name, c := range map[string]struct {
		options  []mailtest.Option
		settings string
	}{
		"refused sender":   {[]mailtest.Option{mailtest.WithFaults(mailtest.Refuse(mailtest.StageMAIL, 550, "5.7.1", "no"))}, ``},
		"refused content":  {[]mailtest.Option{mailtest.WithFaults(mailtest.Refuse(mailtest.StageDot, 554, "5.6.0", "spam"))}, ``},
		"refused banner":   {[]mailtest.Option{mailtest.WithFaults(mailtest.Refuse(mailtest.StageConnect, 554, "5.7.1", "no"))}, ``},
		"password":         {[]mailtest.Option{mailtest.WithCredentials("u", "right")}, `server: "s.example", smtp: { user: "u", password: secret("P") }, `},
		"missing STARTTLS": {[]mailtest.Option{mailtest.WithoutExtension("STARTTLS")}, ``},
		"unknown":          {[]mailtest.Option{mailtest.WithFaults(mailtest.Drop(mailtest.StageDot))}, ``},
		"size":             {[]mailtest.Option{mailtest.WithMaxSize(10)}, ``},
	} {
		t.Run(name, func(t *testing.T) {
			server := startSandbox(t, c.options...)
			r := runInVirtualTime(t, sandboxed(server), retrying(c.settings+`retryCount: 5`))
			if r.err != nil {
				t.Fatal(r.err)
			}
			if got := field(t, r.outcome.Variables()["sent"], "attempts"); got != 1 || len(r.waits) != 0 || server.Connections() != 1 {
				t.Errorf("%v attempts, waits %v, %d connections", got, r.waits, server.Connections())
			}
		})
	}
	t.Run("certificate", func(t *testing.T) {
		server := startSandbox(t)
		config := sandboxed(server)
		config.Redirect.RootCAs = startSandbox(t).CertPool()
		r := runInVirtualTime(t, config, retrying(`retryCount: 5`))
		if got := field(t, r.outcome.Variables()["sent"], "attempts"); r.err != nil || got != 1 {
			t.Errorf("%v attempts, %v", got, r.err)
		}
	})
}

func TestOnlyWhoIsPutOffIsTriedAgain(t *testing.T) {
	server := startSandbox(t, mailtest.WithFaults(
		mailtest.RefuseRecipient("b@x.y", 451, "4.7.1", "greylisted").First(2),
		mailtest.RefuseRecipient("c@x.y", 550, "5.1.1", "no such user"),
	))
	config, st := storedConfig(t, server)
	r := runInVirtualTime(t, config, retrying(`retryCount: 5, store: true`))
	if r.err != nil {
		t.Fatal(r.err)
	}
	wantWaits(t, r.waits, time.Minute, 2*time.Minute)
	sent := r.outcome.Variables()["sent"]
	if got, want := fmt.Sprintf("%v %v %v", field(t, sent, "state"), field(t, sent, "attempts"), field(t, sent, "accepted")), "partial 3 [a@x.y b@x.y]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	rejected := field(t, sent, "rejected").([]any)
	if len(rejected) != 1 || text(t, rejected[0]) != "c@x.y: 550 5.1.1 no such user" {
		t.Errorf("rejected %v", rejected)
	}
	reply := r.outcome.Variables()["reply"]
	if got := text(t, reply); got != "550 5.1.1 no such user" || field(t, reply, "temporary") != false {
		t.Errorf("reply %s, temporary %v", got, field(t, reply, "temporary"))
	}
	mails := server.Mails()
	if len(mails) != 2 || !slices.Equal(mails[0].To, []string{"a@x.y"}) || !slices.Equal(mails[1].To, []string{"b@x.y"}) || string(mails[0].Raw) != string(mails[1].Raw) {
		t.Errorf("mails %+v", mails)
	}
	message := stored(t, st)
	if got := outcomes(message.Recipients); message.State != email.StatePartial || got != "a@x.y sent 250, b@x.y sent 250, c@x.y failed 550" {
		t.Errorf("state %s, %s", message.State, got)
	}
	var attempts []string
	for _, attempt := range message.Attempts {
		attempts = append(attempts, string(attempt.State)+": "+outcomes(attempt.Recipients))
	}
	want := []string{"partial: a@x.y sent 250, b@x.y failed 451, c@x.y failed 550", "partial: b@x.y failed 451", "partial: b@x.y sent 250"}
	if !slices.Equal(attempts, want) {
		t.Errorf("attempts %q", attempts)
	}
}

func TestUnknownIsRetriedOnlyWhenAsked(t *testing.T) {
	server := startSandbox(t, mailtest.WithFaults(mailtest.Drop(mailtest.StageDot).First(1)))
	config, st := storedConfig(t, server)
	r := runInVirtualTime(t, config, retrying(`retryCount: 2, retryUnknown: true, store: true`))
	if r.err != nil || field(t, r.outcome.Variables()["sent"], "state") != "sent" || r.outcome.Variables()["reply"] != nil {
		t.Errorf("result %v, %v", r.outcome.Variables(), r.err)
	}
	if message := stored(t, st); message.State != email.StateSent || len(message.Attempts) != 2 || message.Attempts[0].State != email.StateUnknown {
		t.Errorf("message %+v", message)
	}
}

func TestUnknownStaysUnknownWhenTheRetryFails(t *testing.T) {
	server := startSandbox(t, mailtest.WithFaults(
		mailtest.Drop(mailtest.StageDot).First(1),
		mailtest.Refuse(mailtest.StageMAIL, 550, "5.7.1", "no").After(1),
	))
	config, st := storedConfig(t, server)
	r := runInVirtualTime(t, config, retrying(`retryCount: 2, retryUnknown: true, store: true`))
	if r.err != nil || field(t, r.outcome.Variables()["sent"], "state") != "unknown" || field(t, r.outcome.Variables()["sent"], "attempts") != 2 {
		t.Errorf("result %v, %v", r.outcome.Variables(), r.err)
	}
	if message := stored(t, st); message.State != email.StateUnknown {
		t.Errorf("state %s", message.State)
	}
}

// heldWait is real time whose first wait says that it has begun.
type heldWait struct {
	runtime.Direct
	begun chan time.Duration
}

func (h heldWait) Sleep(ctx context.Context, d time.Duration) error {
	h.begun <- d
	return h.Direct.Sleep(ctx, d)
}

func TestCancellationEndsTheWaitForARetry(t *testing.T) {
	server := startSandbox(t, mailtest.WithFaults(mailtest.Greylist(0)))
	config, st := storedConfig(t, server)
	ctx, cancel := context.WithCancel(testContext(t))
	effects := heldWait{begun: make(chan time.Duration, 1)}
	p := program(t, config, strings.Replace(keptFlow, "store: true", "store: true, retryCount: 3", 1))
	done := make(chan *runtime.Outcome, 1)
	go func() {
		outcome, _ := p.Run(ctx, nil, runtime.WithEffects(effects), runtime.WithRunID("run-9"))
		done <- outcome
	}()
	<-effects.begun
	began := time.Now()
	cancel()
	outcome := <-done
	if took := time.Since(began); took > time.Second {
		t.Errorf("it took %s", took)
	} else {
		t.Logf("it took %s", took)
	}
	failure := outcome.Failures[0]
	if failure.Kind != runtime.KindCancelled || failure.Fields["state"] != "failed" || failure.Fields["attempts"] != 1 {
		t.Errorf("kind %q, fields %v", failure.Kind, failure.Fields)
	}
	if message := stored(t, st); message.State != email.StateFailed || message.InDoubt || len(message.Attempts) != 1 {
		t.Errorf("message %+v", message)
	}

	// The run goes on under its identifier with what is left, of wait and attempts.
	server.Script()
	var waits []time.Duration
	virtual := virtualtime.New(time.Now(), func(wait time.Duration) { waits = append(waits, wait) })
	again, err := p.Run(testContext(t), nil, runtime.WithEffects(virtual), runtime.WithRunID("run-9"))
	if err != nil || field(t, again.Variables()["sent"], "attempts") != 2 || len(server.Mails()) != 1 {
		t.Errorf("%v, %v, %d mails", again.Variables()["sent"], err, len(server.Mails()))
	}
	wantWaits(t, waits, time.Minute)
}

func TestTimeoutOfTheCallEndsTheWaits(t *testing.T) {
	server := startSandbox(t, mailtest.WithFaults(mailtest.Greylist(0)))
	r := runInVirtualTime(t, sandboxed(server),
		`sendEmail < to: "a@x.y", from: "f@x.y", subject: "s", message: "m", retryCount: 50, timeout: "10m" >`)
	if !errors.Is(r.err, &runtime.Error{Kind: runtime.KindTimeout}) {
		t.Fatalf("error %v", r.err)
	}
	var whole time.Duration
	for _, wait := range r.waits {
		whole += wait
	}
	if whole > 10*time.Minute || whole < 9*time.Minute {
		t.Errorf("waits %v: %s", r.waits, whole)
	}
	if failure := r.outcome.Failures[0]; failure.Fields["state"] != "failed" || failure.Fields["attempts"] == 1 {
		t.Errorf("fields %v", failure.Fields)
	}
}

func TestWaitsAreJittered(t *testing.T) {
	server := startSandbox(t, mailtest.WithFaults(mailtest.Greylist(0)))
	var jittered bool
	for range 3 {
		r := runInVirtualTime(t, sandboxed(server), retrying(`retryCount: 1`))
		jittered = jittered || len(r.waits) == 1 && r.waits[0] != time.Minute
	}
	if !jittered {
		t.Error("no wait is jittered")
	}
}

// A mail that somebody sends again during the wait does not come twice.
func TestMailThatIsSentAgainDuringTheWaitComesOnce(t *testing.T) {
	server := startSandbox(t, mailtest.WithFaults(mailtest.Greylist(0)))
	config, _ := storedConfig(t, server)
	resend := func(time.Duration) {
		server.Script()
		if _, err := email.Resend(t.Context(), config, 1, email.ResendOptions{}); err != nil {
			t.Error(err)
		}
	}
	flow := strings.Replace(keptFlow, "store: true", "store: true, retryCount: 3", 1)
	outcome, err := program(t, config, flow).Run(testContext(t), nil, runtime.WithEffects(virtualtime.New(time.Now(), resend)))
	if err != nil || field(t, outcome.Variables()["sent"], "state") != "sent" || len(server.Mails()) != 1 {
		t.Errorf("%v, %v, %d mails", outcome.Variables()["sent"], err, len(server.Mails()))
	}
}

// While somebody else sends the mail, nobody knows what becomes of it.
func TestMailThatSomebodyElseIsSendingIsUnknown(t *testing.T) {
	server := startSandbox(t, mailtest.WithFaults(mailtest.Greylist(0)))
	config, st := storedConfig(t, server)
	var claim email.Claim
	seize := func(time.Duration) {
		var err error
		if claim, err = st.Claim(t.Context(), 1, email.StateFailed); err != nil {
			t.Error(err)
		}
	}
	flow := strings.Replace(keptFlow, "store: true", "store: true, retryCount: 3", 1)
	outcome, err := program(t, config, flow).Run(testContext(t), nil, runtime.WithEffects(virtualtime.New(time.Now(), seize)))
	if err == nil {
		t.Fatal("it succeeded")
	}
	if failure := outcome.Failures[0]; failure.Kind != email.KindUnknown || failure.Fields["state"] != "unknown" ||
		!strings.Contains(failure.Message, "is being sent by another process") {
		t.Errorf("%s: %s, %v", failure.Kind, failure.Message, failure.Fields)
	}
	if err := claim.Done(t.Context(), email.Attempt{State: email.StateFailed}); err != nil {
		t.Error(err)
	}
}

// A mail that was sent to some of its open recipients during the wait goes to the
// others only.
func TestRecipientsWhoGotTheMailDuringTheWaitAreLeftOut(t *testing.T) {
	server := startSandbox(t, mailtest.WithFaults(mailtest.Greylist(3)))
	config, st := storedConfig(t, server)
	resend := func(time.Duration) {
		server.Script(mailtest.RefuseRecipient("b@x.y", 451, "4.7.1", "greylisted").First(1))
		if message, err := email.Resend(t.Context(), config, 1, email.ResendOptions{}); err == nil || message.State != email.StatePartial {
			t.Errorf("%s, %v", message.State, err)
		}
	}
	flow := strings.Replace(keptFlow, "store: true", "store: true, retryCount: 3", 1)
	outcome, err := program(t, config, flow).Run(testContext(t), nil, runtime.WithEffects(virtualtime.New(time.Now(), resend)))
	if err != nil || field(t, outcome.Variables()["sent"], "state") != "sent" {
		t.Fatalf("%v, %v", outcome.Variables()["sent"], err)
	}
	var to []string
	for _, mail := range server.Mails() {
		to = append(to, mail.To...)
	}
	if !slices.Equal(to, []string{"a@x.y", "c@x.y", "b@x.y"}) {
		t.Errorf("mails went to %q", to)
	}
	if message := stored(t, st); message.State != email.StateSent {
		t.Errorf("state %s", message.State)
	}
}

func TestMailIsNotLeftInDoubtWhenItCannotBeReadForARetry(t *testing.T) {
	server := startSandbox(t, mailtest.WithFaults(mailtest.RefuseRecipient("b@x.y", 451, "4.7.1", "greylisted")))
	config, st := storedConfig(t, server)
	config.Store = &brokenStore{Store: st, message: errors.New("the disk is gone")}
	r := runInVirtualTime(t, config, strings.Replace(keptFlow, "store: true", "store: true, retryCount: 3", 1))
	if r.err == nil || !strings.Contains(r.err.Error(), "message 1 of the store was not sent: the disk is gone") {
		t.Errorf("error %v", r.err)
	}
	message := stored(t, st)
	if got := outcomes(message.Recipients); message.State != email.StatePartial || got != "a@x.y sent 250, b@x.y failed 451, c@x.y sent 250" {
		t.Errorf("state %s, %s", message.State, got)
	}
	if len(message.Attempts) != 1 {
		t.Errorf("attempts %+v", message.Attempts)
	}
}
