package email

import (
	"strings"

	"flowrun/lang"
	"flowrun/runtime"
	"flowrun/runtime/value"
)

// check finds what the types of the settings cannot say.
func (c *component) check(k *runtime.Check) {
	checkSubject(k)
	checkMessage(k)
	checkText(k)
	checkEmbed(k)
	checkRecipients(k)
	checkLogin(k)
	checkContacts(k)
	checkRetries(k)
	if c.config.Store == nil {
		checkWithoutStore(k)
	}
}

// needStore are the settings that are of no use without a store.
var needStore = []string{"profile", "files", "embed", "contactIds", "contactIdsVariable", "owner", "store"}

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
