package email

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"unicode"

	"flowrun/runtime"
)

// Bounds of what an answer takes over of a mail, in message ids of the header
// References and in characters.
const (
	mostReferences = 20
	longestSubject = 400
	longestSender  = 200
)

// parent is the mail that a reply answers, as far as the store has it.
type parent struct {
	message Message
	body    parentBody // the zero one when it is not to be quoted
}

// parentOf finds the mail that a call answers; nil when it answers none, or one
// that the store has not.
func (c *component) parentOf(ctx context.Context, s *Settings) (*parent, error) {
	id := s.InReplyTo.ID
	if id == "" || c.config.Store == nil {
		return nil, nil
	}
	message, err := c.config.Store.MessageByMessageID(ctx, id)
	switch {
	case errors.Is(err, ErrNotFound):
		return nil, nil
	case err != nil:
		return nil, parentFailure(err)
	}
	p := &parent{message: message}
	if s.Quote != nil && !*s.Quote {
		return p, nil
	}
	raw, err := c.config.Store.OpenMessage(ctx, message.ID)
	if err != nil {
		return nil, parentFailure(err)
	}
	defer raw.Close()
	p.body, err = readBody(ctx, raw)
	if err != nil {
		return nil, parentFailure(err)
	}
	return p, nil
}

func parentFailure(err error) error {
	return &runtime.Failure{Kind: KindStore, Setting: "inReplyTo", Message: "inReplyTo: " + err.Error(), Cause: err}
}

// references is the header of an answer to a mail, RFC 5322 section 3.6.4: the
// chain of that mail and its own id. A long chain keeps its first id and its last
// ones.
func references(inReplyTo string, p *parent) []string {
	if inReplyTo == "" {
		return nil
	}
	var chain []string
	if p != nil {
		chain = p.message.References
		if len(chain) == 0 && p.message.InReplyTo != "" {
			chain = []string{p.message.InReplyTo}
		}
	}
	var ids []string
	for _, id := range chain {
		if isMessageID(id) && id != inReplyTo {
			ids = append(ids, id)
		}
	}
	ids = append(ids, inReplyTo)
	if surplus := len(ids) - mostReferences; surplus > 0 {
		ids = append(ids[:1:1], ids[1+surplus:]...)
	}
	return ids
}

var replyPrefix = regexp.MustCompile(`^(?i:\s*re(\[\d+\])?\s*:)+\s*`)

// replySubject is the subject of an answer: that of the mail with "Re: " before
// it, once.
func replySubject(subject string) string {
	subject = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(subject, "?"))
	subject = cutTo(longestSubject, strings.TrimSpace(replyPrefix.ReplaceAllString(subject, "")))
	if subject == "" {
		return ""
	}
	return "Re: " + subject
}

// cutTo shortens a text to so many characters.
func cutTo(most int, text string) string {
	characters := []rune(text)
	if len(characters) <= most {
		return text
	}
	return string(characters[:most-1]) + "…"
}
