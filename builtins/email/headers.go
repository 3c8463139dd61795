package email

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"flowrun/runtime"
	"flowrun/runtime/value"
)

// maxHeaderValue bounds one header's value in bytes.
const maxHeaderValue = 64 << 10

// Header is one header field that a flow adds to a mail.
type Header struct {
	Name  string // RFC 5322 section 3.6.8
	Value string // decoded text without control characters
}

// Headers is a setting that takes a map of header names to texts. Names and
// values are checked where they enter, so that no value can add a header or end
// the head of the mail.
type Headers []Header

// SettingType says what the setting takes.
func (*Headers) SettingType() string { return "map of texts by header name" }

// DecodeSetting reads a map of a flow; its errors name the header at fault.
func (h *Headers) DecodeSetting(v any) error {
	fields, ok := value.AsMap(v)
	if !ok {
		return &runtime.Failure{
			Message: fmt.Sprintf("%s where a map is wanted", value.Phrase(v)),
			Hint:    `write { "X-Order": "42" }`,
		}
	}
	*h = nil
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		header, err := newHeader(name, fields[name])
		if err != nil {
			return err
		}
		*h = append(*h, header)
	}
	return h.twice()
}

// twice refuses a header that is given in two spellings.
func (h *Headers) twice() error {
	seen := map[string]bool{}
	for _, header := range *h {
		if seen[strings.ToLower(header.Name)] {
			return &runtime.Failure{Message: fmt.Sprintf("header %q is given twice", header.Name)}
		}
		seen[strings.ToLower(header.Name)] = true
	}
	return nil
}

// CheckItem checks one header, whose text may not be known yet.
func (h *Headers) CheckItem(name string, item any, known bool) error {
	if known {
		_, err := newHeader(name, item)
		return err
	}
	return checkHeaderName(name)
}

func checkHeaderName(name string) error {
	if !isHeaderName(name) {
		return &runtime.Failure{
			Message: fmt.Sprintf("%q is not a header name", shortened(name)),
			Hint:    "a header name is letters, digits and dashes, at most 76 of them",
		}
	}
	if hint := ownedBy(name); hint != "" {
		return &runtime.Failure{
			Message: fmt.Sprintf("header %q cannot be set here", name),
			Hint:    hint,
		}
	}
	return nil
}

func newHeader(name string, item any) (Header, error) {
	if err := checkHeaderName(name); err != nil {
		return Header{}, err
	}
	text, err := headerText(item)
	if err != nil {
		return Header{}, &runtime.Failure{Message: fmt.Sprintf("header %q: %v", name, err), Cause: err}
	}
	if fault := checkHeaderValue(text); fault != "" {
		return Header{}, &runtime.Failure{Message: fmt.Sprintf("header %q: %s", name, fault)}
	}
	return Header{Name: name, Value: strings.TrimSpace(text)}, nil
}

func headerText(item any) (string, error) {
	if t, ok := item.(*value.Template); ok {
		return t.String()
	}
	switch item.(type) {
	case nil, []any, map[string]any:
		return "", fmt.Errorf("%s where a text is wanted", value.Phrase(item))
	}
	return value.Text(item)
}

// isHeaderName reports the field names of RFC 5322 section 3.6.8 that fit a line.
func isHeaderName(name string) bool {
	return name != "" && len(name) <= 76 && !strings.ContainsFunc(name, func(r rune) bool {
		return r <= ' ' || r >= 0x7f || r == ':'
	})
}

// checkHeaderValue says what is wrong with the text of a header, or "".
func checkHeaderValue(text string) string {
	switch {
	case len(text) > maxHeaderValue:
		return fmt.Sprintf("it is %d bytes long, at most %d are allowed", len(text), maxHeaderValue)
	case !utf8.ValidString(text):
		return "it is not valid UTF-8"
	}
	for _, r := range text {
		switch {
		case r == '\n' || r == '\r':
			return "a line break is not allowed"
		case unicode.IsControl(r) || r == '\u2028' || r == '\u2029':
			return fmt.Sprintf("the control character %U is not allowed", r)
		}
	}
	return ""
}

// settingFor maps the headers that a setting writes, in lower case, to it.
var settingFor = map[string]string{
	"from": "from", "to": "to", "cc": "copy", "bcc": "bcc", "subject": "subject",
	"in-reply-to": "inReplyTo", "references": "inReplyTo", "reply-to": "replyTo", "sender": "sender",
	"importance": "priority", "priority": "priority", "x-priority": "priority", "x-msmail-priority": "priority",
	"list-unsubscribe": "listUnsubscribe", "list-unsubscribe-post": "listUnsubscribe",
}

// written are the headers that every mail carries, or that only servers write.
var written = []string{
	"date", "message-id", "mime-version", "auto-submitted", "x-auto-response-suppress",
	"return-path", "received", "dkim-signature", "user-agent", "x-mailer",
}

// ownedBy gives the advice for a header that `headers` may not set, or "".
func ownedBy(name string) string {
	name = strings.ToLower(name)
	switch setting := settingFor[name]; {
	case setting != "":
		return fmt.Sprintf("use the setting %q", setting)
	case strings.HasPrefix(name, "content-"):
		return `the message decides it: use the setting "format"`
	case strings.HasPrefix(name, "resent-"):
		return "only whoever forwards a mail writes it"
	case slices.Contains(written, name):
		return "every mail gets its own"
	}
	return ""
}
