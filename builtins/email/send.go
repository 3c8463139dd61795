package email

import (
	"context"
	"errors"
	"fmt"
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
	l, err := c.newLetter(ctx, call, s)
	if err != nil {
		return err
	}
	var server *transaction.Server
	if !s.DryRun {
		if server, err = c.config.serverOf(s); err != nil {
			return err
		}
	}
	from, err := c.config.sender(s)
	if err != nil {
		return err
	}
	l.sign(from, call)
	r.messageID = l.id
	spool, err := l.spool(transaction.SpoolOptions{MaxSize: c.config.Limits.MessageBytes})
	if err != nil {
		return err
	}
	defer spool.Close()
	if s.DryRun {
		r.state, r.accepted = StateDryRun, l.recipients()
		return nil
	}
	envelope := transaction.Envelope{From: l.envelopeFrom().Spec(), To: l.recipients()}
	sent := transaction.Send(ctx, *server, envelope, spool)
	r.attempt(sent)
	if sent.State == transaction.Sent {
		return nil
	}
	return deliveryFailure(r, sent)
}

// spoolFailure is the failure of a mail that could not be encoded.
func spoolFailure(err error) error {
	failure := &runtime.Failure{Message: err.Error(), Cause: err}
	if errors.Is(err, transaction.ErrTooLarge) {
		failure.Kind, failure.Setting = KindSize, "message"
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
	var cause *transaction.Error
	if !errors.As(sent.Err, &cause) {
		cause = &transaction.Error{Kind: transaction.KindLocal, Err: sent.Err}
	}
	failure := &runtime.Failure{
		Kind:    kinds[cause.Kind],
		Message: cause.Error(),
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
			len(missed), counted(len(sent.Recipients), "recipient"), cause.Error())
	case transaction.Unknown:
		failure.Kind = KindUnknown
		failure.Message += "; the mail may have arrived all the same"
		missed = recipientsOf(sent)
	}
	if errors.Is(sent.Err, transaction.ErrNoSTARTTLS) {
		failure.Hint = "if it wants TLS from the first byte, write port: 465"
	}
	failure.Fields[replyKey] = responseRecord(cause.Reply, failure.Message, sent.Temporary, missed)
	return failure
}

func recipientsOf(sent transaction.Result) []string {
	addresses := make([]string, len(sent.Recipients))
	for i, recipient := range sent.Recipients {
		addresses[i] = recipient.Address
	}
	return addresses
}
