package email

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"flowrun/builtins/email/internal/transaction"
	"flowrun/runtime"
)

// ResendOptions tell how a kept message is sent again.
type ResendOptions struct {
	// Profile is the name of the profile to send it over; "" is that of the
	// message, else the default one, else the host's server.
	Profile string
	// Again also sends what was sent before, or may have been: the message goes to
	// all its recipients once more.
	Again bool
}

// Resend makes one attempt to send a kept message, the same bytes with the same
// Message-ID, to the recipients that have not got it. It returns the message as it
// is then, and an error unless all of these have it.
func Resend(ctx context.Context, config Config, id int64, options ResendOptions) (Message, error) {
	if config.Pool == nil {
		config.Pool = NewPool(PoolLimits{Idle: -1})
	}
	c := newComponent(config)
	message, err := c.config.Store.Message(ctx, id)
	if err != nil {
		return Message{}, err
	}
	recipients, err := resendable(message, options)
	if err != nil {
		return message, err
	}
	to, err := c.resendDestination(ctx, message, options)
	if err != nil {
		return message, err
	}
	spool, err := c.spoolOf(ctx, message)
	if err != nil {
		return message, err
	}
	defer spool.Close()
	from := []State{StatePending, StateFailed, StatePartial}
	if options.Again {
		from = append(from, StateSent, StateUnknown, StateSending)
	}
	o := &outbox{store: c.config.Store, kept: message}
	if err := o.take(ctx, time.Now(), from...); err != nil {
		return message, err
	}
	sent := c.attempt(ctx, to, envelopeOf(message, recipients), spool)
	failure := o.note(ctx, time.Now(), to.server.String(), sent)
	if sent.Err != nil {
		failure = alsoFailed(&runtime.Failure{Message: sent.Err.Error(), Cause: sent.Err}, failure)
	}
	after, err := c.config.Store.Message(context.WithoutCancel(ctx), id)
	if err != nil {
		return message, errors.Join(failure, err)
	}
	return after, failure
}

// resendable are the recipients that a message goes to when it is sent again.
func resendable(message Message, options ResendOptions) ([]Recipient, error) {
	const again = "; if it has not, or may come twice, add --again"
	switch {
	case message.State == StateReceived:
		return nil, fmt.Errorf("message %d came in, and only mails of flows are sent again", message.ID)
	case message.State == StateSending && !message.InDoubt:
		return nil, fmt.Errorf("message %d is being sent at this moment", message.ID)
	case options.Again:
		return message.Recipients, nil
	case message.InDoubt:
		return nil, fmt.Errorf("message %d is in doubt: the process that was sending it ended before it noted the outcome. "+
			"Ask its recipients, or look into the server's log, whether it has arrived%s", message.ID, again)
	case message.State == StateUnknown:
		return nil, fmt.Errorf("message %d may have arrived: the connection broke when the server had it all. "+
			"Ask its recipients, or look into the server's log, whether it has%s", message.ID, again)
	}
	var open []Recipient
	for _, recipient := range message.Recipients {
		if recipient.State != StateSent {
			open = append(open, recipient)
		}
	}
	if len(open) == 0 {
		return nil, fmt.Errorf("message %d was sent to all its recipients; to send it to them once more, add --again", message.ID)
	}
	return open, nil
}

// resendDestination is the server for a message that is sent again.
func (c *component) resendDestination(ctx context.Context, message Message, options ResendOptions) (*destination, error) {
	s := &Settings{Profile: ProfileRef{ID: message.Profile}}
	if options.Profile != "" {
		s.Profile = ProfileRef{Name: options.Profile}
	}
	profile, err := c.profileOf(ctx, s)
	if err != nil {
		return nil, err
	}
	return c.destinationOf(s, profile)
}

// spoolOf is the stored text of a message, ready to be sent.
func (c *component) spoolOf(ctx context.Context, message Message) (*transaction.Spool, error) {
	raw, err := c.config.Store.OpenMessage(ctx, message.ID)
	if err != nil {
		return nil, err
	}
	defer raw.Close()
	return transaction.NewSpool(func(w io.Writer) error {
		_, err := io.Copy(w, raw)
		return err
	}, transaction.SpoolOptions{MaxSize: max(message.Size, c.config.Limits.MessageBytes)})
}
