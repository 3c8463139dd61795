package excerpt

import (
	"strings"

	"flowrun/lang"
)

// Secret gives a value that is a secret: masked, unless it only names where the
// secret comes from.
func Secret(source *lang.Source, e *lang.Expression, most int) string {
	if named.MatchString(source.Slice(e.Span)) {
		return Source(source, e.Span, most)
	}
	return Masked
}

// Entries gives a map of which some entries are secrets, each masked as Secret does,
// without its comments. What is not a map that is written out is masked as a whole.
func Entries(source *lang.Source, e *lang.Expression, secret func(key string) bool, most int) string {
	r := entryReader{text: withoutComments(source, e)}
	if !r.read(e) {
		return Secret(source, e, most)
	}
	var text strings.Builder
	at := 0
	for _, entry := range r.entries {
		if secret(entry.key) && !named.MatchString(r.text[entry.value.Start:entry.value.End]) {
			text.WriteString(r.text[at:entry.value.Start] + Masked)
			at = entry.value.End
		}
	}
	text.WriteString(r.text[at:])
	return Line(strings.Join(strings.Fields(text.String()), " "), most)
}

// withoutComments is the text of an expression with blanks in the place of comments.
func withoutComments(source *lang.Source, e *lang.Expression) string {
	text := []byte(source.Slice(e.Span))
	for _, comment := range e.Comments() {
		for at := comment.Start; at < comment.End; at++ {
			text[at-e.Span.Start] = ' '
		}
	}
	return string(text)
}

// entry is an entry of a map, and where in the text its value stands.
type entry struct {
	key   string
	value lang.Span
}

// entryReader reads the entries of a text that is a map from end to end.
type entryReader struct {
	text    string
	entries []entry

	from, colon int // of the entry that is being read; no colon: -1
}

// read reports whether the text, of the expression, is such a map and its keys are
// all names.
func (r *entryReader) read(e *lang.Expression) bool {
	literals := e.Strings
	depth := 0
	for at := 0; at < len(r.text); at++ {
		if len(literals) > 0 && literals[0].Span.Start == e.Span.Start+at {
			at, literals = literals[0].Span.End-e.Span.Start-1, literals[1:]
			continue
		}
		switch c := r.text[at]; {
		case depth == 0:
			if c != '{' || at > 0 {
				return false
			}
			depth, r.from, r.colon = 1, 1, -1
		case strings.IndexByte("([{", c) >= 0:
			depth++
		case depth == 1 && c == ':' && r.colon < 0:
			r.colon = at
		case depth == 1 && (c == ',' || c == '}') && !r.end(at):
			return false
		case strings.IndexByte(")]}", c) >= 0:
			depth--
		}
	}
	return true
}

// end ends an entry, or nothing behind the last comma.
func (r *entryReader) end(at int) bool {
	if r.colon < 0 {
		return strings.TrimSpace(r.text[r.from:at]) == ""
	}
	key := strings.Trim(strings.TrimSpace(r.text[r.from:r.colon]), `"'`)
	value := lang.Span{Start: r.colon + 1, End: at}
	text := r.text[value.Start:value.End]
	value.Start += len(text) - len(strings.TrimLeft(text, " \t\r\n"))
	value.End -= len(text) - len(strings.TrimRight(text, " \t\r\n"))
	r.entries = append(r.entries, entry{key, value})
	r.from, r.colon = at+1, -1
	return lang.IsName(key)
}
