package flowtest

import (
	"fmt"
	"net/mail"
	"strings"
	"unicode/utf8"

	"flowrun/builtins/email/mailtest"
	"flowrun/builtins/log"
	"flowrun/runtime/value"
)

// collectMails takes the mails that have come to the sandbox.
func (t *testRun) collectMails() {
	captured := t.box.Mailbox.Mails()
	for _, m := range captured[t.seen:] {
		t.mails = append(t.mails, mailRecord(m))
	}
	t.seen = len(captured)
}

// mailRecord is a captured mail as a test sees it.
func mailRecord(m mailtest.Mail) *value.Record {
	parsed, err := m.Parse()
	if err != nil {
		parsed = &mailtest.Message{Text: string(m.Raw)}
	}
	headers := map[string]any{}
	for _, field := range parsed.Headers {
		if before, repeated := headers[field.Name].(string); repeated {
			headers[field.Name] = before + "\n" + field.Value
			continue
		}
		headers[field.Name] = field.Value
	}
	files := []any{}
	for _, a := range parsed.Attachments {
		files = append(files, fileRecord(a))
	}
	fields := map[string]any{
		"from":     strings.Join(addresses(parsed.Header("From")), ", "),
		"to":       list(addresses(parsed.Header("To"))),
		"cc":       list(addresses(parsed.Header("Cc"))),
		"replyTo":  list(addresses(parsed.Header("Reply-To"))),
		"subject":  parsed.Header("Subject"),
		"text":     bodyText(parsed.Text),
		"html":     bodyText(parsed.HTML),
		"headers":  headers,
		"files":    files,
		"date":     nil,
		"envelope": map[string]any{"from": m.From, "to": list(m.To)},
		"tls":      m.TLS,
		"user":     m.User,
	}
	if date, err := mail.ParseDate(parsed.Header("Date")); err == nil {
		fields["date"] = date
	}
	mail := record(fields)
	mail.Text = fmt.Sprintf("mail %q to %s", parsed.Header("Subject"), strings.Join(m.To, ", "))
	return mail
}

func fileRecord(a mailtest.Attachment) *value.Record {
	var content any
	if utf8.Valid(a.Content) {
		content = string(a.Content)
	}
	return record(map[string]any{
		"name": a.Name, "type": a.Type, "size": a.Size, "inline": a.Inline, "contentId": a.ContentID, "content": content,
	})
}

// addresses are the bare addresses of a header field; one that cannot be read is
// as it stands there.
func addresses(field string) []string {
	if field == "" {
		return nil
	}
	parsed, err := mail.ParseAddressList(field)
	if err != nil {
		return []string{field}
	}
	bare := make([]string, len(parsed))
	for i, address := range parsed {
		bare[i] = address.Address
	}
	return bare
}

// bodyText is a text of a mail with LF for line ends, and none at its end.
func bodyText(text string) string {
	return strings.TrimRight(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
}

func list(texts []string) []any {
	items := make([]any, len(texts))
	for i, text := range texts {
		items[i] = text
	}
	return items
}

func levelName(entry log.Entry) string { return strings.ToLower(entry.Level.String()) }
