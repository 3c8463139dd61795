package email

import (
	"context"
	"errors"
)

// ResendOptions tell how a kept message is sent again.
type ResendOptions struct {
	// Profile is the name of the profile to send it over; "" is that of the
	// message, else the host's server.
	Profile string
	// Again also sends what was sent before, or may have been: a message that is in
	// doubt or unknown goes to all its recipients once more.
	Again bool
}

// Resend sends a kept message again, the same bytes with the same Message-ID, to
// the recipients that have not got it. It returns the message as it is then.
func Resend(ctx context.Context, config Config, id int64, options ResendOptions) (Message, error) {
	return Message{}, errors.New("not there yet")
}
