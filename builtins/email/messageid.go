package email

import (
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"strings"

	"flowrun/runtime"
	"flowrun/runtime/value"
)

// MaxMessageID is the length of a message id in bytes. It keeps the id on one line
// (RFC 5322 section 2.1.1).
const MaxMessageID = 512

// MessageID is a setting that takes the id of a mail, with or without its angle
// brackets; the zero MessageID, which blank and nil give, is none.
type MessageID struct {
	// ID is `left@right` of RFC 5322 section 3.6.4, without brackets.
	ID string
}

// SettingType says what the setting takes.
func (*MessageID) SettingType() string { return "message id" }

// DecodeSetting reads a string of a flow.
func (m *MessageID) DecodeSetting(v any) error {
	text, err := messageIDText(v)
	if err != nil {
		return err
	}
	id := strings.TrimSpace(text)
	if inner, ok := strings.CutPrefix(id, "<"); ok {
		if id, ok = strings.CutSuffix(inner, ">"); !ok {
			return badMessageID(text)
		}
	}
	if id != "" && !isMessageID(id) || id == "" && strings.TrimSpace(text) != "" {
		return badMessageID(text)
	}
	m.ID = id
	return nil
}

func messageIDText(v any) (string, error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case *value.Template:
		if alone, ok := v.Alone(); ok {
			if alone == nil {
				return "", nil
			}
			return messageIDText(alone)
		}
		return v.String()
	}
	return "", &runtime.Failure{Message: fmt.Sprintf("%s where a message id is wanted", value.Phrase(v))}
}

func badMessageID(text string) error {
	return &runtime.Failure{
		Kind:    runtime.KindValue,
		Message: fmt.Sprintf("%q is not a message id", shortened(text)),
		Hint:    "a message id is <left@right>, the Message-ID header of the mail that is answered",
	}
}

// isMessageID reports `left@right` of printable ASCII without blanks and angle
// brackets. Other characters that RFC 5322 forbids there pass, since mails with
// such ids exist and want to be answered.
func isMessageID(id string) bool {
	left, right, found := strings.Cut(id, "@")
	if !found || left == "" || right == "" || len(id) > MaxMessageID || strings.Contains(right, "@") {
		return false
	}
	return !strings.ContainsFunc(id, func(r rune) bool { return r <= ' ' || r > '~' || r == '<' || r == '>' })
}

// newMessageID derives the id of a mail, without brackets, from the flow, the run
// and the call's place in it: the same call of the same run gets the same id when it is
// tried, resumed or replayed again.
func newMessageID(flow, run, address, domain string) string {
	sum := sha256.Sum256([]byte(flow + "\x00" + run + "\x00" + address))
	return uniqueLeft.EncodeToString(sum[:20]) + "@" + domain
}

// uniqueLeft is the alphabet of the left part of an id: that of RFC 4648 section 7 in
// lower case.
var uniqueLeft = base32.NewEncoding("0123456789abcdefghijklmnopqrstuv").WithPadding(base32.NoPadding)
