package email

import (
	"fmt"
	"net/mail"
	"strings"
	"unicode/utf8"

	"flowrun/runtime"
	"flowrun/runtime/value"
)

// firstStandIn is the first of the private-use characters that stand for the
// dynamic parts of a template while its literal text is parsed; lastStandIn the
// last.
const (
	firstStandIn = '\uE000'
	lastStandIn  = '\uF8FF'
)

// addressTemplate is a template of mailboxes: its text with a stand-in for each
// dynamic part, so that no value can change how the text is read.
type addressTemplate struct {
	text   string
	values []string
}

// templateMailboxes reads a template in which each dynamic part is one display
// name, one address, or a piece of either.
func templateMailboxes(t *value.Template) ([]Address, error) {
	if alone, ok := t.Alone(); ok {
		return mailboxesOf(alone)
	}
	a, err := newAddressTemplate(t)
	if err != nil {
		return nil, err
	}
	if len(a.values) == 0 {
		return parseMailboxes(a.text)
	}
	var mailboxes []Address
	for _, entry := range splitMailboxes(a.text) {
		mailbox, fault := a.mailbox(entry)
		if fault != nil {
			return nil, fault.in(a.fill(entry))
		}
		mailboxes = append(mailboxes, mailbox)
	}
	return mailboxes, nil
}

func newAddressTemplate(t *value.Template) (*addressTemplate, error) {
	a := &addressTemplate{}
	var text strings.Builder
	for _, part := range t.Parts {
		if !part.Dynamic {
			if !utf8.ValidString(part.Text) || strings.ContainsFunc(part.Text, isStandIn) {
				return nil, &runtime.Failure{Message: "private-use characters are not allowed in addresses"}
			}
			text.WriteString(part.Text)
			continue
		}
		if len(a.values) > lastStandIn-firstStandIn {
			return nil, &runtime.Failure{Message: "too many ${…} in one list of addresses", Hint: "give a list"}
		}
		filled, err := value.Text(part.Value)
		if err != nil {
			return nil, fmt.Errorf("${%s}: %w", part.Source, err)
		}
		text.WriteRune(firstStandIn + rune(len(a.values)))
		a.values = append(a.values, filled)
	}
	a.text = text.String()
	return a, nil
}

func isStandIn(r rune) bool { return r >= firstStandIn && r <= lastStandIn }

// fill puts the values in the place of their stand-ins.
func (a *addressTemplate) fill(text string) string {
	var b strings.Builder
	for _, r := range text {
		if isStandIn(r) {
			b.WriteString(a.values[r-firstStandIn])
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// mailbox reads one entry of the list.
func (a *addressTemplate) mailbox(entry string) (Address, *addressFault) {
	if !strings.ContainsFunc(entry, isStandIn) {
		return parseMailbox(entry)
	}
	if r, size := utf8.DecodeRuneInString(entry); size == len(entry) {
		return oneMailbox(a.values[r-firstStandIn])
	}
	name, spec, fault := cutSpec(entry)
	if fault != nil {
		return Address{}, fault
	}
	address, fault := parseSpec(a.fill(spec))
	if fault != nil || name == "" {
		return address, fault
	}
	parsed, err := mail.ParseAddress(name + " <name@example.com>")
	if err != nil {
		return Address{}, faultf("%q is not a display name", a.fill(name))
	}
	return newAddress(a.fill(parsed.Name), address.Local, address.Domain)
}

// oneMailbox reads a value that fills a whole entry of a list: one mailbox.
func oneMailbox(text string) (Address, *addressFault) {
	entries := splitMailboxes(text)
	switch len(entries) {
	case 0:
		return Address{}, faultf("it is empty")
	case 1:
		return parseMailbox(entries[0])
	}
	return Address{}, &addressFault{
		reason: "it is a list where one address is wanted",
		hint:   "beside other text ${…} is one address; give a list instead",
	}
}

// cutSpec parts `name <spec>`; an entry without angle brackets is all spec.
func cutSpec(entry string) (name, spec string, fault *addressFault) {
	open := -1
	scanMailboxes(entry, func(i int, c byte) {
		if c == '<' && open < 0 {
			open = i
		}
	})
	if open < 0 {
		return "", entry, nil
	}
	spec, closed := strings.CutSuffix(entry[open+1:], ">")
	if !closed {
		return "", "", faultf("the < is not closed at its end")
	}
	return strings.TrimSpace(entry[:open]), strings.TrimSpace(spec), nil
}
