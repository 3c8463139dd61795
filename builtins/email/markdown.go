package email

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/util"

	"flowrun/runtime"
	"flowrun/runtime/value"
)

// markdown reads CommonMark with the tables, struck-out text and bare links of
// GitHub. HTML tags are text: neither are they left out, nor do they act.
var markdown = sync.OnceValue(func() goldmark.Markdown {
	reader := parser.NewParser(
		parser.WithBlockParsers(
			util.Prioritized(parser.NewSetextHeadingParser(), 100),
			util.Prioritized(parser.NewThematicBreakParser(), 200),
			util.Prioritized(parser.NewListParser(), 300),
			util.Prioritized(parser.NewListItemParser(), 400),
			util.Prioritized(parser.NewCodeBlockParser(), 500),
			util.Prioritized(parser.NewATXHeadingParser(), 600),
			util.Prioritized(parser.NewFencedCodeBlockParser(), 700),
			util.Prioritized(parser.NewBlockquoteParser(), 800),
			util.Prioritized(parser.NewParagraphParser(), 1000),
		),
		parser.WithInlineParsers(
			util.Prioritized(parser.NewCodeSpanParser(), 100),
			util.Prioritized(parser.NewLinkParser(), 200),
			util.Prioritized(parser.NewAutoLinkParser(), 300),
			util.Prioritized(parser.NewEmphasisParser(), 500),
		),
		parser.WithParagraphTransformers(parser.DefaultParagraphTransformers()...),
	)
	return goldmark.New(
		goldmark.WithParser(reader),
		goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.Linkify),
	)
})

// longestMarkdown bounds the text of a Markdown message in bytes: nested brackets
// and quotes take time that grows with its square.
const longestMarkdown = 32 << 10

// markdownTemplate renders the literal text of a Markdown template as HTML and puts
// its dynamic parts at their places of it, where value.Template.HTML escapes each.
// While the text is read, a word of letters and digits that it does not hold stands
// for each part, so that no value is ever read as Markdown. The parts that the HTML
// does not show, such as the address of a link that is never used, are hidden.
func markdownTemplate(t *value.Template) (rendered *value.Template, hidden []value.Part, err error) {
	source, standIn := markdownSource(t)
	if len(source) > longestMarkdown {
		return nil, nil, &runtime.Failure{
			Message: fmt.Sprintf("the Markdown is longer than %d bytes, its ${…} not counted as what they give", longestMarkdown),
			Hint:    `put the longer parts in by ${…}, or use format: "html"`,
		}
	}
	var out bytes.Buffer
	if err := markdown().Convert([]byte(source), &out); err != nil {
		return nil, nil, fmt.Errorf("read the message as Markdown: %w", err)
	}
	made := *t
	made.Parts = nil
	shown := map[int]bool{}
	rest := out.String()
	for {
		before, after, found := strings.Cut(rest, standIn)
		if before != "" {
			made.Parts = append(made.Parts, value.Part{Text: before})
		}
		if !found {
			break
		}
		number, behind, _ := strings.Cut(after, standInEnd)
		i, err := strconv.Atoi(number)
		if err != nil || i >= len(t.Parts) {
			return nil, nil, fmt.Errorf("the Markdown cannot be told apart from its ${…} at %q", shortened(standIn+number))
		}
		made.Parts = append(made.Parts, t.Parts[i])
		shown[i] = true
		rest = behind
	}
	for i, part := range t.Parts {
		if part.Dynamic && !shown[i] {
			hidden = append(hidden, part)
		}
	}
	return &made, hidden, nil
}

// standInEnd ends a stand-in behind its number.
const standInEnd = "q"

// markdownSource is the text of a template with stand-ins, which begin with the
// word that is returned. It begins with a letter that no hexadecimal number has.
func markdownSource(t *value.Template) (source, standIn string) {
	var literal strings.Builder
	for _, part := range t.Parts {
		literal.WriteString(part.Text)
	}
	standIn = "zq0x"
	for salt := 1; strings.Contains(literal.String(), standIn); salt++ {
		standIn = fmt.Sprintf("zq%dx", salt)
	}
	var b strings.Builder
	for i, part := range t.Parts {
		if part.Dynamic {
			b.WriteString(standIn + strconv.Itoa(i) + standInEnd)
		} else {
			b.WriteString(part.Text)
		}
	}
	return b.String(), standIn
}

// markdownHTML renders a Markdown message. A value that is the whole message is no
// Markdown: html passes as it is, anything else is escaped.
func markdownHTML(t *value.Template) (value.HTML, error) {
	if alone, ok := t.Alone(); ok {
		if _, isHTML := alone.(value.HTML); isHTML {
			return t.HTML()
		}
	}
	rendered, _, err := markdownTemplate(t)
	if err != nil {
		return value.HTML{}, err
	}
	return rendered.HTML()
}
