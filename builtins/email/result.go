package email

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"flowrun/builtins/email/internal/transaction"
	"flowrun/runtime"
	"flowrun/runtime/value"
)

// State is what became of a mail.
type State string

// The states of a result.
const (
	StateSent    State = "sent"    // the server took it for every recipient
	StatePartial State = "partial" // it took it for some of them
	StateFailed  State = "failed"  // nobody gets it
	StateUnknown State = "unknown" // the connection broke when the server had it all
	StateDryRun  State = "dryRun"  // nothing was tried
)

// refusal is a recipient who does not get the mail.
type refusal struct {
	address   string
	reply     transaction.Reply
	reason    string // the reply, or what happened without one
	temporary bool
}

func (r refusal) record() *value.Record {
	text := r.reply.Text
	if r.reply.Code == 0 {
		text = r.reason
	}
	return &value.Record{
		Fields: map[string]any{
			"address":   r.address,
			"code":      r.reply.Code,
			"enhanced":  r.reply.Enhanced,
			"text":      text,
			"temporary": r.temporary,
		},
		Text: r.address + ": " + r.reason,
	}
}

// result is what sendEmail returns, as email.md has it.
type result struct {
	state     State
	messageID string
	id        int64 // in the store, or 0
	attempts  int
	accepted  []string
	rejected  []refusal
	response  transaction.Reply // the last one, if any
	tls       string            // "TLS 1.3", or "" without encryption
	duration  time.Duration
}

// take notes the outcome of all attempts.
func (r *result) take(sent transaction.Result, attempts int) {
	r.state = State(sent.State)
	r.attempts = attempts
	r.accepted = sent.Accepted()
	r.response = sent.Reply
	r.tls = sent.TLS
	r.rejected = nil
	for _, recipient := range sent.Rejected() {
		refused := refusal{address: recipient.Address, reply: recipient.Reply, temporary: recipient.Temporary}
		if refused.reason = recipient.Reply.String(); refused.reason == "" {
			refused.reason = sent.Err.Error()
		}
		r.rejected = append(r.rejected, refused)
	}
}

// outcome notes that of all attempts and gives the failure of the call, if it is
// one.
func (r *result) outcome(sent transaction.Result, attempts int) error {
	r.take(sent, attempts)
	if sent.State == transaction.Sent {
		return nil
	}
	return deliveryFailure(r, sent)
}

// resultOf is the outcome of a mail of the store.
func resultOf(kept Message) transaction.Result {
	var sent transaction.Result
	for _, recipient := range kept.Recipients {
		sent.Recipients = append(sent.Recipients, recipientOf(recipient))
	}
	if attempts := len(kept.Attempts); attempts > 0 {
		last := kept.Attempts[attempts-1]
		sent.TLS = last.TLS
		if last.Code != 0 {
			sent.Reply = transaction.Reply{Code: last.Code, Enhanced: last.Enhanced, Text: last.Text}
		}
		if last.Error != "" {
			sent.Err = storedError(last, sent.Recipients)
		}
	}
	for _, attempt := range kept.Attempts {
		if slices.ContainsFunc(attempt.Recipients, func(r Recipient) bool { return r.State == StateSent }) {
			sent.TLS = attempt.TLS
		}
	}
	return concluded(sent)
}

// storedError is the error of an attempt, of which the store keeps the text. Its
// reply is the one that refused the mail, or the recipient for whom the text speaks.
func storedError(last Attempt, recipients []transaction.Recipient) error {
	failure := &transaction.Error{Kind: transaction.KindConnection, Doing: last.Error, Temporary: true}
	reply := transaction.Reply{Code: last.Code, Enhanced: last.Enhanced, Text: last.Text}
	for _, recipient := range recipients {
		if text := recipient.Reply.String(); text != "" && recipient.State == transaction.Failed && strings.HasSuffix(last.Error, text) {
			reply = recipient.Reply
			break
		}
	}
	if text := reply.String(); reply.Code >= 400 && strings.HasSuffix(last.Error, text) {
		failure.Kind, failure.Reply, failure.Temporary = transaction.KindReply, reply, reply.Temporary()
		failure.Doing = strings.TrimSuffix(strings.TrimSuffix(last.Error, text), ": ")
	}
	return failure
}

// recipientOf is a recipient of the store with its last outcome.
func recipientOf(kept Recipient) transaction.Recipient {
	recipient := transaction.Recipient{Address: kept.Address, State: transaction.State(kept.State), Temporary: kept.Temporary}
	if kept.Code != 0 {
		recipient.Reply = transaction.Reply{Code: kept.Code, Enhanced: kept.Enhanced, Text: kept.Text}
	}
	return recipient
}

// fields are the result as a flow sees it.
func (r *result) fields() map[string]any {
	accepted := make([]any, len(r.accepted))
	for i, address := range r.accepted {
		accepted[i] = address
	}
	rejected := make([]any, len(r.rejected))
	for i, refused := range r.rejected {
		rejected[i] = refused.record()
	}
	var id any
	if r.id != 0 {
		id = int(r.id)
	}
	var messageID any
	if r.messageID != "" {
		messageID = "<" + r.messageID + ">"
	}
	return map[string]any{
		"state":     string(r.state),
		"messageId": messageID,
		"id":        id,
		"attempts":  r.attempts,
		"accepted":  accepted,
		"rejected":  rejected,
		"response":  r.response.String(),
		"tls":       r.tls,
		"duration":  r.duration,
	}
}

// unstarted is the result of a call that failed before it started, and what that
// adds to the error.
func unstarted(err *runtime.Error) (*value.Record, map[string]any) {
	r := &result{state: StateFailed}
	fields := r.fields()
	fields[replyKey] = responseRecord(transaction.Reply{}, err.Message, false, nil)
	return r.record(), fields
}

func (r *result) record() *value.Record {
	return &value.Record{Fields: r.fields(), Text: r.text()}
}

// text is how the result prints.
func (r *result) text() string {
	total := len(r.accepted) + len(r.rejected)
	switch r.state {
	case StateSent:
		return "sent to " + counted(total, "recipient")
	case StatePartial:
		return fmt.Sprintf("sent to %d of %s", len(r.accepted), counted(total, "recipient"))
	case StateDryRun:
		return "dry run for " + counted(total, "recipient")
	}
	if r.response.Code == 0 {
		return string(r.state)
	}
	return string(r.state) + ": " + r.response.String()
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
