package transaction

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"os"
	"strings"
)

// Kind says what kind of failure an [Error] is.
type Kind string

// The kinds of failure.
const (
	KindConnection  Kind = "connection"  // no connection, or it broke
	KindForbidden   Kind = "forbidden"   // Server.AllowAddress refused the server's address
	KindTLS         Kind = "tls"         // no STARTTLS, a bad certificate, no common version
	KindAuth        Kind = "auth"        // credentials refused, or no way to give them safely
	KindAddress     Kind = "address"     // an envelope address that must not be sent
	KindSize        Kind = "size"        // larger than the cap or the server's limit
	KindUnsupported Kind = "unsupported" // the message needs SMTPUTF8 or 8BITMIME, which is not offered
	KindReply       Kind = "reply"       // the server refused, see Error.Reply, or spoke no SMTP
	KindTimeout     Kind = "timeout"     // a time limit passed
	KindCancelled   Kind = "cancelled"   // the context was cancelled
	KindLocal       Kind = "local"       // the message could not be made or read
)

// ErrNoSTARTTLS is wrapped by the error for a server that does not offer the
// STARTTLS which Server.TLS asks for.
var ErrNoSTARTTLS = errors.New("the server does not offer STARTTLS")

// Error is a failure of this package; every error it returns is one. Its text
// holds no password.
type Error struct {
	Kind      Kind
	Doing     string // what was being done, such as "connect to mail.example:587"
	Reply     Reply  // the server's refusal, when there is one
	Temporary bool   // whether the same may succeed later
	Err       error  // the cause; nil when Reply says all
}

// Error implements the error interface.
func (e *Error) Error() string {
	text := e.Doing
	if reply := e.Reply.String(); reply != "" {
		text += ": " + reply
	}
	if e.Err != nil {
		text += ": " + inWords(e.Err)
	}
	return text
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// refusal is the Error for a negative reply.
func refusal(doing string, reply Reply) *Error {
	return &Error{Kind: KindReply, Doing: doing, Reply: reply, Temporary: reply.Temporary()}
}

// wireError sorts an error that came from the connection, while ctx was the
// caller's. A reply counts even when ctx has ended since.
func wireError(ctx context.Context, doing string, err error) *Error {
	failure := &Error{Doing: doing, Err: err}
	var reply *textproto.Error
	var protocol textproto.ProtocolError
	var nonsense *nonsenseError
	var network net.Error
	switch {
	case errors.As(err, &reply):
		return refusal(doing, newReply(reply.Code, strings.Split(reply.Msg, "\n")))
	case errors.Is(ctx.Err(), context.Canceled):
		failure.Kind, failure.Err = KindCancelled, WhyEnded(ctx)
	case ctx.Err() != nil:
		failure.Kind, failure.Temporary, failure.Err = KindTimeout, true, WhyEnded(ctx)
	case errors.As(err, &nonsense):
		failure.Kind, failure.Err = KindReply, fmt.Errorf("the server does not speak SMTP: %w", err)
	case errors.As(err, &protocol):
		failure.Kind, failure.Err = KindReply, fmt.Errorf("the server does not speak SMTP: %s", Printable(err.Error()))
	case errors.Is(err, errFlood):
		failure.Kind = KindReply
	case isTLS(err):
		failure.Kind = KindTLS
	case errors.Is(err, os.ErrDeadlineExceeded), errors.As(err, &network) && network.Timeout():
		failure.Kind, failure.Temporary = KindTimeout, true
	default:
		failure.Kind, failure.Temporary = KindConnection, true
	}
	return failure
}

// isTLS reports whether the error is one of the TLS handshake itself rather than
// of the connection below it. crypto/tls gives alerts as a net.OpError and several
// others without a type.
func isTLS(err error) bool {
	var certificate *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var operation *net.OpError
	return errors.As(err, &certificate) || errors.As(err, &record) || strings.HasPrefix(err.Error(), "tls: ") ||
		errors.As(err, &operation) && (operation.Op == "remote error" || operation.Op == "local error")
}
