package email

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"flowrun/builtins/email/internal/transaction"
	"flowrun/runtime"
	"flowrun/runtime/value"
)

// delivery is a mail on its way to its server, in one attempt or several.
type delivery struct {
	component *component
	call      *runtime.Call
	to        *destination
	message   Message // as the store keeps it
	spool     *transaction.Spool
	outbox    *outbox // nil: nothing is kept

	extra        int // attempts after the first
	delay        time.Duration
	retryUnknown bool

	attempts int       // made so far
	before   int       // the message's attempts before these
	byOthers int       // those that somebody else made during the waits
	outcome  progress  // of them
	waiting  time.Time // since when, for a resumed call; else zero
	waited   bool      // for a resumed call: its wait was over when it was interrupted
}

// run makes attempts until every recipient has the mail or is refused for good, or
// no more are left. It gives the outcome of all of them, and an error when this
// could not be noted, or what ended the wait for another attempt.
func (d *delivery) run(ctx context.Context) (transaction.Result, error) {
	for d.attempts == 0 || d.goesOn(ctx) {
		if d.attempts > 0 {
			if err := d.wait(ctx); err != nil {
				return d.outcome.result(), err
			}
		}
		if err := d.try(ctx); err != nil {
			return d.outcome.result(), err
		}
	}
	return d.outcome.result(), nil
}

// goesOn reports whether another attempt is to be made.
func (d *delivery) goesOn(ctx context.Context) bool {
	return d.attempts <= d.extra && len(d.outcome.open) > 0 && ctx.Err() == nil
}

// wait lets the time pass that is to be between two attempts.
func (d *delivery) wait(ctx context.Context) error {
	if d.waited {
		d.waited, d.waiting = false, time.Time{}
		return nil
	}
	wait := backoff(d.delay, d.attempts, d.outcome.greylisted, d.call.Random())
	if !d.waiting.IsZero() {
		wait -= min(wait, max(0, d.call.Now().Sub(d.waiting)))
		d.waiting = time.Time{}
	}
	d.call.Tell(fmt.Sprintf("attempt %d of %d: %v; the next one in %s", d.attempts, d.extra+1, d.outcome.last.Err, value.FormatDuration(wait.Round(time.Millisecond))))
	return d.call.Sleep(ctx, wait)
}

// try makes one attempt for the recipients that are open and notes it.
func (d *delivery) try(ctx context.Context) error {
	if d.attempts > 0 && d.outbox != nil {
		if err := d.claim(ctx); err != nil || len(d.outcome.open) == 0 {
			return err
		}
	}
	sent := d.component.attempt(ctx, d.to, d.outcome.envelope(d.message), d.spool)
	d.attempts++
	d.outcome.add(sent, d.retryUnknown)
	if d.outbox == nil {
		return nil
	}
	return d.outbox.note(ctx, d.call.Now(), d.to.server.String(), sent)
}

// claim takes the message for another attempt. Somebody may have sent it again
// during the wait: who has got it by that does not get it twice, and who was refused
// for good is not asked again.
func (d *delivery) claim(ctx context.Context) error {
	from := []State{StateFailed, StatePartial}
	if d.retryUnknown || d.outcome.doubtful() {
		from = append(from, StateUnknown)
	}
	o := d.outbox
	refused := o.take(ctx, d.call.Now(), from...)
	if refused != nil && !errors.Is(refused, ErrNotClaimed) {
		return refused
	}
	kept, err := o.store.Message(ctx, o.kept.ID)
	if err != nil && refused == nil {
		refused = o.giveBack(ctx)
	}
	if err != nil {
		return cmp.Or(refused, o.notKept(fmt.Sprintf("message %d of the store was not sent", o.kept.ID), err))
	}
	if refused != nil && kept.State != StateSent {
		return refused
	}
	d.outcome.meanwhile(kept, d.retryUnknown)
	d.byOthers = len(kept.Attempts) - d.before - d.attempts
	if refused != nil {
		return nil
	}
	o.kept = kept
	if len(d.outcome.open) > 0 {
		return nil
	}
	return o.giveBack(ctx)
}

// useKept takes the text and the envelope of a mail that was kept before: every
// attempt sends the same bytes.
func (d *delivery) useKept(ctx context.Context, kept Message) error {
	spool, err := d.component.spoolOf(ctx, kept)
	if err != nil {
		return &runtime.Failure{Kind: KindStore, Setting: "store", Cause: err,
			Message: fmt.Sprintf("message %d of the store cannot be read: %v", kept.ID, err)}
	}
	d.spool.Close()
	d.spool, d.message, d.outcome, d.before = spool, kept, start(kept), len(kept.Attempts)
	return nil
}

// resume goes on with a mail of which an earlier run of the same call made some
// attempts. It reports false when these were all: then a mail that failed is
// begun anew, and any other has its outcome. An attempt that was interrupted is not
// one of those that retryCount grants, and is made up for at once.
func (d *delivery) resume(kept Message) bool {
	resumed := progress{}
	resumed.add(resultOf(kept), d.retryUnknown)
	for _, recipient := range kept.Recipients {
		if interrupted(recipient) {
			resumed.open = append(resumed.open, recipient.Address)
		}
	}
	made, extra, last := len(kept.Attempts), d.extra, false
	for _, attempt := range kept.Attempts {
		if last = slices.ContainsFunc(attempt.Recipients, interrupted); last {
			extra++
		}
	}
	if made == 0 || made > extra || len(resumed.open) == 0 {
		return false
	}
	d.before, d.attempts, d.extra, d.outcome, d.waiting, d.waited = 0, made, extra, resumed, kept.Attempts[made-1].Ended, last
	return true
}

// interrupted reports that an attempt ended with its run before the server had
// refused or taken the mail for the recipient.
func interrupted(outcome Recipient) bool {
	return outcome.State == StateFailed && outcome.Code == 0 && strings.HasSuffix(outcome.Text, Interruption)
}

// progress is what has become of a mail for each of its recipients.
type progress struct {
	recipients []transaction.Recipient
	open       []string // to be tried again
	last       transaction.Result
	greylisted bool   // some of the open ones are
	delivered  bool   // some have got the mail
	tls        string // of the attempt by which the last of these got it
}

// start is the progress of a mail that nobody has got.
func start(message Message) progress {
	var p progress
	for _, recipient := range message.Recipients {
		p.recipients = append(p.recipients, transaction.Recipient{Address: recipient.Address, State: transaction.Failed})
		p.open = append(p.open, recipient.Address)
	}
	return p
}

// envelope is the one of the next attempt.
func (p *progress) envelope(message Message) transaction.Envelope {
	return transaction.Envelope{From: message.Sender, To: p.open}
}

// add takes in an attempt. Who has got the mail has got it; who may have may
// have, unless a later attempt got there.
func (p *progress) add(sent transaction.Result, retryUnknown bool) {
	p.last, p.open, p.greylisted = sent, nil, false
	for _, recipient := range sent.Recipients {
		if recipient.State == transaction.Failed && recipient.Temporary || recipient.State == transaction.Unknown && retryUnknown {
			p.open = append(p.open, recipient.Address)
			p.greylisted = p.greylisted || isGreylisting(recipient.Reply)
		}
		if recipient.State == transaction.Sent {
			p.delivered, p.tls = true, sent.TLS
		}
		p.put(recipient)
	}
}

func (p *progress) put(recipient transaction.Recipient) {
	for i, before := range p.recipients {
		if before.Address != recipient.Address {
			continue
		}
		if settled(State(before.State), State(recipient.State)) == State(recipient.State) {
			p.recipients[i] = recipient
		}
		return
	}
	p.recipients = append(p.recipients, recipient)
}

// settled is the state of a recipient after an attempt that had one state, when
// it had another before.
func settled(before, now State) State {
	if before == StateSent || before == StateUnknown && now == StateFailed {
		return before
	}
	return now
}

// doubtful reports that some may have got the mail.
func (p *progress) doubtful() bool {
	return slices.ContainsFunc(p.recipients, func(r transaction.Recipient) bool { return r.State == transaction.Unknown })
}

// meanwhile takes in what somebody else's attempts came to. When they leave nobody
// open, they have the last word.
func (p *progress) meanwhile(kept Message, retryUnknown bool) {
	closed := map[string]bool{}
	for _, recipient := range kept.Recipients {
		refused := recipient.State == StateFailed && recipient.Code >= 500 && !recipient.Temporary
		if refused || recipient.State == StateSent || recipient.State == StateUnknown {
			p.put(recipientOf(recipient))
		}
		closed[recipient.Address] = refused || recipient.State == StateSent || recipient.State == StateUnknown && !retryUnknown
	}
	p.open = slices.DeleteFunc(p.open, func(address string) bool { return closed[address] })
	if len(p.open) == 0 {
		p.last = resultOf(kept)
		p.delivered = false // it has the TLS
	}
}

// result is the outcome of all attempts together.
func (p *progress) result() transaction.Result {
	whole := p.last
	whole.Recipients = p.recipients
	if p.delivered {
		whole.TLS = p.tls
	}
	return concluded(whole)
}

// concluded fills in what follows from what became of the recipients.
func concluded(whole transaction.Result) transaction.Result {
	states := map[string]State{}
	var refused *transaction.Error
	whole.Temporary = false
	for _, recipient := range whole.Recipients {
		states[recipient.Address] = State(recipient.State)
		if recipient.State == transaction.Sent {
			continue
		}
		whole.Temporary = whole.Temporary || recipient.Temporary
		if refused == nil {
			refused = &transaction.Error{Kind: transaction.KindReply, Doing: "recipient " + recipient.Address, Reply: recipient.Reply}
		}
	}
	whole.State = transaction.State(stateOf(states))
	switch {
	case whole.State == transaction.Sent:
		whole.Err = nil
	case whole.Err == nil && refused != nil:
		// The last attempt was for some recipients, who have got the mail: what went
		// wrong is another one's refusal.
		whole.Err = refused
	}
	whole.Temporary = whole.Temporary && whole.State != transaction.Unknown
	return whole
}
