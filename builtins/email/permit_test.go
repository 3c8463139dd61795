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
	"flowrun/runtime"
	"flowrun/runtime/virtualtime"
)

func TestTheHostIsAskedAboutEachMailBeforeAnythingConnects(t *testing.T) {
	server := startSandbox(t)
	config := sandboxed(server)
	var asked []email.Envelope
	config.Permit = func(_ context.Context, mail email.Envelope) error {
		asked = append(asked, mail)
		if mail.From != "shop@acme.example" {
			return fmt.Errorf("acme may not send as %s", mail.From)
		}
		return nil
	}
	variables, err := runFlow(t, config, permitFlow, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(variables["kind"], ": ", variables["text"], ", ", variables["state"]); got !=
		"forbidden: the host does not permit this mail: acme may not send as boss@bank.example, failed" {
		t.Errorf("got %s", got)
	}
	if len(asked) != 2 || len(server.Mails()) != 1 {
		t.Fatalf("asked about %v, %d mails came", asked, len(server.Mails()))
	}
	first := asked[0]
	if first.Sender != "desk@acme.example" || !slices.Equal(first.Recipients, []string{"a@x.y", "b@x.y", "c@x.y"}) ||
		first.Server != "smtp://mail.acme.example:587" || first.Size == 0 || first.Run == "" || first.Flow != "test.flow" || first.Time.IsZero() {
		t.Errorf("asked about %+v", first)
	}
}

const permitFlow = `
sendEmail < from: "shop@acme.example", sender: "desk@acme.example", to: ["a@x.y", "b@x.y", "a@x.y"], bcc: "c@x.y", subject: "s", message: "m", server: "mail.acme.example" >
sendEmail < to: "a@x.y", subject: "s", message: "m", dryRun: true >
sendEmail < from: "boss@bank.example", to: "a@x.y", subject: "s", message: "m" > catch e {
  kind = e.kind
  text = e.message
  state = e.state
}
`

func TestTheHostIsToldWhatTheReaderOfAMailSees(t *testing.T) {
	config := sandboxed(startSandbox(t))
	var asked []email.Envelope
	config.Permit = func(_ context.Context, mail email.Envelope) error {
		asked = append(asked, mail)
		return nil
	}
	if _, err := runFlow(t, config, disguisedFlow, nil); err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{
		`"me@acme.example" "boss@bank.example" "desk@acme.example" "The Bank" [The Bank <boss@bank.example>] "Pay"`,
		`"me@acme.example" "" "me@acme.example" "" [] ""`,
	} {
		mail := asked[i]
		if got := fmt.Sprintf("%q %q %q %q %v %q", mail.From, mail.FromName, mail.Sender, mail.SenderName, mail.ReplyTo, mail.Subject); got != want {
			t.Errorf("asked about\n%s, want\n%s", got, want)
		}
	}
}

const disguisedFlow = `
sendEmail < from: "\"boss@bank.example\" <me@acme.example>", sender: "The Bank <desk@acme.example>", replyTo: "The Bank <boss@bank.example>", to: "a@x.y", subject: "Pay", message: "m" >
sendEmail < from: "me@acme.example", to: "a@x.y", message: "m" >
`

func TestAQuotaBoundsTheMailsOfAllRunsThatShareIt(t *testing.T) {
	server := startSandbox(t)
	config := sandboxed(server)
	config.Permit = email.NewQuota(email.QuotaLimits{Mails: 2, Recipients: 5, Per: time.Hour}).Permit
	send := program(t, config, `
input to: list
input wait: duration = "0s"
sleep < for: wait >
sendEmail < from: "f@x.y", to: to, subject: "s", message: "m" >
`)
	start := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	run := func(wait time.Duration, to ...string) error {
		_, err := send.Run(testContext(t), runtime.Inputs{"to": to, "wait": wait}, runtime.WithEffects(virtualtime.New(start, nil)))
		return err
	}
	three := []string{"a@x.y", "b@x.y", "c@x.y"}
	for _, c := range []struct {
		name string
		wait time.Duration
		to   []string
		want string
	}{
		{"the first", 0, three, ""},
		{"more recipients than are left", 0, three, "the host allows 5 recipients in 1h, and this mail would be more"},
		{"as many as are left", 0, three[:2], ""},
		{"a mail too many", 0, three[:1], "the host allows 2 mails in 1h, and this mail would be more"},
		{"when there is room again", 31 * time.Minute, three[:1], ""},
	} {
		err := run(c.wait, c.to...)
		var failed *runtime.Error
		switch errors.As(err, &failed); {
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", c.name, err)
		case c.want != "" && (failed == nil || failed.Kind != email.KindQuota || failed.Message != c.want || !strings.HasPrefix(failed.Hint, "there is room for it in ")):
			t.Errorf("%s: got %v", c.name, err)
		}
	}
	if n := len(server.Mails()); n != 3 {
		t.Errorf("%d mails came, want 3", n)
	}
}
