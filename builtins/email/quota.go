package email

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"flowrun/runtime"
	"flowrun/runtime/value"
)

// countMail counts one mail of a run, also one that is only tried or that fails,
// or fails when the run has had as many as the host allows: mails take time
// before they are sent, which no step of the run counts.
func (c *component) countMail(call *runtime.Call) error {
	if call.Tally("sendEmail mails") <= c.config.Limits.Mails {
		return nil
	}
	return &runtime.Failure{
		Kind:    KindQuota,
		Message: fmt.Sprintf("this run has made %d mails, the most that the host allows", c.config.Limits.Mails),
	}
}

// QuotaLimits bound what goes in a time. A zero field is no bound, but for Per.
type QuotaLimits struct {
	Mails      int           // each once, however often it is tried
	Recipients int           // of all mails together
	Per        time.Duration // 24 hours when 0
}

// Quota bounds the mails of all runs that share it, those of one customer say, by
// its method Permit. It is a token bucket in memory: as much as the limits may go
// at once, and room for more comes back evenly, all of it in the time Per. It
// begins anew with the process.
type Quota struct {
	per   time.Duration
	mutex sync.Mutex
	parts []quotaPart
}

// quotaPart bounds one thing.
type quotaPart struct {
	what   string
	most   int
	count  func(Envelope) int
	bucket *rate.Limiter
}

// NewQuota makes a Quota. It is safe for concurrent use.
func NewQuota(limits QuotaLimits) *Quota {
	q := &Quota{per: limits.Per}
	if q.per <= 0 {
		q.per = 24 * time.Hour
	}
	q.bound("mails", limits.Mails, func(Envelope) int { return 1 })
	q.bound("recipients", limits.Recipients, func(mail Envelope) int { return len(mail.Recipients) })
	return q
}

func (q *Quota) bound(what string, most int, count func(Envelope) int) {
	if most > 0 {
		bucket := rate.NewLimiter(rate.Limit(float64(most)/q.per.Seconds()), most)
		q.parts = append(q.parts, quotaPart{what, most, count, bucket})
	}
}

// Permit counts the mail, or fails with kind "quota". It is for Config.Permit, or
// for a function there that asks more.
func (q *Quota) Permit(_ context.Context, mail Envelope) error {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	for _, part := range q.parts {
		if missing := float64(part.count(mail)) - part.bucket.TokensAt(mail.Time); missing > 0 {
			return part.exceeded(q.per, mail, missing)
		}
	}
	for _, part := range q.parts {
		part.bucket.AllowN(mail.Time, part.count(mail))
	}
	return nil
}

func (p *quotaPart) exceeded(per time.Duration, mail Envelope, missing float64) error {
	failure := &runtime.Failure{
		Kind:    KindQuota,
		Message: fmt.Sprintf("the host allows %d %s in %s, and this mail would be more", p.most, p.what, value.FormatDuration(per)),
	}
	if p.count(mail) <= p.most {
		wait := time.Duration(missing / float64(p.bucket.Limit()) * float64(time.Second)).Round(time.Second)
		failure.Hint = "there is room for it in " + value.FormatDuration(max(wait, time.Second))
	}
	return failure
}
