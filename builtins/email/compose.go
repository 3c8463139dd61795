package email

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	gomail "github.com/wneessen/go-mail"

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
	// references are the message ids of the conversation, the oldest first.
	references []string
	headers    []Header
	text       string
	html       string // "": the mail is plain text
}

// recipients are the addresses of the envelope.
func (l *letter) recipients() []string {
	var specs []string
	for _, list := range [][]Address{l.to, l.copy, l.bcc} {
		for _, address := range list {
			specs = append(specs, address.Spec())
		}
	}
	return specs
}

// newLetter makes a letter of a call's settings, all but its sender. It looks at
// everything that can be wrong with them before a server is involved.
func (c *component) newLetter(call *runtime.Call, s *Settings, answered *parent) (*letter, error) {
	l := &letter{date: call.Now(), inReplyTo: s.InReplyTo.ID, headers: s.Headers}
	l.references = references(l.inReplyTo, answered)
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
	l.id = newMessageID(call.Run, call.Address, from.Domain)
}

// withoutRepetition drops every address that an earlier one repeats.
func withoutRepetition(to, copy, bcc []Address) (uniqueTo, uniqueCopy, uniqueBcc []Address) {
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
	case len(s.Headers) > limits.Headers:
		return &runtime.Failure{
			Kind:    runtime.KindValue,
			Setting: "headers",
			Message: fmt.Sprintf("%d headers are given, at most %d are allowed", len(s.Headers), limits.Headers),
		}
	}
	return nil
}

// body renders the message.
func (l *letter) body(s *Settings) error {
	fault := func(err error) error {
		return &runtime.Failure{Kind: runtime.KindValue, Setting: "message", Message: "message: " + err.Error(), Cause: err}
	}
	if s.Format == "html" {
		markup, err := s.Message.HTML()
		if err != nil {
			return fault(err)
		}
		l.html = markup.Markup()
		if l.text, err = textOf(l.html); err != nil {
			return fault(err)
		}
		return notEmpty(l.html)
	}
	var err error
	if l.text, err = s.Message.String(); err != nil {
		return fault(err)
	}
	return notEmpty(l.text)
}

func notEmpty(message string) error {
	switch {
	case strings.TrimSpace(message) == "":
		return &runtime.Failure{Kind: runtime.KindValue, Setting: "message", Message: emptyMessage}
	case !utf8.ValidString(message):
		return &runtime.Failure{Kind: runtime.KindValue, Setting: "message", Message: "the message is not valid UTF-8"}
	}
	return nil
}

const emptyMessage = "the message is empty"

// encode writes the mail as RFC 5322 and MIME have it.
func (l *letter) encode(w io.Writer) error {
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	m.FromMailAddress(l.from.header())
	for _, address := range l.to {
		m.AddToMailAddress(address.header())
	}
	for _, address := range l.copy {
		m.AddCcMailAddress(address.header())
	}
	m.SetMessageIDWithValue(l.id)
	m.SetDateWithValue(l.date)
	if l.subject != "" {
		m.Subject(headerLine(l.subject))
	}
	m.SetGenHeader("X-Auto-Response-Suppress", "All")
	if l.inReplyTo == "" {
		m.SetGenHeader("Auto-Submitted", "auto-generated")
	} else {
		m.SetGenHeader("Auto-Submitted", "auto-replied")
		m.SetGenHeader(gomail.HeaderInReplyTo, "<"+l.inReplyTo+">")
		m.SetGenHeader(gomail.HeaderReferences, "<"+strings.Join(l.references, "> <")+">")
	}
	for _, header := range l.headers {
		m.SetGenHeader(gomail.Header(header.Name), headerLine(header.Value))
	}
	m.SetBodyString(gomail.TypeTextPlain, canonical(l.text), gomail.WithPartEncoding(encodingOf(l.text)))
	if l.html != "" {
		m.AddAlternativeString(gomail.TypeTextHTML, canonical(l.html), gomail.WithPartEncoding(encodingOf(l.html)))
	}
	if _, err := m.WriteTo(w); err != nil {
		return fmt.Errorf("encode the mail: %w", err)
	}
	return nil
}

// canonical ends every line of a text with CRLF, RFC 2046 section 4.1.1.
func canonical(text string) string {
	return lineEnds.Replace(text)
}

var lineEnds = strings.NewReplacer("\r\n", "\r\n", "\r", "\r\n", "\n", "\r\n")

// encodingOf chooses the shorter of quoted-printable and base64 (RFC 2045
// section 6), leaning to what people can read.
func encodingOf(text string) gomail.Encoding {
	escaped := 0
	for i := 0; i < len(text); i++ {
		if text[i] >= utf8.RuneSelf || text[i] < ' ' && !unicode.IsSpace(rune(text[i])) {
			escaped++
		}
	}
	if escaped > len(text)/4 {
		return gomail.EncodingB64
	}
	return gomail.EncodingQP
}
