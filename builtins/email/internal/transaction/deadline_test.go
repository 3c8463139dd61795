package transaction_test

import (
	"testing"
	"time"

	"flowrun/builtins/email/internal/transaction"
)

// A server that takes its time with each reply has it for each reply, also over a
// socket whose deadline was set for an earlier one.
func TestLimitsOfTimeAreForEachSilence(t *testing.T) {
	const limit, pause = 1200 * time.Millisecond, 400 * time.Millisecond
	server, _ := play(t, func(s *scripted) {
		s.greet()
		for range 2 {
			for _, reply := range []string{"250 ok", "250 ok", "354 go", "250 taken"} {
				if reply == "250 taken" {
					s.content()
				} else {
					s.hear()
				}
				<-time.After(pause)
				s.say(reply)
			}
		}
	})
	server.Timeouts = transaction.Timeouts{Command: limit, Content: limit, Dot: limit}
	session, err := transaction.Connect(soon(t), server)
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	for range 2 {
		wantSent(t, session.Send(soon(t), to("bob@b.example"), spool(t, letter)))
	}
}
