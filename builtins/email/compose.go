package email

import (
	"context"
	"fmt"
	"strings"
	"time"

	"flowrun/runtime"
)

// letter is a mail before it is encoded.
type letter struct {
	from      Address
	to        []Address
	copy      []Address
	bcc       []Address
	id        string // Message-ID without brackets
	date      time.Time
	subject   string // "": none
	inReplyTo string // message id without brackets; "": a new mail
	// references are the ids of the conversation's mails without brackets, oldest
	// first, the one that is answered last.
	references  []string
	replyTo     []Address
	sender      *Address // who sends in the name of from; nil: from itself
	priority    string   // "high", "normal", "low" or ""
	unsubscribe Unsubscribe
	headers     []Header
	text        string
	html        string       // "": the mail is plain text
	embedded    []attachment // what the HTML shows
	attached    []attachment
	signer      *signer // nil: the mail is not signed
}

// envelopeFrom is who hears of a mail that cannot be delivered.
func (l *letter) envelopeFrom() Address {
	if l.sender != nil {
		return *l.sender
	}
	return l.from
}

// recipients are the addresses of the envelope.
func (l *letter) recipients() []string {
	specs := make([]string, 0, len(l.to)+len(l.copy)+len(l.bcc))
	for _, list := range [][]Address{l.to, l.copy, l.bcc} {
		for _, address := range list {
			specs = append(specs, address.Spec())
		}
	}
	return specs
}

// newLetter makes a letter of a call's settings, all but its sender. It looks at
// everything that can be wrong with them before a server is involved.
func (c *component) newLetter(ctx context.Context, call *runtime.Call, s *Settings, answered *parent) (*letter, error) {
	l := &letter{
		date:        call.Now(),
		inReplyTo:   s.InReplyTo.ID,
		headers:     s.Headers,
		sender:      s.Sender,
		priority:    s.Priority,
		unsubscribe: s.ListUnsubscribe,
	}
	l.references = references(l.inReplyTo, answered)
	l.replyTo, _, _ = withoutRepetition(s.ReplyTo, nil, nil)
	l.to, l.copy, l.bcc = withoutRepetition(s.To, s.Copy, s.Bcc)
	if err := c.checkAmounts(s, len(l.to)+len(l.copy)+len(l.bcc)); err != nil {
		return nil, err
	}
	if s.Subject == nil && answered != nil {
		l.subject = replySubject(answered.message.Subject)
	}
	if s.Subject != nil {
		l.subject = strings.TrimSpace(*s.Subject)
		if fault := checkHeaderValue(l.subject); fault != "" {
			return nil, &runtime.Failure{Kind: runtime.KindValue, Setting: "subject", Message: "subject: " + fault}
		}
	}
	if err := l.body(s); err != nil {
		return nil, err
	}
	l.quote(quotationOf(answered, l.date.Location()))
	if err := c.attachAll(ctx, l, s); err != nil {
		return nil, err
	}
	return l, nil
}

// quote puts a quotation, if any, under the message.
func (l *letter) quote(q *quotation) {
	if q == nil {
		return
	}
	l.text = q.below(l.text)
	if l.html != "" {
		l.html = q.belowHTML(l.html)
	}
}

// sign gives the letter its sender and its id.
func (l *letter) sign(from Address, call *runtime.Call) {
	l.from = from
	l.id = newMessageID(call.Flow, call.Run, call.Address, from.Domain)
}

// withoutRepetition drops every address that an earlier one repeats.
func withoutRepetition(to, copy, bcc []Address) (uniqueTo, uniqueCopy, uniqueBcc []Address) {
	if len(to)+len(copy)+len(bcc) <= 1 {
		return to, copy, bcc
	}
	seen := map[string]bool{}
	unique := func(list []Address) (kept []Address) {
		for _, address := range list {
			if spec := address.Spec(); !seen[spec] {
				seen[spec] = true
				kept = append(kept, address)
			}
		}
		return kept
	}
	return unique(to), unique(copy), unique(bcc)
}

// checkAmounts holds a mail to the host's limits and to having a recipient.
func (c *component) checkAmounts(s *Settings, recipients int) error {
	limits := c.config.Limits
	switch {
	case len(s.To) == 0:
		return &runtime.Failure{Kind: runtime.KindValue, Setting: "to", Message: "to holds no address"}
	case recipients > limits.Recipients:
		return &runtime.Failure{
			Kind:    runtime.KindValue,
			Setting: "to",
			Message: fmt.Sprintf("the mail has %d recipients, at most %d are allowed", recipients, limits.Recipients),
			Hint:    "send several mails",
		}
	case len(s.ReplyTo) > limits.Recipients:
		return &runtime.Failure{
			Kind:    runtime.KindValue,
			Setting: "replyTo",
			Message: fmt.Sprintf("replyTo holds %d addresses, at most %d are allowed", len(s.ReplyTo), limits.Recipients),
		}
	case len(s.Headers) > limits.Headers:
		return &runtime.Failure{
			Kind:    runtime.KindValue,
			Setting: "headers",
			Message: fmt.Sprintf("%d headers are given, at most %d are allowed", len(s.Headers), limits.Headers),
		}
	}
	return nil
}
