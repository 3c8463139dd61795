package email

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/emersion/go-message"
	"github.com/emersion/go-message/mail"
)

// ParseMessage reads the header of a mail, RFC 5322, into a Message in state
// StateReceived. A mail without a Message-ID that can be answered is an error.
func ParseMessage(r io.Reader) (Message, error) {
	source := &watchedReader{ctx: context.Background(), from: r}
	entity, err := message.Read(source)
	switch {
	case source.err != nil:
		return Message{}, source.err
	case err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err):
		return Message{}, notMail(err)
	}
	header := mail.Header{Header: entity.Header}
	m := Message{
		State:   StateReceived,
		Subject: headerField(header, "Subject"),
		From:    strings.Join(mailboxes(header, "From"), ", "),
		To:      mailboxes(header, "To"),
		Copy:    mailboxes(header, "Cc"),
	}
	if m.MessageID, err = ownMessageID(header); err != nil {
		return Message{}, err
	}
	if answered := messageIDs(header.Get("In-Reply-To")); len(answered) > 0 {
		m.InReplyTo = answered[0]
	}
	m.References = messageIDs(header.Get("References"))
	if date, err := header.Date(); err == nil {
		m.Date = date
	}
	return m, nil
}

// notMail says why a text is no mail, and shows the line at fault when that can be
// read.
func notMail(err error) error {
	_, at, _ := strings.Cut(err.Error(), "malformed MIME header ")
	_, at, _ = strings.Cut(at, ": ")
	at, _, _ = strings.Cut(at, "\n")
	at = strings.ToValidUTF8(shortened(strings.TrimSpace(at)), "\ufffd")
	if at == "" || strings.ContainsFunc(at, func(r rune) bool { return r == '\ufffd' || !unicode.IsPrint(r) }) {
		return errors.New("this is no mail, which begins with header fields such as Subject: Hello")
	}
	return fmt.Errorf("this is no mail: the line %q is no header field such as Subject: Hello", at)
}

// ownMessageID is the header Message-ID, without brackets.
func ownMessageID(header mail.Header) (string, error) {
	field := strings.TrimSpace(header.Get("Message-Id"))
	if field == "" {
		return "", errors.New("the mail has no Message-ID, by which answers find it")
	}
	ids := messageIDs(field)
	if len(ids) != 1 {
		return "", fmt.Errorf("the mail's Message-ID %q is not <left@right>", shortened(field))
	}
	return ids[0], nil
}

// messageIDs reads the message ids of a header, and passes over what is none.
func messageIDs(field string) []string {
	var ids []string
	for word := range strings.FieldsFuncSeq(field, func(r rune) bool { return r <= ' ' || r == '<' || r == '>' || r == ',' }) {
		if isMessageID(word) {
			ids = append(ids, word)
		}
	}
	return ids
}

// headerField is a field as people read it, on one line.
func headerField(header mail.Header, name string) string {
	text, err := header.Text(name)
	if err != nil {
		text = header.Get(name)
	}
	return strings.ToValidUTF8(strings.Join(strings.Fields(text), " "), "?")
}

// mailboxes are the addresses of a field; what is no list of addresses is kept as
// it stands.
func mailboxes(header mail.Header, name string) []string {
	addresses, err := header.AddressList(name)
	if err != nil {
		if text := headerField(header, name); text != "" {
			return []string{text}
		}
		return nil
	}
	var texts []string
	for _, address := range addresses {
		texts = append(texts, Address{Name: address.Name, Local: localPart(address.Address), Domain: domainPart(address.Address)}.String())
	}
	return texts
}

func localPart(spec string) string  { return spec[:max(0, strings.LastIndexByte(spec, '@'))] }
func domainPart(spec string) string { return spec[strings.LastIndexByte(spec, '@')+1:] }
