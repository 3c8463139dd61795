package email

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"flowrun/builtins/email/internal/transaction"
	"flowrun/runtime"
)

// outbox keeps one mail before it is sent, and what becomes of it.
type outbox struct {
	store Store
	kept  Message
	claim Claim
	began time.Time
	warn  func(context.Context, string)
}

// keep stores the mail of a call, `store: true`, and claims it for an attempt. A
// mail that the store has already was kept by the same call of the same run, which
// is being resumed or run again: then its attempts are gone on with when some are
// left, and else it is sent only if it certainly was not.
func (c *component) keep(ctx context.Context, d *delivery) (*outbox, error) {
	o := &outbox{store: c.config.Store, warn: c.config.Warn}
	var existed bool
	var err error
	if o.kept, existed, err = o.store.Keep(ctx, d.message, d.spool.Reader()); err != nil {
		return nil, o.notKept("the mail cannot be kept, and so was not sent", err)
	}
	if !existed {
		return o, o.take(ctx, d.call.Now(), StatePending)
	}
	if err := o.same(d.message); err != nil {
		return o, err
	}
	if err := d.useKept(ctx, o.kept); err != nil {
		return o, err
	}
	switch o.kept.State {
	case StateFailed, StatePartial, StateUnknown:
		if d.resume(o.kept) {
			return o, nil // which claims it when its wait is over
		}
	}
	switch o.kept.State {
	case StateSent, StatePartial, StateUnknown:
		return o, errAlreadyTried
	}
	return o, o.take(ctx, d.call.Now(), StatePending, StateFailed)
}

// same reports that the mail which was kept before is not the one that is to be
// sent now: then the run has the identifier of another one.
func (o *outbox) same(message Message) error {
	addresses := func(m Message) (list []string) {
		for _, recipient := range m.Recipients {
			list = append(list, recipient.Address)
		}
		slices.Sort(list)
		return list
	}
	fault := ""
	switch {
	case o.kept.State == StateReceived:
		fault = "came in"
	case o.kept.Sender != message.Sender || !slices.Equal(addresses(o.kept), addresses(message)):
		fault = "was for others"
	default:
		return nil
	}
	return &runtime.Failure{
		Kind:    runtime.KindValue,
		Setting: "store",
		Message: fmt.Sprintf("the mail was not sent: message %d of the store has its Message-ID and %s", o.kept.ID, fault),
		Hint:    "a host gives each run an identifier of its own; only a run that is done again has the same one",
	}
}

// errAlreadyTried tells that a mail was kept and tried before; its outcome stands
// in the message.
var errAlreadyTried = errors.New("the mail was sent before")

// take claims the message for an attempt.
func (o *outbox) take(ctx context.Context, now time.Time, from ...State) error {
	claim, err := o.store.Claim(ctx, o.kept.ID, from...)
	if errors.Is(err, ErrNotClaimed) {
		return &runtime.Failure{
			Kind: KindUnknown,
			Message: fmt.Sprintf("message %d of the store is being sent by another process, or was when that ended; it may have arrived",
				o.kept.ID),
			Hint:  fmt.Sprintf(`"flowrun messages show %d" tells what is known`, o.kept.ID),
			Cause: err,
		}
	}
	if err != nil {
		return o.notKept(fmt.Sprintf("message %d of the store was not sent", o.kept.ID), err)
	}
	o.claim, o.began = claim, now
	return nil
}

func (o *outbox) notKept(what string, err error) error {
	return &runtime.Failure{Kind: KindStore, Setting: "store", Message: what + ": " + err.Error(), Cause: err}
}

// release gives up a claim whose attempt was not noted, since the attempt broke
// down in the midst of it: nobody knows then what became of the mail.
func (o *outbox) release(ctx context.Context, now time.Time) {
	if o == nil || o.claim == nil {
		return
	}
	result := transaction.Result{State: transaction.Unknown, Err: errors.New("the attempt broke down")}
	for _, recipient := range o.kept.Recipients {
		result.Recipients = append(result.Recipients, transaction.Recipient{Address: recipient.Address, State: transaction.Unknown})
	}
	o.note(ctx, now, "", result)
}

// giveBack gives up a claim under which nothing was tried.
func (o *outbox) giveBack(ctx context.Context) error {
	claim := o.claim
	o.claim = nil
	err := claim.Release(ctx)
	if err == nil {
		return nil
	}
	return &runtime.Failure{
		Kind:    KindStore,
		Setting: "store",
		Message: fmt.Sprintf("nothing was tried, but message %d of the store now is in doubt: %v", o.kept.ID, err),
		Hint:    fmt.Sprintf(`once the store works, "flowrun messages show %d" tells what to do`, o.kept.ID),
		Cause:   err,
	}
}

// note writes down an attempt, also when the run has been cancelled. When that
// fails the store holds the message as in doubt; the error says what is known.
func (o *outbox) note(ctx context.Context, now time.Time, server string, result transaction.Result) error {
	attempt := attemptOf(result, o.kept.Recipients)
	attempt.Began, attempt.Ended, attempt.Server = o.began, now, server
	claim := o.claim
	o.claim = nil
	err := claim.Done(ctx, attempt)
	if err == nil {
		return nil
	}
	outcome := map[transaction.State]string{
		transaction.Sent:    "the mail was sent, do not send it again",
		transaction.Partial: "the mail was sent to some recipients",
		transaction.Failed:  "the mail was not sent",
		transaction.Unknown: "the mail may have been sent",
	}[result.State]
	failure := &runtime.Failure{
		Kind:    KindStore,
		Setting: "store",
		Message: fmt.Sprintf("%s, but this could not be noted in the store, where message %d now is in doubt: %v", outcome, o.kept.ID, err),
		Hint:    fmt.Sprintf(`once the store works, "flowrun messages show %d" tells what to do`, o.kept.ID),
		Cause:   err,
	}
	if ctx.Err() != nil && o.warn != nil {
		// The failure of a run that is cancelled tells of nothing else.
		o.warn(context.WithoutCancel(ctx), failure.Message)
	}
	return failure
}

// attemptOf is an attempt as the store keeps it, for a message whose recipients
// had these outcomes before.
func attemptOf(result transaction.Result, before []Recipient) Attempt {
	attempt := Attempt{
		TLS:      result.TLS,
		Code:     result.Reply.Code,
		Enhanced: result.Reply.Enhanced,
		Text:     result.Reply.Text,
	}
	if result.Err != nil {
		attempt.Error = result.Err.Error()
	}
	after := map[string]State{}
	for _, recipient := range before {
		after[recipient.Address] = recipient.State
	}
	for _, recipient := range result.Recipients {
		outcome := Recipient{
			Address:   recipient.Address,
			State:     State(recipient.State),
			Code:      recipient.Reply.Code,
			Enhanced:  recipient.Reply.Enhanced,
			Text:      recipient.Reply.Text,
			Temporary: recipient.Temporary,
		}
		if outcome.Code == 0 && result.Err != nil {
			outcome.Text = result.Err.Error()
		}
		after[outcome.Address] = settled(after[outcome.Address], outcome.State)
		attempt.Recipients = append(attempt.Recipients, outcome)
	}
	attempt.State = stateOf(after)
	return attempt
}

// stateOf is the state of a message whose recipients have these.
func stateOf(recipients map[string]State) State {
	count := map[State]int{}
	for _, state := range recipients {
		count[state]++
	}
	switch {
	case count[StateUnknown] > 0:
		return StateUnknown
	case count[StateSent] == len(recipients):
		return StateSent
	case count[StateSent] > 0:
		return StatePartial
	}
	return StateFailed
}

// envelopeOf is the envelope of a message for these of its recipients.
func envelopeOf(message Message, recipients []Recipient) transaction.Envelope {
	envelope := transaction.Envelope{From: message.Sender}
	for _, recipient := range recipients {
		envelope.To = append(envelope.To, recipient.Address)
	}
	return envelope
}
