package email

import (
	"fmt"
	"strings"

	"flowrun/runtime"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// mostTags is how many tags an HTML message may have: reading it takes some 200
// bytes of memory for each.
const mostTags = 250_000

// textOf makes the plain text of an HTML message, for readers that show no HTML:
// paragraphs parted by blank lines, list items with a dash, cells of a table row
// on one line, links with their address behind them.
func textOf(markup string) (string, error) {
	if strings.Count(markup, "<") > mostTags {
		return "", &runtime.Failure{
			Kind:    KindSize,
			Setting: "message",
			Message: fmt.Sprintf("the HTML has more than %d tags, of which no plain text is made", mostTags),
			Hint:    "split the mail into several",
		}
	}
	root, err := html.Parse(strings.NewReader(markup))
	if err != nil {
		return "", fmt.Errorf("read the message as HTML: %w", err)
	}
	w := &textWriter{}
	w.node(root)
	return strings.TrimSpace(w.out.String()) + "\n", nil
}

// textWriter collects text; white space and line breaks are owed until the next
// word, so that neither piles up.
type textWriter struct {
	out      strings.Builder
	breaks   int  // line breaks owed
	blank    bool // a blank owed
	verbatim int  // depth of pre
	indent   int  // depth of lists
}

// unread are the elements whose content is not for readers.
var unread = map[atom.Atom]bool{
	atom.Head: true, atom.Script: true, atom.Style: true, atom.Template: true, atom.Title: true,
	atom.Noscript: true, atom.Object: true, atom.Iframe: true, atom.Svg: true, atom.Select: true,
}

// paragraphs are the elements that stand between blank lines, lines those that
// stand on a line of their own.
var (
	paragraphs = map[atom.Atom]bool{
		atom.P: true, atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true, atom.H5: true, atom.H6: true,
		atom.Ul: true, atom.Ol: true, atom.Dl: true, atom.Table: true, atom.Blockquote: true, atom.Pre: true,
	}
	lines = map[atom.Atom]bool{
		atom.Div: true, atom.Tr: true, atom.Li: true, atom.Dt: true, atom.Dd: true, atom.Section: true,
		atom.Article: true, atom.Header: true, atom.Footer: true, atom.Address: true, atom.Figure: true,
		atom.Figcaption: true, atom.Form: true, atom.Main: true, atom.Nav: true, atom.Center: true,
	}
)

func (w *textWriter) node(n *html.Node) {
	switch n.Type {
	case html.TextNode:
		w.text(n.Data)
		return
	case html.ElementNode:
		w.element(n)
		return
	case html.DocumentNode:
		w.children(n)
	}
}

func (w *textWriter) children(n *html.Node) {
	for child := range n.ChildNodes() {
		w.node(child)
	}
}

func (w *textWriter) element(n *html.Node) {
	switch {
	case unread[n.DataAtom]:
		return
	case paragraphs[n.DataAtom]:
		w.block(n, w.paragraphBreaks(n))
		return
	case lines[n.DataAtom]:
		w.block(n, 1)
		return
	}
	switch n.DataAtom {
	case atom.Br:
		w.breaks++
	case atom.Hr:
		w.newline(1)
		w.word("---")
		w.newline(1)
	case atom.Img:
		w.text(attribute(n, "alt"))
	case atom.Td, atom.Th:
		w.blank = w.blank || n.PrevSibling != nil
		w.children(n)
		w.blank = true
	case atom.A:
		w.link(n)
	default:
		w.children(n)
	}
}

// paragraphBreaks is how many line breaks stand around a paragraph: a list
// inside a list has no blank line around it.
func (w *textWriter) paragraphBreaks(n *html.Node) int {
	if w.indent > 0 && (n.DataAtom == atom.Ul || n.DataAtom == atom.Ol) {
		return 1
	}
	return 2
}

func (w *textWriter) block(n *html.Node, breaks int) {
	w.newline(breaks)
	switch n.DataAtom {
	case atom.Ul, atom.Ol:
		w.indent++
		defer func() { w.indent-- }()
	case atom.Pre:
		w.verbatim++
		defer func() { w.verbatim-- }()
	case atom.Li:
		w.word(strings.Repeat("  ", max(0, w.indent-1)) + "-")
		w.blank = true
	}
	w.children(n)
	w.newline(breaks)
}

// link writes a link's text and, when that is not the same, its address.
func (w *textWriter) link(n *html.Node) {
	before := w.out.Len()
	w.children(n)
	shown := strings.TrimSpace(w.out.String()[before:])
	address := strings.TrimSpace(attribute(n, "href"))
	if address == "" || strings.HasPrefix(address, "#") || strings.TrimPrefix(address, "mailto:") == shown || address == shown {
		return
	}
	if shown != "" {
		w.blank = true
		address = "(" + address + ")"
	}
	w.word(address)
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// newline owes at least n line breaks.
func (w *textWriter) newline(n int) {
	w.breaks = max(w.breaks, n)
	w.blank = false
}

func (w *textWriter) text(s string) {
	if w.verbatim > 0 {
		w.word(s)
		return
	}
	for i, word := range strings.FieldsFunc(s, isHTMLSpace) {
		if i > 0 || isHTMLSpace(rune(s[0])) {
			w.blank = true
		}
		w.word(word)
	}
	if s != "" && isHTMLSpace(rune(s[len(s)-1])) {
		w.blank = true
	}
}

func isHTMLSpace(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\r' || r == '\f' }

// word writes what is owed, and then s.
func (w *textWriter) word(s string) {
	if s == "" {
		return
	}
	switch {
	case w.out.Len() == 0:
	case w.breaks > 0:
		w.out.WriteString(strings.Repeat("\n", w.breaks))
	case w.blank:
		w.out.WriteByte(' ')
	}
	w.breaks, w.blank = 0, false
	w.out.WriteString(s)
}
