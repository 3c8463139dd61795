package email

import (
	"errors"
	"io"
)

// ParseMessage reads the header of a mail, RFC 5322, into a Message in state
// StateReceived. A mail without a Message-ID is an error.
func ParseMessage(r io.Reader) (Message, error) {
	return Message{}, errors.New("not there yet")
}
