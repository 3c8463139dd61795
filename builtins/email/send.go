package email

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"

	"flowrun/builtins/email/internal/transaction"
	"flowrun/runtime"
)

// send makes the mail of one call and delivers it. Whatever goes wrong, the error
// has the fields of a result.
func (c *component) send(ctx context.Context, call *runtime.Call, s *Settings) (any, error) {
	r := &result{state: StateFailed}
	began := call.Now()
	err := c.deliver(ctx, call, s, r)
	r.duration = call.Now().Sub(began)
	if err == nil {
		return r.record(), nil
	}
	failure := asFailure(err)
	fields := r.fields()
	fields[replyKey] = responseRecord(transaction.Reply{}, failure.Message, false, nil)
	maps.Copy(fields, failure.Fields)
	failure.Fields = fields
	failure.Result = r.record()
	return nil, failure
}

// deliver fills the result as far as it gets.
func (c *component) deliver(ctx context.Context, call *runtime.Call, s *Settings, r *result) error {
	if err := c.countMail(call); err != nil {
		return err
	}
	m, err := c.prepare(ctx, call, s)
	if err != nil {
		return err
	}
	d := &delivery{
		component: c, call: call, to: m.to, message: m.message, spool: m.spool,
		extra: s.RetryCount, delay: s.retryDelay(), retryUnknown: s.RetryUnknown,
		outcome: start(m.message),
	}
	defer func() { d.spool.Close() }()
	r.messageID = m.letter.id
	if s.DryRun {
		r.state, r.accepted = StateDryRun, m.letter.recipients()
		return nil
	}
	if err := c.permit(ctx, call, m); err != nil {
		return err
	}
	if s.Store {
		d.outbox, err = c.keep(ctx, d)
		defer func() { d.outbox.release(ctx, call.Now()) }()
		if d.outbox != nil {
			r.id = d.outbox.kept.ID
		}
		if errors.Is(err, errAlreadyTried) {
			return r.outcome(resultOf(d.outbox.kept), len(d.outbox.kept.Attempts))
		}
		if err != nil {
			if asFailure(err).Kind == KindUnknown {
				r.state = StateUnknown
			}
			return err
		}
	}
	sent, ended := d.run(ctx)
	failure := alsoFailed(r.outcome(sent, d.attempts+d.byOthers), ended)
	if ended != nil && asFailure(ended).Kind == KindUnknown {
		// Somebody else is sending the mail.
		r.state, asFailure(failure).Kind = StateUnknown, KindUnknown
	}
	return failure
}

// alsoFailed is the failure of a delivery that something else ended, or whose
// outcome could perhaps not be noted.
func alsoFailed(delivery, other error) error {
	if delivery == nil || other == nil {
		return cmp.Or(delivery, other)
	}
	failure := asFailure(delivery)
	failure.Cause = errors.Join(other, failure.Cause)
	var second *runtime.Failure
	if errors.As(other, &second) {
		failure.Message += "; " + second.Message
		failure.Hint = second.Hint
	}
	return failure
}

// prepared is a mail of a call that is ready to be sent.
type prepared struct {
	letter  *letter
	message Message // as the store keeps it
	spool   *transaction.Spool
	to      *destination // nil for a dry run without a server
}

// prepare makes the mail of a call. Everything that can be wrong with it, with
// what it names in the store and with the way to its server is found here, before
// anything connects.
func (c *component) prepare(ctx context.Context, call *runtime.Call, s *Settings) (*prepared, error) {
	if err := s.checkRetryDelay(); err != nil {
		return nil, err
	}
	profile, err := c.profileOf(ctx, s)
	if err != nil {
		return nil, err
	}
	contacts, err := c.contactsOf(ctx, s)
	if err != nil {
		return nil, err
	}
	if err := c.checkOwner(ctx, s); err != nil {
		return nil, err
	}
	answered, err := c.parentOf(ctx, s)
	if err != nil {
		return nil, err
	}
	m := &prepared{}
	if m.letter, err = c.newLetter(ctx, call, s, answered); err != nil {
		return nil, err
	}
	if profile != nil || !s.DryRun {
		if m.to, err = c.destinationOf(s, profile); err != nil {
			return nil, err
		}
	}
	from, err := c.sender(s, profile)
	if err != nil {
		return nil, err
	}
	m.letter.sign(from, call)
	if profile != nil && profile.DKIM != nil {
		if m.letter.signer, err = c.signerOf(profile); err != nil {
			return nil, err
		}
	}
	m.spool, err = m.letter.spool(transaction.SpoolOptions{MaxSize: c.config.Limits.MessageBytes})
	if err != nil {
		return nil, err
	}
	m.message = m.letter.message(call, m.spool.Size())
	m.message.Contacts, m.message.Files = contacts, s.storedFiles()
	m.message.Owner = int64(s.Owner)
	if profile != nil {
		m.message.Profile = profile.ID
	}
	return m, nil
}

// message is the letter as the store keeps it.
func (l *letter) message(call *runtime.Call, size int64) Message {
	message := Message{
		MessageID:  l.id,
		State:      StatePending,
		InReplyTo:  l.inReplyTo,
		References: l.references,
		From:       l.from.String(),
		To:         addressTexts(l.to),
		Copy:       addressTexts(l.copy),
		Subject:    l.subject,
		Date:       l.date,
		Size:       size,
		Sender:     l.envelopeFrom().Spec(),
		Flow:       call.Flow,
		Run:        call.Run,
	}
	for _, address := range l.recipients() {
		message.Recipients = append(message.Recipients, Recipient{Address: address, State: StatePending})
	}
	return message
}

func addressTexts(addresses []Address) []string {
	var texts []string
	for _, address := range addresses {
		texts = append(texts, address.String())
	}
	return texts
}

// spoolFailure is the failure of a mail that could not be encoded.
func spoolFailure(err error) error {
	failure := &runtime.Failure{Message: err.Error(), Cause: err}
	if errors.Is(err, transaction.ErrTooLarge) {
		failure.Kind, failure.Setting = KindSize, "message"
	} else if path := (*fs.PathError)(nil); errors.As(err, &path) {
		failure.Hint = "make room in the folder for temporary files, or name another one by TMPDIR"
	}
	return failure
}

// kinds gives the kinds of the transaction's errors as a flow sees them.
var kinds = map[transaction.Kind]runtime.Kind{
	transaction.KindConnection:  KindConnection,
	transaction.KindForbidden:   KindServer,
	transaction.KindTLS:         KindTLS,
	transaction.KindAuth:        KindAuth,
	transaction.KindAddress:     runtime.KindValue,
	transaction.KindSize:        KindSize,
	transaction.KindUnsupported: KindUnsupported,
	transaction.KindReply:       KindSMTP,
	transaction.KindTimeout:     runtime.KindTimeout,
	transaction.KindCancelled:   runtime.KindCancelled,
	transaction.KindLocal:       runtime.KindFailed,
}

// settingAtFault is where an error of a kind points, when the call gives it.
var settingAtFault = map[transaction.Kind]string{
	transaction.KindConnection: "server",
	transaction.KindForbidden:  "server",
	transaction.KindTLS:        "server",
	transaction.KindAuth:       "smtp",
	transaction.KindSize:       "message",
}

// deliveryFailure is the failure of a mail that not all recipients get for sure.
func deliveryFailure(r *result, sent transaction.Result) error {
	cause := asTransactionError(sent.Err)
	failure := &runtime.Failure{
		Kind:    kinds[cause.Kind],
		Message: cause.Error() + attemptsMade(r.attempts),
		Fields:  map[string]any{},
		Setting: settingAtFault[cause.Kind],
		Cause:   sent.Err,
	}
	missed := make([]string, len(r.rejected))
	for i, refused := range r.rejected {
		missed[i] = refused.address
	}
	switch sent.State {
	case transaction.Partial:
		failure.Message = fmt.Sprintf("%d of %s got no mail: %s",
			len(missed), counted(len(sent.Recipients), "recipient"), failure.Message)
	case transaction.Unknown:
		failure.Kind = KindUnknown
		failure.Message += "; the mail may have arrived all the same"
		missed = missedBy(sent)
	}
	if errors.Is(sent.Err, transaction.ErrNoSTARTTLS) {
		failure.Hint = "if it wants TLS from the first byte, write port: 465"
	}
	failure.Fields[replyKey] = responseRecord(cause.Reply, failure.Message, sent.Temporary, missed)
	failure.Aftermath = aftermath(r, sent, cause, failure.Message)
	return failure
}

// aftermath is what there is to know of a mail when the call or the run was ended:
// that it may have arrived, or what the last attempt came to.
func aftermath(r *result, sent transaction.Result, cause *transaction.Error, message string) string {
	text := message
	switch {
	case sent.State == transaction.Unknown:
		text = "the mail <" + r.messageID + "> may have arrived all the same"
	case sent.State == transaction.Failed && (cause.Kind == transaction.KindCancelled || cause.Kind == transaction.KindTimeout):
		text = "the mail was not sent"
	}
	if r.id != 0 {
		text += fmt.Sprintf(`; "flowrun messages show %d" tells what is known`, r.id)
	}
	return text
}

// attemptsMade tells of attempts beyond the first.
func attemptsMade(n int) string {
	if n <= 1 {
		return ""
	}
	return fmt.Sprintf(" (%d attempts)", n)
}

// asTransactionError is the cause of a result; nil when it has none.
func asTransactionError(err error) *transaction.Error {
	var cause *transaction.Error
	if err != nil && !errors.As(err, &cause) {
		cause = &transaction.Error{Kind: transaction.KindLocal, Err: err}
	}
	return cause
}

// missedBy are the recipients of whom it is not certain that they have the mail.
func missedBy(sent transaction.Result) []string {
	var addresses []string
	for _, recipient := range sent.Recipients {
		if recipient.State != transaction.Sent {
			addresses = append(addresses, recipient.Address)
		}
	}
	return addresses
}
