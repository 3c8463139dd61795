package email

import (
	"strings"
	"time"

	"flowrun/builtins/email/internal/transaction"
	"flowrun/runtime"
	"flowrun/runtime/value"
)

const (
	defaultRetryDelay = time.Second
	// longestWait bounds every wait before another attempt.
	longestWait = 5 * time.Minute
	// greylistDelay takes the place of a shorter retryDelay where a server wants
	// to be asked again later (RFC 6647 section 5).
	greylistDelay = time.Minute
	// jitter is the part by which a wait is made longer or shorter, so that mails
	// that failed together do not come back together.
	jitter = 0.2
)

// retryDelay is the wait before the first extra attempt.
func (s *Settings) retryDelay() time.Duration {
	if s.RetryDelay == nil {
		return defaultRetryDelay
	}
	return *s.RetryDelay
}

// checkRetryDelay refuses what a run finds in retryDelay and cannot use.
func (s *Settings) checkRetryDelay() error {
	if fault := retryDelayFault(s.retryDelay()); fault != "" {
		return &runtime.Failure{Kind: runtime.KindValue, Setting: "retryDelay", Message: fault}
	}
	return nil
}

func retryDelayFault(d time.Duration) string {
	if d > 0 && d <= longestWait {
		return ""
	}
	return "retryDelay is " + value.FormatDuration(d) + ", want more than 0s and at most " + value.FormatDuration(longestWait)
}

// checkRetries finds a delay that cannot be, and what does nothing without
// retryCount.
func checkRetries(k *runtime.Check) {
	delay, constant := k.Constant("retryDelay")
	if text, ok := constantText(delay); constant && ok {
		if d, err := value.ParseDuration(text); err == nil {
			delay = d
		}
	}
	if d, ok := delay.(time.Duration); constant && ok {
		if fault := retryDelayFault(d); fault != "" {
			k.Errorf("retryDelay", "", "%s", fault)
		}
	}
	count, constant := k.Constant("retryCount")
	if k.Has("retryCount") && !(constant && count == 0) {
		return
	}
	for _, key := range []string{"retryDelay", "retryUnknown"} {
		if v, constant := k.Constant(key); k.Has(key) && !(constant && v == false) {
			k.Warnf(key, "add retryCount: 3", "%s does nothing without retryCount", key)
		}
	}
}

// backoff is the wait before the extra attempt with this number, from 1: delay,
// doubled each time, one minute at first after greylisting, and never above
// longestWait. random changes it by up to a fifth either way.
func backoff(delay time.Duration, number int, greylisted bool, random uint64) time.Duration {
	if greylisted {
		delay = max(delay, greylistDelay)
	}
	for ; number > 1 && delay < longestWait; number-- {
		delay *= 2
	}
	delay = min(delay, longestWait)
	part := float64(random>>11) / (1 << 53) // [0, 1)
	return min(longestWait, time.Duration(float64(delay)*(1-jitter+2*jitter*part)))
}

// isGreylisting reports a reply by which a server puts unknown senders off on
// purpose: 450 or 451 with an enhanced code of security and policy, 4.7.x, or any
// temporary refusal that says so.
func isGreylisting(reply transaction.Reply) bool {
	if !reply.Temporary() {
		return false
	}
	if (reply.Code == 450 || reply.Code == 451) && strings.HasPrefix(reply.Enhanced, "4.7.") {
		return true
	}
	text := strings.NewReplacer("-", "", " ", "", "gray", "grey").Replace(strings.ToLower(reply.Text))
	return strings.Contains(text, "greylist")
}
