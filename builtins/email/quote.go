package email

import (
	"html"
	"regexp"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/microcosm-cc/bluemonday"
	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// quotation is the parent of a reply as it stands below the message.
type quotation struct {
	attribution string
	text        string
	html        string
}

// quotationOf quotes a mail; nil when there is nothing to quote. The time of the
// mail is shown in zone.
func quotationOf(p *parent, zone *time.Location) *quotation {
	if p == nil || p.body == (parentBody{}) {
		return nil
	}
	q := &quotation{attribution: attribution(p.message, zone), text: p.body.text}
	if p.body.html != "" {
		q.html = balanced(citable().Sanitize(p.body.html))
		if q.text == "" {
			q.text = strings.TrimRight(textOrNothing(q.html), "\n")
		}
	}
	if strings.TrimSpace(q.html) == "" {
		q.html = strings.ReplaceAll(html.EscapeString(q.text), "\n", "<br>\n")
	}
	if p.body.cut {
		q.text += "\n[…]"
		q.html += "<p>[…]</p>"
	}
	if strings.TrimSpace(q.text) == "" && strings.TrimSpace(q.html) == "" {
		return nil
	}
	return q
}

// textOrNothing is textOf for a quotation, which may be left out.
func textOrNothing(markup string) string {
	text, err := textOf(markup)
	if err != nil {
		return ""
	}
	return text
}

// balanced closes every element where it ends, so that no end tag of a foreign mail
// ends the quotation around it. HTML that cannot be read becomes none.
func balanced(markup string) string {
	nodes, err := xhtml.ParseFragment(strings.NewReader(markup), &xhtml.Node{Type: xhtml.ElementNode, Data: "div", DataAtom: atom.Div})
	if err != nil {
		return ""
	}
	var b strings.Builder
	for _, node := range nodes {
		if err := xhtml.Render(&b, node); err != nil {
			return ""
		}
	}
	return b.String()
}

// attribution is the line above a quotation.
func attribution(m Message, zone *time.Location) string {
	who := strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || isReordering(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(m.From, "?"))), " ")
	if who = cutTo(longestSender, who); who == "" {
		who = "somebody"
	}
	return "On " + m.Date.In(zone).Format("Mon, 2 Jan 2006 at 15:04 MST") + ", " + who + " wrote:"
}

// below puts the quotation under a plain text.
func (q *quotation) below(text string) string {
	var b strings.Builder
	b.WriteString(strings.TrimRight(text, "\n"))
	b.WriteString("\n\n" + q.attribution + "\n")
	for line := range strings.SplitSeq(strings.TrimRight(q.text, "\n"), "\n") {
		b.WriteString(quotedLine(line) + "\n")
	}
	return b.String()
}

// quotedLine is a line behind a quote mark, RFC 3676 section 4.5.
func quotedLine(line string) string {
	line = strings.TrimRight(line, " \t")
	switch {
	case line == "":
		return ">"
	case strings.HasPrefix(line, ">"):
		return ">" + line
	}
	return "> " + line
}

var bodyEnd = regexp.MustCompile(`(?i)(</body\s*>)?\s*(</html\s*>)?\s*$`)

// belowHTML puts the quotation under an HTML message, inside its body.
func (q *quotation) belowHTML(markup string) string {
	end := bodyEnd.FindStringIndex(markup)[0]
	return markup[:end] + "\n<p>" + html.EscapeString(q.attribution) + "</p>\n" +
		`<blockquote type="cite">` + "\n" + q.html + "\n</blockquote>\n" + markup[end:]
}

// citable is what is left of a foreign mail's HTML when it is quoted: its text and
// its structure, without scripts, styles, forms and anything that a reader's
// program would load.
var citable = sync.OnceValue(func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowStandardURLs()
	p.AllowAttrs("href").OnElements("a")
	p.AllowElements("p", "br", "hr", "div", "span", "pre", "code", "b", "i", "u", "s", "em", "strong", "small",
		"sub", "sup", "del", "ins", "h1", "h2", "h3", "h4", "h5", "h6", "dl", "dt", "dd", "blockquote")
	p.AllowAttrs("type").Matching(regexp.MustCompile("^cite$")).OnElements("blockquote")
	p.AllowLists()
	p.AllowTables()
	return p
})
