package email_test

import (
	"context"
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

// A run that is interrupted in an attempt goes on, when it is done again, with those
// who had not got the mail and were not refused for good, and with its count.
func TestInterruptedAttemptIsMadeUpFor(t *testing.T) {
	refused := mailtest.RefuseRecipient("c@x.y", 550, "5.1.1", "no such user")
	later := mailtest.RefuseRecipient("b@x.y", 451, "4.3.0", "later")
	alsoLater := mailtest.RefuseRecipient("a@x.y", 451, "4.3.0", "later")
	for name, c := range map[string]struct {
		count   int
		faults  []mailtest.Fault // of the attempts before the interrupted one
		state   email.State      // after the interruption
		resumed string
		asked   []string
	}{
		"partial":              {3, []mailtest.Fault{later, refused}, email.StatePartial, "partial 3 [a@x.y b@x.y]", []string{"b@x.y"}},
		"failed":               {3, []mailtest.Fault{later, alsoLater, refused}, email.StateFailed, "partial 3 [a@x.y b@x.y]", []string{"a@x.y", "b@x.y"}},
		"in the last retry":    {1, []mailtest.Fault{later, refused}, email.StatePartial, "partial 3 [a@x.y b@x.y]", []string{"b@x.y"}},
		"in the first attempt": {3, nil, email.StateFailed, "sent 2 [a@x.y b@x.y c@x.y]", []string{"a@x.y", "b@x.y", "c@x.y"}},
		"in the only attempt":  {0, nil, email.StateFailed, "sent 2 [a@x.y b@x.y c@x.y]", []string{"a@x.y", "b@x.y", "c@x.y"}},
	} {
		t.Run(name, func(t *testing.T) {
			server := startSandbox(t)
			config, st := storedConfig(t, server)
			config.Pool = newPool(t, email.PoolLimits{Idle: -1})
			p := program(t, config, retrying(fmt.Sprintf(`store: true, retryCount: %d`, c.count)))
			ctx, interrupt := context.WithCancel(testContext(t))
			stall := func(time.Duration) { server.Script(mailtest.Stall(mailtest.StageMAIL)) }
			attempts := 2
			if server.Script(c.faults...); c.faults == nil {
				attempts = 1
				stall(0)
			}
			done := make(chan error, 1)
			go func() {
				_, err := p.Run(ctx, nil, runtime.WithRunID("run-9"), runtime.WithEffects(virtualtime.New(time.Now(), stall)))
				done <- err
			}()
			if err := server.WaitForStage(testContext(t), mailtest.StageMAIL, attempts); err != nil {
				t.Fatal(err)
			}
			interrupt()
			if err := <-done; err == nil {
				t.Error("the interrupted run succeeded")
			}
			message := stored(t, st)
			last := message.Attempts[len(message.Attempts)-1]
			if message.State != c.state || !strings.HasSuffix(last.Error, email.Interruption) {
				t.Fatalf("after the interruption: %s, %q", message.State, last.Error)
			}
			server.Script()
			server.Forget()
			var waits []time.Duration
			effects := virtualtime.New(time.Now(), func(d time.Duration) { waits = append(waits, d) })
			outcome, err := p.Run(testContext(t), nil, runtime.WithRunID("run-9"), runtime.WithEffects(effects))
			if err != nil || len(waits) != 0 {
				t.Errorf("waits %v, %v", waits, err)
			}
			sent := outcome.Variables()["sent"]
			if got := fmt.Sprint(field(t, sent, "state"), " ", field(t, sent, "attempts"), " ", field(t, sent, "accepted")); got != c.resumed {
				t.Errorf("%s, want %s", got, c.resumed)
			}
			var asked []string
			for _, command := range server.Commands() {
				if address, ok := strings.CutPrefix(command.Line, "RCPT TO:<"); ok {
					asked = append(asked, address[:strings.IndexByte(address, '>')])
				}
			}
			if !slices.Equal(asked, c.asked) {
				t.Errorf("asked for %q, want %q", asked, c.asked)
			}
		})
	}
}
