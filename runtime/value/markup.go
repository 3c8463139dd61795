package value

import (
	"fmt"
	"html/template"
	"strings"
	"sync"
)

// markup is the literal text of a template made into an html/template, which may
// be executed by any number of goroutines at once.
type markup struct {
	template *template.Template
	trusted  []template.HTML // comments of the literal text
	size     int
}

// markups keeps what parsing costs about as much as sending a mail: the markup
// of each literal text. It is emptied when full.
var markups = struct {
	sync.Mutex
	byText map[string]*markup
}{byText: map[string]*markup{}}

const maxMarkups = 256

func markupOf(t *Template) (*markup, error) {
	texts := t.literalTexts()
	key := strings.Join(texts, "\xff")
	markups.Lock()
	known := markups.byText[key]
	markups.Unlock()
	if known != nil {
		return known, nil
	}
	made, err := newMarkup(texts)
	if err != nil {
		return nil, err
	}
	markups.Lock()
	defer markups.Unlock()
	if len(markups.byText) >= maxMarkups {
		clear(markups.byText)
	}
	markups.byText[key] = made
	return made, nil
}

// literalTexts gives the text before, between and after the dynamic parts; it
// has one element more than there are dynamic parts.
func (t *Template) literalTexts() []string {
	texts := []string{""}
	for _, part := range t.Parts {
		if part.Dynamic {
			texts = append(texts, "")
		} else {
			texts[len(texts)-1] += part.Text
		}
	}
	return texts
}

// newMarkup parses the literal texts with an action between each two of them.
// html/template drops comments, on which mails for Outlook depend, so they are
// put in as trusted values: should this package be wrong about a comment's
// place, html/template still escapes it for the place where it is.
func newMarkup(texts []string) (*markup, error) {
	m := &markup{}
	open := delimiter(texts)
	var source strings.Builder
	scanner := commentScanner{}
	for i, text := range texts {
		m.size += len(text)
		if i > 0 {
			fmt.Fprintf(&source, "%s index .Parts %d %%}", open, i-1)
		}
		for _, piece := range scanner.split(text) {
			if !piece.comment {
				source.WriteString(open + "/**/%}") // ends a node of text, and says nothing
				source.WriteString(piece.text)
				continue
			}
			fmt.Fprintf(&source, "%s index .Trusted %d %%}", open, len(m.trusted))
			m.trusted = append(m.trusted, template.HTML(piece.text))
		}
	}
	parsed, err := template.New("html").Delims(open, "%}").Parse(source.String())
	if err != nil {
		return nil, fmt.Errorf("the HTML cannot be read")
	}
	m.template = parsed
	return m, nil
}

// delimiter gives a left delimiter that occurs in none of the texts, nor where
// a text and the delimiter meet.
func delimiter(texts []string) string {
	longest, length := 1, 0 // of a { and the % behind it
	for _, c := range []byte(strings.Join(texts, "")) {
		switch {
		case c == '{':
			length = 1
		case c == '%' && length > 0:
			length++
			longest = max(longest, length)
		default:
			length = 0
		}
	}
	return "{" + strings.Repeat("%", longest)
}

// commentScanner finds the comments that stand in the text of a document, not in
// tags, scripts and the like. Its state lasts over the dynamic parts.
type commentScanner struct {
	state   scanState
	quote   byte
	element string          // the start tag that is read, or the raw element
	bogus   bool            // the tag that is read is `</` with no name, which html/template takes for text
	absent  map[string]bool // ends of comments that the rest of the text lacks
	opened  int             // how many `<` the piece has
}

// mostOpenings is how many `<` of text one piece has: at each, html/template goes
// through all that follows in its node.
const mostOpenings = 16

type scanState uint8

const (
	inText scanState = iota
	inTag
	inQuotes
	inRaw // script, style and other elements whose content is no markup
)

type markupPiece struct {
	text    string
	comment bool
}

func (s *commentScanner) split(text string) []markupPiece {
	var pieces []markupPiece
	begin := 0
	s.absent, s.opened = map[string]bool{}, 0
	for i := 0; i < len(text); {
		if s.state == inText {
			if length := s.commentLength(text[i:]); length > 0 {
				pieces = append(pieces, markupPiece{text: text[begin:i]}, markupPiece{text[i : i+length], true})
				i += length
				begin = i
				continue
			}
		}
		if text[i] == '<' && s.mayPart() {
			if s.opened++; s.opened > mostOpenings {
				pieces = append(pieces, markupPiece{text: text[begin:i]})
				begin, s.opened = i, 1
			}
		}
		i += s.step(text[i:])
	}
	return append(pieces, markupPiece{text: text[begin:]})
}

// mayPart reports whether the text may be parted in front of a `<`: not in tags and styles,
// where html/template looks at a value or a comment as a whole.
func (s *commentScanner) mayPart() bool {
	return s.state == inText || s.state == inRaw && s.element != "style" || s.bogus
}

// step moves over at least one byte.
func (s *commentScanner) step(rest string) int {
	switch s.state {
	case inText:
		return s.stepText(rest)
	case inTag:
		switch rest[0] {
		case '"', '\'':
			s.state, s.quote = inQuotes, rest[0]
		case '>':
			s.state, s.bogus = inText, false
			if rawElements[s.element] {
				s.state = inRaw
			}
		}
	case inQuotes:
		if rest[0] == s.quote {
			s.state = inTag
		}
	case inRaw:
		if rest[0] == '<' && strings.HasPrefix(strings.ToLower(rest[:min(len(rest), 16)]), "</"+s.element) {
			s.state, s.element = inTag, ""
		}
	}
	return 1
}

func (s *commentScanner) stepText(rest string) int {
	if rest[0] != '<' || len(rest) < 2 {
		return 1
	}
	if rest[1] == '/' {
		s.state, s.element = inTag, ""
		s.bogus = len(rest) > 2 && span(strings.ToLower(rest[2:3]), "abcdefghijklmnopqrstuvwxyz") == 0
		return 2
	}
	length := 1 + span(strings.ToLower(rest[1:min(len(rest), 32)]), "abcdefghijklmnopqrstuvwxyz0123456789")
	if length > 1 && rest[1] > '9' {
		s.state, s.element = inTag, strings.ToLower(rest[1:length])
	}
	return length
}

var rawElements = map[string]bool{
	"script": true, "style": true, "textarea": true, "title": true,
	"iframe": true, "noembed": true, "noframes": true, "xmp": true,
}

// commentLength gives the length of the comment that text begins with: a whole
// one, the head of a conditional one for Outlook (`<!--[if mso]>`, whose content
// is markup), its end (`<![endif]-->`), or `<?…>`; 0 when there is none, or when
// it does not end in this text.
func (s *commentScanner) commentLength(text string) int {
	switch {
	case strings.HasPrefix(text, "<!--[if"):
		end := s.find(text, "]>")
		if end < 0 {
			return 0
		}
		end += len("]>")
		if strings.HasPrefix(text[end:], "<!-->") {
			end += len("<!-->")
		}
		return end
	case strings.HasPrefix(text, "<!-->"):
		return len("<!-->")
	case strings.HasPrefix(text, "<!--->"):
		return len("<!--->")
	case strings.HasPrefix(text, "<!--"):
		return s.firstEnd(text, len("<!--"), "-->", "--!>")
	case strings.HasPrefix(text, "<!["), strings.HasPrefix(text, "<?"):
		return s.firstEnd(text, 2, ">")
	}
	return 0
}

// firstEnd gives where the first of the ends is over, or 0.
func (s *commentScanner) firstEnd(text string, from int, ends ...string) int {
	first := 0
	for _, end := range ends {
		if at := s.find(text[from:], end); at >= 0 {
			if over := from + at + len(end); first == 0 || over < first {
				first = over
			}
		}
	}
	return first
}

// find is strings.Index for the end of a comment; it looks but once for one that is
// not there.
func (s *commentScanner) find(text, end string) int {
	if s.absent[end] {
		return -1
	}
	at := strings.Index(text, end)
	s.absent[end] = at < 0
	return at
}
