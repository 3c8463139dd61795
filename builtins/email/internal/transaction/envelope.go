package transaction

import (
	"errors"
	"fmt"
)

// maxLine is the longest line of content in bytes, without CR LF (RFC 5321
// section 4.5.3.1.6).
const maxLine = 998

// Envelope says from whom and to whom the server is to take the message,
// whatever its headers say. Addresses are bare, with domains as A-labels (RFC
// 5890) wherever the local part is ASCII.
type Envelope struct {
	From string   // reverse path; "" is the null one, <>
	To   []string // forward paths, each once
	UTF8 bool     // the headers need SMTPUTF8 (RFC 6531); non-ASCII addresses need it anyway
}

// Check reports, as an *Error of kind address, what must not be sent.
func (e Envelope) Check() error {
	if failure := e.fault(); failure != nil {
		return failure
	}
	return nil
}

func (e Envelope) fault() *Error {
	if e.From != "" {
		if err := CheckAddress(e.From); err != nil {
			return &Error{Kind: KindAddress, Doing: "check the sender", Err: err}
		}
	}
	if len(e.To) == 0 {
		return &Error{Kind: KindAddress, Doing: "check the recipients", Err: errors.New("there is none")}
	}
	for _, to := range e.To {
		if err := CheckAddress(to); err != nil {
			return &Error{Kind: KindAddress, Doing: "check the recipients", Err: err}
		}
	}
	return nil
}

// needsUTF8 reports whether the transaction needs SMTPUTF8.
func (e Envelope) needsUTF8() bool {
	if e.UTF8 || !isASCII(e.From) {
		return true
	}
	for _, to := range e.To {
		if !isASCII(to) {
			return true
		}
	}
	return false
}

// fault reports what keeps the message from being sent by any server.
func fault(envelope Envelope, spool *Spool) *Error {
	if failure := envelope.fault(); failure != nil {
		return failure
	}
	if longest := spool.LongestLine(); longest > maxLine {
		return &Error{Kind: KindLocal, Doing: "check the message",
			Err: fmt.Errorf("a line is %d bytes long; SMTP allows %d, encode it (RFC 2045)", longest, maxLine)}
	}
	return nil
}
