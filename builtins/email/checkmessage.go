package email

import (
	"regexp"
	"slices"
	"strings"

	"flowrun/lang"
	"flowrun/runtime"
	"flowrun/runtime/value"
)

// tag matches what a writer of HTML writes and others hardly do.
var tag = regexp.MustCompile(`(?i)</?(html|body|p|div|span|br|table|tr|td|ul|ol|li|h[1-6]|a|b|i|em|strong|img)(\s[^<>]*)?/?>`)

func checkMessage(c *runtime.Check) {
	if message, constant := c.Constant("message"); constant && isBlank(message) {
		c.Errorf("message", "", emptyMessage)
		return
	}
	literal := c.Literal("message")
	switch format := formatOf(c); {
	case format == "html":
		checkHTML(c, literal)
	case format == "markdown":
		checkMarkdown(c, literal)
	case literal != nil && !c.Has("format") && tag.MatchString(literalText(literal)):
		c.Warnf("message", `add format: "html", or format: "text" when the tags are meant to be read`,
			"the message looks like HTML and is sent as plain text")
	}
}

func checkHTML(c *runtime.Check, literal *lang.StringLiteral) {
	if literal == nil {
		if !mayBeHTML(c) {
			c.Warnf("message", `write html("…${x}…"), or trustedHTML(x) for markup that is safe`,
				"the message is escaped whole, so that its tags are shown as text")
		}
		return
	}
	if err := templateOf(literal).CheckHTML(); err != nil {
		c.Errorf("message", "", "message: %v", err)
	}
}

func checkMarkdown(c *runtime.Check, literal *lang.StringLiteral) {
	if literal == nil {
		if !mayBeHTML(c) {
			c.Warnf("message", `write the Markdown as the message's own text, "…${x}…"`,
				"the message is escaped whole, so that its Markdown is shown as text")
		}
		return
	}
	rendered, hidden, err := markdownTemplate(templateOf(literal))
	if err == nil {
		err = rendered.CheckHTML()
	}
	if err != nil {
		c.Errorf("message", asFailure(err).Hint, "message: %v", err)
		return
	}
	if len(hidden) > 0 {
		c.Warnf("message", "it stands in the address of a link that is unsafe, or that is defined and not used",
			"a ${…} of the message is not shown")
	}
	if tag.MatchString(literalText(literal)) {
		c.Warnf("message", `write Markdown, or format: "html"`, "the tags are shown as text: Markdown has no HTML here")
	}
}

// formatOf is the format of the message, or "" when it is not known before the run.
func formatOf(c *runtime.Check) string {
	if !c.Has("format") {
		return "text"
	}
	format, _ := c.Constant("format")
	text, _ := constantText(format)
	return text
}

// mayBeHTML reports whether a message that is no literal can be an html value.
func mayBeHTML(c *runtime.Check) bool {
	switch c.Kind("message") {
	case "html":
		return true
	case "":
		return mentionsHTML(c)
	}
	return false
}

func mentionsHTML(c *runtime.Check) bool { return c.Mentions("html(") || c.Mentions("trustedHTML(") }

// templateOf is a literal as a template whose dynamic parts are not known yet.
func templateOf(literal *lang.StringLiteral) *value.Template {
	t := &value.Template{}
	for _, part := range literal.Parts {
		t.Parts = append(t.Parts, value.Part{Text: part.Text, Dynamic: part.Expression != nil})
	}
	return t
}

// checkText finds settings that only HTML has.
func checkText(c *runtime.Check) {
	if text, constant := c.Constant("text"); constant && isBlank(text) {
		c.Errorf("text", "leave it out to have it made of the message", "text is empty")
	}
	if formatOf(c) != "text" {
		return
	}
	for _, only := range []struct{ key, problem, hint string }{{"text", textBeside, textBesideHint}, {"embed", embedInText, embedInTextHint}} {
		if v, constant := c.Constant(only.key); c.Has(only.key) && (!constant || v != nil) {
			c.Errorf(only.key, only.hint, "%s: %s", only.key, only.problem)
		}
	}
}

// shownFile matches an address that shows an embedded file.
var shownFile = regexp.MustCompile(`(?i)\bcid:([a-z0-9][a-z0-9._-]*)`)

// checkEmbed compares what the message's literal text shows with what is embedded.
func checkEmbed(c *runtime.Check) {
	literal := c.Literal("message")
	if format := formatOf(c); literal == nil || format != "html" && format != "markdown" {
		return
	}
	embedded := c.Keys("embed")
	if c.Has("embed") && embedded == nil {
		return
	}
	shown, all := shownFiles(literal)
	for _, name := range shown {
		if !slices.Contains(embedded, name) {
			c.Warnf("message", `add embed: { `+name+`: … } with the id of a file`, "cid:%s shows a file that is not embedded", name)
		}
	}
	for _, name := range embedded {
		if all && !slices.Contains(shown, name) && !mentionsHTML(c) {
			c.Warnf("embed", `show it by <img src="cid:`+name+`">, or attach it by files:`, "the message does not show the embedded file %s", name)
		}
	}
}

// shownFiles lists the embedded files that a text shows; all is false when a
// dynamic part may name another one.
func shownFiles(literal *lang.StringLiteral) (names []string, all bool) {
	all = true
	for i, part := range literal.Parts {
		text := part.Text
		cut := i+1 < len(literal.Parts)
		for _, at := range shownFile.FindAllStringSubmatchIndex(text, -1) {
			if cut && at[1] == len(text) {
				all = false
				continue
			}
			names = append(names, strings.TrimRight(text[at[2]:at[3]], "."))
		}
		if cut && strings.HasSuffix(strings.ToLower(text), "cid:") {
			all = false
		}
	}
	slices.Sort(names)
	return slices.Compact(names), all
}
