package email

import (
	"regexp"
	"strings"

	"flowrun/lang"
	"flowrun/runtime"
	"flowrun/runtime/value"
)

// check finds what the types of the settings cannot say.
func (c *component) check(k *runtime.Check) {
	checkSubject(k)
	checkMessage(k)
	checkRecipients(k)
	checkLogin(k)
	checkContacts(k)
	if c.config.Store == nil {
		checkWithoutStore(k)
	}
}

// needStore are the settings that are of no use without a store.
var needStore = []string{"profile", "contactIds", "contactIdsVariable", "owner", "store"}

// checkWithoutStore refuses what needs a store when the host has none.
func checkWithoutStore(c *runtime.Check) {
	for _, key := range needStore {
		if off, constant := c.Constant(key); c.Has(key) && !(constant && (off == false || off == nil)) {
			c.Errorf(key, "", "the setting %q needs a store, and this host has none", key)
		}
	}
}

func checkContacts(c *runtime.Check) {
	on, constant := c.Constant("useVariable")
	switch {
	case c.Has("useVariable") && !constant:
	case on == true && c.Has("contactIds"):
		c.Errorf("contactIds", "", contactIDsDisabled)
	case on == true && !c.Has("contactIdsVariable"):
		c.Errorf("useVariable", "", contactIDsVariableMissing)
	case on != true && c.Has("contactIdsVariable"):
		c.Errorf("contactIdsVariable", "", contactIDsVariableDisabled)
	}
}

func checkSubject(c *runtime.Check) {
	subject, constant := c.Constant("subject")
	switch {
	case !c.Has("subject") && c.Has("inReplyTo"):
		// The subject of the mail that is answered stands in for it.
	case !c.Has("subject"):
		c.Warnf("", `add subject: "…"`, "the mail has no subject")
	case !constant:
	case subject == nil || isBlank(subject):
		c.Warnf("subject", "", "the mail has no subject")
	default:
		if text, ok := constantText(subject); ok {
			if fault := checkHeaderValue(strings.TrimSpace(text)); fault != "" {
				c.Errorf("subject", "", "subject: %s", fault)
			}
		}
	}
}

func checkRecipients(c *runtime.Check) {
	to, constant := c.Constant("to")
	if !constant {
		return
	}
	if list, ok := to.([]any); ok && len(list) == 0 || isBlank(to) {
		c.Errorf("to", "", "to holds no address")
	}
}

// tag matches what a writer of HTML writes and others hardly do.
var tag = regexp.MustCompile(`(?i)</?(html|body|p|div|span|br|table|tr|td|ul|ol|li|h[1-6]|a|b|i|em|strong|img)(\s[^<>]*)?/?>`)

func checkMessage(c *runtime.Check) {
	if message, constant := c.Constant("message"); constant && isBlank(message) {
		c.Errorf("message", "", emptyMessage)
		return
	}
	literal := c.Literal("message")
	format, _ := c.Constant("format")
	switch {
	case format == "html" && literal != nil:
		if err := templateOf(literal).CheckHTML(); err != nil {
			c.Errorf("message", "", "message: %v", err)
		}
	case format == "html" && !mayBeHTML(c):
		c.Warnf("message", `write html("…${x}…"), or trustedHTML(x) for markup that is safe`,
			"the message is escaped whole, so that its tags are shown as text")
	case literal != nil && !c.Has("format") && tag.MatchString(literalText(literal)):
		c.Warnf("message", `add format: "html", or format: "text" when the tags are meant to be read`,
			"the message looks like HTML and is sent as plain text")
	}
}

// mayBeHTML reports whether a message that is no literal can be an html value.
func mayBeHTML(c *runtime.Check) bool {
	switch c.Kind("message") {
	case "html":
		return true
	case "":
		return c.Mentions("html(") || c.Mentions("trustedHTML(")
	}
	return false
}

// templateOf is a literal as a template whose dynamic parts are not known yet.
func templateOf(literal *lang.StringLiteral) *value.Template {
	t := &value.Template{}
	for _, part := range literal.Parts {
		t.Parts = append(t.Parts, value.Part{Text: part.Text, Dynamic: part.Expression != nil})
	}
	return t
}

func checkLogin(c *runtime.Check) {
	password, _ := c.Item("smtp", "password")
	if text, ok := constantText(password); ok && text != "" {
		c.Warnf("smtp", `write password: secret("NAME")`, "the password stands in the flow, where others can read it")
	}
}

// isBlank reports a constant that is a string without a visible character.
func isBlank(constant any) bool {
	text, ok := constantText(constant)
	return ok && strings.TrimSpace(text) == ""
}

// constantText is the text of a constant string.
func constantText(constant any) (string, bool) {
	switch constant := constant.(type) {
	case string:
		return constant, true
	case *value.Template:
		text, err := constant.String()
		return text, err == nil
	}
	return "", false
}

// literalText is a literal without its dynamic parts.
func literalText(literal *lang.StringLiteral) string {
	var text strings.Builder
	for _, part := range literal.Parts {
		text.WriteString(part.Text)
	}
	return text.String()
}
