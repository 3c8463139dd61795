package email_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"flowrun/builtins/email"
	"flowrun/builtins/email/mailtest"
	"flowrun/runtime"
)

const threeRecipients = `
sent = sendEmail <
  to: ["a@x.y", "b@x.y", "c@x.y"], from: "f@x.y", subject: "s", message: "m"
  responseCode: reply
>
`

func TestSentMailGivesItsResult(t *testing.T) {
	server := startSandbox(t)
	variables, err := runFlow(t, sandboxed(server), threeRecipients, nil)
	if err != nil {
		t.Fatal(err)
	}
	sent := variables["sent"]
	mail := onlyMail(t, server)
	for key, want := range map[string]any{
		"state": "sent", "id": nil, "attempts": 1, "tls": "TLS 1.3",
		"messageId": parsed(t, mail).Header("Message-ID"),
	} {
		if got := field(t, sent, key); got != want {
			t.Errorf("%s is %v, want %v", key, got, want)
		}
	}
	if got := field(t, sent, "accepted").([]any); !slices.Equal(got, []any{"a@x.y", "b@x.y", "c@x.y"}) {
		t.Errorf("accepted %v", got)
	}
	if got := field(t, sent, "rejected").([]any); len(got) != 0 {
		t.Errorf("rejected %v", got)
	}
	if got := field(t, sent, "response").(string); !strings.HasPrefix(got, "250 ") {
		t.Errorf("response %q", got)
	}
	if got, ok := field(t, sent, "duration").(time.Duration); !ok || got <= 0 {
		t.Errorf("duration %v", got)
	}
	if got := text(t, sent); got != "sent to 3 recipients" {
		t.Errorf("printed as %q", got)
	}
	if reply, set := variables["reply"]; !set || reply != nil {
		t.Errorf("responseCode is %v, want nil", reply)
	}
}

func TestOneBadRecipientOfThreeIsPartial(t *testing.T) {
	server := startSandbox(t, mailtest.WithFaults(mailtest.RefuseRecipient("b@x.y", 550, "5.1.1", "no such user")))
	variables, err := runFlow(t, sandboxed(server), threeRecipients, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := onlyMail(t, server).To; !slices.Equal(got, []string{"a@x.y", "c@x.y"}) {
		t.Errorf("delivered to %q", got)
	}
	sent, reply := variables["sent"], variables["reply"]
	if got := field(t, sent, "state"); got != "partial" {
		t.Errorf("state %v", got)
	}
	rejected := field(t, sent, "rejected").([]any)
	if len(rejected) != 1 || text(t, rejected[0]) != "b@x.y: 550 5.1.1 no such user" {
		t.Fatalf("rejected %v", rejected)
	}
	for key, want := range map[string]any{"address": "b@x.y", "code": 550, "enhanced": "5.1.1", "text": "no such user", "temporary": false} {
		if got := field(t, rejected[0], key); got != want {
			t.Errorf("rejected %s is %v, want %v", key, got, want)
		}
	}
	if got := text(t, reply); got != "550 5.1.1 no such user" {
		t.Errorf("responseCode prints %q", got)
	}
	if got := field(t, reply, "recipients").([]any); !slices.Equal(got, []any{"b@x.y"}) {
		t.Errorf("recipients %v", got)
	}
	if got := text(t, sent); got != "sent to 2 of 3 recipients" {
		t.Errorf("printed as %q", got)
	}
}

func TestFailuresFillResponseCode(t *testing.T) {
	for name, c := range map[string]struct {
		fault     mailtest.Fault
		print     string
		code      int
		temporary bool
		state     string
	}{
		"refused for good":  {mailtest.Refuse(mailtest.StageMAIL, 550, "5.7.1", "go away"), "550 5.7.1 go away", 550, false, "failed"},
		"greylisted":        {mailtest.Greylist(3), "451 4.7.1 Greylisted, please try again later", 451, true, "failed"},
		"refused content":   {mailtest.Refuse(mailtest.StageDot, 554, "5.6.0", "spam"), "554 5.6.0 spam", 554, false, "failed"},
		"hung up":           {mailtest.Drop(mailtest.StageMAIL), "send to smtp.sandbox.example:587: ", 0, true, "failed"},
		"cut after the dot": {mailtest.Drop(mailtest.StageDot), "send to smtp.sandbox.example:587: ", 0, false, "unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			server := startSandbox(t, mailtest.WithFaults(c.fault))
			variables, err := runFlow(t, sandboxed(server), threeRecipients, nil)
			if err != nil {
				t.Fatal(err)
			}
			reply := variables["reply"]
			if got := text(t, reply); !strings.HasPrefix(got, c.print) {
				t.Errorf("prints %q, want %q", got, c.print)
			}
			if got := field(t, reply, "code"); got != c.code {
				t.Errorf("code %v, want %d", got, c.code)
			}
			if got := field(t, reply, "temporary"); got != c.temporary {
				t.Errorf("temporary %v, want %v", got, c.temporary)
			}
			if got := field(t, reply, "recipients").([]any); len(got) != 3 {
				t.Errorf("recipients %v, want all three", got)
			}
			if got := field(t, variables["sent"], "state"); got != c.state {
				t.Errorf("state %v, want %s", got, c.state)
			}
			if len(server.Mails()) != 0 {
				t.Error("a mail was captured")
			}
		})
	}
}

func TestFailureHasItsKindAndItsPlace(t *testing.T) {
	const flow = `sendEmail <
  to: "a@x.y", from: "f@x.y", subject: "s", message: "m"
  server: "smtp.example.com", smtp: { user: "u", password: secret("P") }
>`
	for name, c := range map[string]struct {
		options []mailtest.Option
		kind    runtime.Kind
		want    string
	}{
		"refused":       {[]mailtest.Option{mailtest.WithFaults(mailtest.Refuse(mailtest.StageMAIL, 550, "5.7.1", "no"))}, email.KindSMTP, "test.flow:1:1: sendEmail: send to smtp.example.com:587"},
		"no STARTTLS":   {[]mailtest.Option{mailtest.WithoutExtension("STARTTLS")}, email.KindTLS, "test.flow:3:11: "},
		"bad password":  {[]mailtest.Option{mailtest.WithCredentials("u", "other")}, email.KindAuth, "test.flow:3:37: "},
		"too large":     {[]mailtest.Option{mailtest.WithMaxSize(10)}, email.KindSize, "test.flow:2:54: "},
		"hung up":       {[]mailtest.Option{mailtest.WithFaults(mailtest.Drop(mailtest.StageMAIL))}, email.KindConnection, "test.flow:3:11: "},
		"after the dot": {[]mailtest.Option{mailtest.WithFaults(mailtest.Drop(mailtest.StageDot))}, email.KindUnknown, "the mail may have arrived all the same"},
	} {
		t.Run(name, func(t *testing.T) {
			server := startSandbox(t, c.options...)
			failure := wantError(t, sandboxed(server), flow, nil, c.want)
			if failure.Kind != c.kind {
				t.Errorf("kind %q, want %q", failure.Kind, c.kind)
			}
			if strings.Contains(failure.Error()+text(t, failure.Fields), "secret P") {
				t.Error("the password shows")
			}
		})
	}
}

func TestCatchGetsTheResultsFields(t *testing.T) {
	server := startSandbox(t, mailtest.WithFaults(mailtest.RefuseRecipient("b@x.y", 450, "4.2.1", "full")))
	variables, err := runFlow(t, sandboxed(server), `
		sent = sendEmail < to: "a@x.y, b@x.y", from: "f@x.y", subject: "s", message: "m" > catch failure {
			seen = "${failure.kind} ${failure.state} ${failure.reply.code} ${failure.rejected[0].address}: ${failure.message}"
		}`, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := "smtp partial 450 b@x.y: 1 of 2 recipients got no mail: send to smtp.sandbox.example:587: recipient b@x.y: 450 4.2.1 full"
	if variables["seen"] != want {
		t.Errorf("got  %v\nwant %s", variables["seen"], want)
	}
	if got := field(t, variables["sent"], "state"); got != "partial" {
		t.Errorf("state %v", got)
	}
}

func TestResponseCodeTakesFaultsWithoutReply(t *testing.T) {
	server := startSandbox(t)
	variables, err := runFlow(t, sandboxed(server), `
		x = "bob"
		sendEmail < to: "${x}, a@x.y", from: "f@x.y", subject: "s", message: "m", responseCode: reply >`, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := text(t, variables["reply"]); !strings.Contains(got, `"bob" is not an address`) {
		t.Errorf("responseCode prints %q", got)
	}
	if got := field(t, variables["reply"], "code"); got != 0 {
		t.Errorf("code %v", got)
	}
}

func TestTimeoutEndsASilentServer(t *testing.T) {
	server := startSandbox(t, mailtest.WithFaults(mailtest.Stall(mailtest.StageMAIL)))
	failure := wantError(t, sandboxed(server),
		`sendEmail < to: "a@x.y", from: "f@x.y", subject: "s", message: "m", timeout: "200ms" >`, nil, "did not end within 200ms")
	if failure.Kind != runtime.KindTimeout {
		t.Errorf("kind %q", failure.Kind)
	}
}

func TestCancellationEndsAStalledSend(t *testing.T) {
	server := startSandbox(t, mailtest.WithFaults(mailtest.Stall(mailtest.StageDot)))
	p := program(t, sandboxed(server), `sendEmail < to: "a@x.y", from: "f@x.y", subject: "s", message: "m", responseCode: r >`)
	ctx, cancel := context.WithCancel(testContext(t))
	ended := make(chan error, 1)
	go func() {
		_, err := p.Run(ctx, nil)
		ended <- err
	}()
	if err := server.WaitForStage(testContext(t), mailtest.StageDot, 1); err != nil {
		t.Fatal(err)
	}
	cancel()
	select {
	case err := <-ended:
		if !errors.Is(err, &runtime.Error{Kind: runtime.KindCancelled}) {
			t.Errorf("error %v, want the run cancelled", err)
		}
	case <-testContext(t).Done():
		t.Fatal("the run did not end")
	}
}

func TestDryRunMakesTheMailAndConnectsToNothing(t *testing.T) {
	variables, err := runFlow(t, email.Config{}, `
		sent = sendEmail < to: "a@x.y, b@x.y", from: "f@x.y", subject: "s", message: "m", dryRun: true >`, nil)
	if err != nil {
		t.Fatal(err)
	}
	sent := variables["sent"]
	if field(t, sent, "state") != "dryRun" || field(t, sent, "attempts") != 0 || text(t, sent) != "dry run for 2 recipients" {
		t.Errorf("got %v", text(t, sent))
	}
	wantError(t, email.Config{}, `input x = "bob"
		sendEmail < to: x, from: "f@x.y", subject: "s", message: "m", dryRun: true >`, nil, `"bob" is not an address`)
}

func TestMessageIDBelongsToTheCallOfTheRun(t *testing.T) {
	const flow = `
		for i in 1..2 { x = sendEmail < to: "a@x.y", from: "f@shop.example", subject: "s", message: "m", dryRun: true >
			if i == 1 { first = x.messageId } else { second = x.messageId } }`
	p := program(t, email.Config{}, flow)
	ids := func(run string) []any {
		outcome, err := p.Run(testContext(t), nil, runtime.WithRunID(run))
		if err != nil {
			t.Fatal(err)
		}
		return []any{outcome.Variables()["first"], outcome.Variables()["second"]}
	}
	one, again, other := ids("one"), ids("one"), ids("other")
	if !slices.Equal(one, again) {
		t.Errorf("the same run gave %v and %v", one, again)
	}
	if one[0] == one[1] || one[0] == other[0] {
		t.Errorf("two calls share an id: %v, %v", one, other)
	}
	if id := one[0].(string); !strings.HasSuffix(id, "@shop.example>") {
		t.Errorf("id %q", id)
	}
}

func TestFailureBeforeConnectingHasTheFieldsOfAResult(t *testing.T) {
	variables, err := runFlow(t, email.Config{}, `
		sent = sendEmail < to: "a@x.y", from: "f@x.y", subject: "s", message: "m" > catch failure {
			seen = "${failure.kind} ${failure.state} ${failure.attempts} ${failure.accepted}"
		}`, nil)
	if err != nil {
		t.Fatal(err)
	}
	if variables["seen"] != "server failed 0 []" {
		t.Errorf("got %v", variables["seen"])
	}
	if got := text(t, variables["sent"]); got != "failed" {
		t.Errorf("the result prints as %q", got)
	}
}

func TestTimeoutFillsResponseCodeWithItsReason(t *testing.T) {
	server := startSandbox(t, mailtest.WithFaults(mailtest.Stall(mailtest.StageMAIL)))
	variables, err := runFlow(t, sandboxed(server),
		`sendEmail < to: "a@x.y", from: "f@x.y", subject: "s", message: "m", timeout: "200ms", responseCode: reply >`, nil)
	if err != nil {
		t.Fatal(err)
	}
	reply := variables["reply"]
	if text(t, reply) != "did not end within 200ms; the mail was not sent" || field(t, reply, "code") != 0 || field(t, reply, "temporary") != true {
		t.Errorf("responseCode is %v, temporary %v", text(t, reply), field(t, reply, "temporary"))
	}
}

func TestMailThatMayHaveArrivedIsToldWhenTheCallIsEnded(t *testing.T) {
	server := startSandbox(t, mailtest.WithFaults(mailtest.Stall(mailtest.StageDot)))
	config, _ := storedConfig(t, server)
	failure := wantError(t, config, strings.Replace(keptFlow, "store: true", `store: true, timeout: "200ms"`, 1), nil, "did not end within 200ms; the mail <")
	if !strings.Contains(failure.Message, `may have arrived all the same; "flowrun messages show 1" tells what is known`) ||
		failure.Kind != runtime.KindTimeout || failure.Fields["state"] != "unknown" {
		t.Errorf("%s, state %v: %s", failure.Kind, failure.Fields["state"], failure.Message)
	}
}

func TestReasonOfTheRetriesIsToldWhenTheCallIsEndedInAWait(t *testing.T) {
	server := startSandbox(t, mailtest.WithFaults(mailtest.Greylist(100)))
	wantError(t, sandboxed(server), `sendEmail < to: "a@x.y", from: "f@x.y", subject: "s", message: "m", retryCount: 5, timeout: "200ms" >`, nil,
		"did not end within 200ms; send to smtp.sandbox.example:587: recipient a@x.y: 451 4.7.1 Greylisted")
}

func TestEveryFailureHasAReply(t *testing.T) {
	server := startSandbox(t, mailtest.WithFaults(mailtest.Refuse(mailtest.StageMAIL, 550, "5.7.1", "no")))
	for name, c := range map[string]struct{ settings, want string }{
		"a setting":   {`to: "a@x.y", subject: string(1) + "\nx"`, "0 subject: a line break"},
		"a template":  {`to: "${"a\nb"} <a@x.y>"`, "0 to: "},
		"the server":  {`to: "a@x.y"`, "550 550 5.7.1 no"},
		"no contacts": {`to: "a@x.y", contactIds: 7`, "0 contactIds: contact 7 is not in the store"},
	} {
		t.Run(name, func(t *testing.T) {
			config, _ := storedConfig(t, server)
			variables, err := runFlow(t, config, `sendEmail < from: "f@x.y", message: "m", `+c.settings+` > catch e { seen = "${e.reply.code} ${e.reply}" }`, nil)
			if err != nil || !strings.HasPrefix(variables["seen"].(string), c.want) {
				t.Errorf("seen %v, %v", variables["seen"], err)
			}
		})
	}
}

func TestAddressesOutsideASCIIGoByTheirNames(t *testing.T) {
	const flow = `sendEmail < to: "Андрій <андрій@пошта.example>", from: "f@x.y", subject: "s", message: "m" >`
	server := startSandbox(t)
	mail := delivered(t, server, flow, nil)
	if !mail.UTF8 || !strings.HasPrefix(mail.To[0], "андрій@xn--") {
		t.Errorf("sent to %q, SMTPUTF8 %v", mail.To, mail.UTF8)
	}
	if got := parsed(t, mail).Header("To"); !strings.HasPrefix(got, "Андрій <андрій@xn--") {
		t.Errorf("To is %q", got)
	}
	without := startSandbox(t, mailtest.WithoutExtension("SMTPUTF8"))
	if failure := wantError(t, sandboxed(without), flow, nil, "SMTPUTF8"); failure.Kind != email.KindUnsupported {
		t.Errorf("kind %q", failure.Kind)
	}
}

func TestHTMLValueIsNoPlainText(t *testing.T) {
	server := startSandbox(t)
	wantError(t, sandboxed(server), `
		body = html("<p>hi</p>")
		sendEmail < to: "a@x.y", from: "f@x.y", subject: "s", message: body >`, nil, "html")
}

func TestCallThatNeverStartedHasAResultToo(t *testing.T) {
	server := startSandbox(t)
	for name, settings := range map[string]string{
		"a setting": `to: "${x} <a@x.y>", subject: "s"`,
		"the limit": `to: "a@x.y", subject: "s", limit: 1`,
	} {
		variables, err := runFlow(t, sandboxed(server), `
			x = "a\nb"
			for i in 1..2 {
				sent = sendEmail < from: "f@x.y", message: "m", responseCode: reply, `+settings+` > catch e {
					caught = "${e.state} ${len(e.accepted)}"
				}
			}
			seen = "${sent.state} ${sent.attempts} ${sent.id == nil}"`, nil)
		if err != nil {
			t.Fatal(err)
		}
		if variables["seen"] != "failed 0 true" || variables["caught"] != "failed 0" {
			t.Errorf("%s: %v, caught %v", name, variables["seen"], variables["caught"])
		}
	}
}
