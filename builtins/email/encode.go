package email

import (
	"errors"
	"io"
	"time"

	"flowrun/builtins/email/internal/transaction"
	"flowrun/runtime"
)

// spool encodes the mail, and signs it when it has a signer. Its errors are
// failures of the call.
func (l *letter) spool(options transaction.SpoolOptions) (*transaction.Spool, error) {
	options.Expected = l.attachedSize()
	spool, err := transaction.NewSpool(l.encode, options)
	var failure *runtime.Failure
	switch {
	case errors.As(err, &failure):
		return nil, failure
	case err != nil:
		return nil, spoolFailure(err)
	case l.signer == nil:
		return spool, nil
	}
	signature, err := l.signer.signature(spool.Reader(), l.fields())
	if err == nil {
		err = spool.Prepend(signature)
	}
	if err != nil {
		spool.Close()
		return nil, spoolFailure(err)
	}
	return spool, nil
}

// encode writes the mail as RFC 5322 and MIME have it.
func (l *letter) encode(w io.Writer) error {
	return l.structure().write(w, l.fields()...)
}

// fields are the header fields of the mail but those that MIME has for any part.
func (l *letter) fields() []field {
	fields := append(make([]field, 0, 16), addressField("From", l.from))
	add := func(f field) {
		if len(f.words) > 0 {
			fields = append(fields, f)
		}
	}
	if l.sender != nil && l.sender.Spec() != l.from.Spec() {
		add(addressField("Sender", *l.sender))
	}
	add(addressField("Reply-To", l.replyTo...))
	add(addressField("To", l.to...))
	add(addressField("Cc", l.copy...))
	if l.subject != "" {
		add(unstructured("Subject", l.subject))
	}
	add(unstructured("Date", l.date.Format(time.RFC1123Z)))
	add(identifierField("Message-ID", l.id))
	autoSubmitted := "auto-generated"
	if l.inReplyTo != "" {
		autoSubmitted = "auto-replied"
		add(identifierField("In-Reply-To", l.inReplyTo))
		add(identifierField("References", l.references...))
	}
	add(unstructured("Auto-Submitted", autoSubmitted))
	add(unstructured("X-Auto-Response-Suppress", "All"))
	for _, f := range priorityFields[l.priority] {
		add(f)
	}
	for _, f := range l.unsubscribe.fields() {
		add(f)
	}
	for _, header := range l.headers {
		add(unstructured(header.Name, header.Value))
	}
	add(unstructured("MIME-Version", "1.0"))
	return fields
}

// structure is the mail's tree of parts: the text and its HTML are two forms of
// the same, beside the latter stands what it shows, beside both what is attached.
func (l *letter) structure() *part {
	message := []*part{textPart("text/plain", l.text)}
	if l.html != "" {
		message = append(message, textPart("text/html", l.html))
	}
	shown := []*part{multipart("alternative", l.id, message...)}
	for _, file := range l.embedded {
		shown = append(shown, file.part())
	}
	whole := []*part{multipart("related", l.id, shown...)}
	for _, file := range l.attached {
		whole = append(whole, file.part())
	}
	return multipart("mixed", l.id, whole...)
}

// priorityFields are the fields in which mail readers look for the priority.
var priorityFields = map[string][]field{
	"high":   priorityOf("high", "urgent", "1 (Highest)"),
	"normal": priorityOf("normal", "normal", "3 (Normal)"),
	"low":    priorityOf("low", "non-urgent", "5 (Lowest)"),
}

// priorityOf writes a priority as RFC 4021 sections 2.1.54 and 2.1.55 have it, and
// as the field that came before them.
func priorityOf(importance, priority, number string) []field {
	return []field{
		unstructured("Importance", importance),
		unstructured("Priority", priority),
		unstructured("X-Priority", number),
	}
}
