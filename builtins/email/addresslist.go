package email

import (
	"fmt"
	"net/mail"
	"strings"

	"flowrun/runtime"
	"flowrun/runtime/value"
)

// Addresses is a setting that takes an RFC 5322 list of mailboxes: a string, a
// list of strings, or a template. Each ${…} that stands beside other text is
// exactly one display name or one address, whatever its value holds; so is each
// element of a list. Only a string that stands alone may hold several mailboxes.
type Addresses []Address

// SettingType says what the setting takes.
func (*Addresses) SettingType() string { return "address list" }

// DecodeSetting reads a value of a flow; its errors name the address at fault.
func (a *Addresses) DecodeSetting(v any) error {
	list, isList := v.([]any)
	if !isList {
		if alone, ok := aloneIn(v); ok {
			if list, isList = alone.([]any); !isList {
				v = alone
			}
		}
	}
	*a = nil
	if !isList {
		mailboxes, err := mailboxesOf(v)
		*a = mailboxes
		return err
	}
	for i, element := range list {
		mailbox, err := mailboxOf(element)
		if err != nil {
			err.Message = fmt.Sprintf("element %d: %s", i, err.Message)
			return err
		}
		*a = append(*a, mailbox)
	}
	return nil
}

// SettingType says what the setting takes.
func (*Address) SettingType() string { return "address" }

// DecodeSetting reads a value of a flow that is one mailbox.
func (a *Address) DecodeSetting(v any) error {
	if alone, ok := aloneIn(v); ok {
		v = alone
	}
	mailbox, err := mailboxOf(v)
	if err != nil {
		return err
	}
	*a = mailbox
	return nil
}

// aloneIn gives the value of a template that is nothing but one expression.
func aloneIn(v any) (any, bool) {
	if t, ok := v.(*value.Template); ok {
		return t.Alone()
	}
	return nil, false
}

// mailboxesOf reads a string or template that may hold several mailboxes.
func mailboxesOf(v any) ([]Address, error) {
	switch v := v.(type) {
	case string:
		return parseMailboxes(v)
	case *value.Template:
		return templateMailboxes(v)
	}
	return nil, wrongKind(v)
}

// mailboxOf reads a value that is exactly one mailbox.
func mailboxOf(v any) (Address, *runtime.Failure) {
	if alone, ok := aloneIn(v); ok {
		v = alone
	}
	if list, ok := v.([]any); ok {
		return Address{}, &runtime.Failure{
			Message: fmt.Sprintf("a list of %d where one address is wanted", len(list)),
			Hint:    "join lists with concat(a, b)",
		}
	}
	mailboxes, err := mailboxesOf(v)
	switch {
	case err != nil:
		return Address{}, asFailure(err)
	case len(mailboxes) == 0:
		return Address{}, &runtime.Failure{Message: "the address is empty"}
	case len(mailboxes) > 1:
		return Address{}, &runtime.Failure{
			Message: fmt.Sprintf("%q holds %d addresses where one is wanted", printed(v), len(mailboxes)),
			Hint:    "write each address as an element of its own",
		}
	}
	return mailboxes[0], nil
}

func wrongKind(v any) error {
	return &runtime.Failure{
		Message: fmt.Sprintf("%s where an address is wanted", value.Phrase(v)),
		Hint:    `write a string like "Ann <ann@example.com>", or a list of them`,
	}
}

// parseMailboxes reads an RFC 5322 list of mailboxes. Empty entries are skipped.
func parseMailboxes(text string) ([]Address, error) {
	var mailboxes []Address
	for _, entry := range splitMailboxes(text) {
		mailbox, fault := parseMailbox(entry)
		if fault != nil {
			return nil, fault.in(entry)
		}
		mailboxes = append(mailboxes, mailbox)
	}
	return mailboxes, nil
}

// parseMailbox reads one mailbox of RFC 5322.
func parseMailbox(text string) (Address, *addressFault) {
	if spec, fault := parseSpec(text); fault == nil {
		return spec, nil
	}
	parsed, err := mail.ParseAddress(text)
	if err != nil {
		return Address{}, whyNot(text, err)
	}
	at := strings.LastIndexByte(parsed.Address, '@')
	return newAddress(parsed.Name, parsed.Address[:at], parsed.Address[at+1:])
}

// whyNot words the reason why text is no mailbox.
func whyNot(text string, err error) *addressFault {
	if strings.Contains(text, ";") {
		return &addressFault{reason: "a semicolon does not separate addresses", hint: "separate addresses with commas"}
	}
	if _, fault := parseSpec(text); fault != nil && !strings.ContainsAny(text, "<\"(") {
		return fault
	}
	return faultf("%s", strings.TrimPrefix(err.Error(), "mail: "))
}

// splitMailboxes cuts a list at its commas, leaving out those in quotes,
// comments and angle brackets, and drops empty entries.
func splitMailboxes(text string) []string {
	var entries []string
	start := 0
	add := func(end int) {
		if entry := strings.TrimSpace(text[start:end]); entry != "" {
			entries = append(entries, entry)
		}
		start = end + 1
	}
	scanMailboxes(text, func(i int, c byte) {
		if c == ',' {
			add(i)
		}
	})
	add(len(text))
	return entries
}

// scanMailboxes visits the bytes of a list that stand outside quotes, comments
// and angle brackets, and the < that opens the latter.
func scanMailboxes(text string, visit func(i int, c byte)) {
	quoted, angle, comment := false, false, 0
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case c == '\\' && (quoted || comment > 0):
			i++
		case quoted:
			quoted = c != '"'
		case c == '(' && !angle:
			comment++
		case comment > 0:
			if c == ')' {
				comment--
			}
		case c == '"':
			quoted = true
		case angle:
			angle = c != '>'
		default:
			angle = c == '<'
			visit(i, c)
		}
	}
}
