package email

import (
	"math"
	"testing"
	"time"

	"flowrun/builtins/email/internal/transaction"
)

func TestBackoffDoublesWithinItsJitter(t *testing.T) {
	const s, m = time.Second, time.Minute
	for _, c := range []struct {
		delay      time.Duration
		number     int
		greylisted bool
		low, high  time.Duration
	}{
		{s, 1, false, 800 * time.Millisecond, 1200 * time.Millisecond},
		{s, 2, false, 1600 * time.Millisecond, 2400 * time.Millisecond},
		{s, 5, false, 12800 * time.Millisecond, 19200 * time.Millisecond},
		{s, 9, false, 204800 * time.Millisecond, 5 * m},
		{s, 100, false, 4 * m, 5 * m},
		{5 * m, 1, false, 4 * m, 5 * m},
		{s, 1, true, 48 * s, 72 * s},
		{s, 2, true, 96 * s, 144 * s},
		{s, 100, true, 4 * m, 5 * m},
		{2 * m, 1, true, 96 * s, 144 * s},
		{1, 1, false, 0, 1},
	} {
		low, high := backoff(c.delay, c.number, c.greylisted, 0), backoff(c.delay, c.number, c.greylisted, math.MaxUint64)
		if low != c.low || high < c.high-time.Microsecond || high > c.high {
			t.Errorf("attempt %d after %s, greylisted %v: %s to %s, want %s to %s", c.number, c.delay, c.greylisted, low, high, c.low, c.high)
		}
	}
}

func TestGreylistingIsToldFromOtherRefusals(t *testing.T) {
	for reply, want := range map[transaction.Reply]bool{
		{Code: 451, Enhanced: "4.7.1", Text: "try again later"}:         true,
		{Code: 450, Enhanced: "4.7.0"}:                                  true,
		{Code: 450, Enhanced: "4.2.0", Text: "Recipient is Greylisted"}: true,
		{Code: 421, Text: "GRAYLISTED, come back in 5 minutes"}:         true,
		{Code: 452, Text: "grey-listing in action"}:                     true,
		{Code: 452, Enhanced: "4.7.1", Text: "later"}:                   false,
		{Code: 451, Enhanced: "4.3.0", Text: "later"}:                   false,
		{Code: 550, Enhanced: "5.7.1", Text: "greylisting failed"}:      false,
		{}: false,
	} {
		if got := isGreylisting(reply); got != want {
			t.Errorf("%s: %v", reply, got)
		}
	}
}
