package email

import (
	"fmt"
	"net/url"
	"strings"

	"flowrun/runtime"
	"flowrun/runtime/value"
)

// Bounds of listUnsubscribe: a URL stands on one line.
const (
	maxUnsubscribeURL  = 900
	maxUnsubscribeURLs = 10
)

// Unsubscribe is a setting that takes the places where recipients end their
// subscription (RFC 2369 section 3.2): https and mailto URLs, one or a list.
type Unsubscribe []string

// SettingType says what the setting takes.
func (*Unsubscribe) SettingType() string { return "URL or list of URLs" }

// DecodeSetting reads a string or a list of strings of a flow.
func (u *Unsubscribe) DecodeSetting(v any) error {
	if alone, ok := aloneIn(v); ok {
		v = alone
	}
	*u = nil
	list, isList := v.([]any)
	if !isList {
		if v == nil {
			return nil
		}
		list = []any{v}
	}
	if len(list) > maxUnsubscribeURLs {
		return &runtime.Failure{Message: fmt.Sprintf("%d URLs are given, at most %d are allowed", len(list), maxUnsubscribeURLs)}
	}
	for i, element := range list {
		text, err := unsubscribeURL(element)
		if err != nil {
			if isList {
				err = withMessage(err, fmt.Sprintf("element %d", i))
			}
			return err
		}
		*u = append(*u, text)
	}
	return nil
}

func unsubscribeURL(v any) (string, error) {
	text, err := attachText(v)
	if err != nil {
		return "", &runtime.Failure{
			Message: fmt.Sprintf("%s where a URL is wanted", value.Phrase(v)),
			Hint:    `write "https://example.com/leave?id=…" or "mailto:leave@example.com"`,
		}
	}
	text = strings.TrimSpace(text)
	if fault := checkUnsubscribeURL(text); fault != "" {
		return "", &runtime.Failure{Message: fmt.Sprintf("%q cannot be used: %s", shortened(text), fault)}
	}
	return text, nil
}

// checkUnsubscribeURL says why a URL cannot stand in List-Unsubscribe, or "".
func checkUnsubscribeURL(text string) string {
	if len(text) > maxUnsubscribeURL {
		return fmt.Sprintf("it is %d bytes long, at most %d are allowed", len(text), maxUnsubscribeURL)
	}
	for _, r := range text {
		if r <= ' ' || r > '~' || r == '<' || r == '>' || r == '"' || r == '\\' {
			return fmt.Sprintf("the character %U is not allowed in a URL; write it with %%", r)
		}
	}
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return "it is not a URL"
	case u.Scheme == "https" && u.Hostname() == "":
		return "it names no host"
	case u.Scheme == "https" && u.User != nil:
		return "it holds a user or password, which every recipient would see"
	case u.Scheme == "https":
		return ""
	case u.Scheme == "mailto":
		return checkMailto(u)
	}
	return "write an https or a mailto URL"
}

// checkMailto holds a mailto URL (RFC 6068) to one recipient and what a request to
// leave a list needs.
func checkMailto(u *url.URL) string {
	to, err := url.PathUnescape(u.Opaque)
	if err != nil {
		return "it is not a URL"
	}
	if _, fault := parseSpec(to); fault != nil {
		return fmt.Sprintf("%q is not an address: %s", shortened(to), fault.reason)
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return "it is not a URL"
	}
	for name := range query {
		if name := strings.ToLower(name); name != "subject" && name != "body" {
			return "behind mailto: only subject and body may be given"
		}
	}
	return ""
}

// fields are those of RFC 2369 and, with an https URL, RFC 8058.
func (u Unsubscribe) fields() []field {
	if len(u) == 0 {
		return nil
	}
	list := field{name: "List-Unsubscribe"}
	oneClick := false
	for i, text := range u {
		word := "<" + text + ">"
		if i < len(u)-1 {
			word += ","
		}
		list.words = append(list.words, word)
		oneClick = oneClick || strings.HasPrefix(strings.ToLower(text), "https:")
	}
	fields := []field{list}
	if oneClick {
		fields = append(fields, unstructured("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
	}
	return fields
}
