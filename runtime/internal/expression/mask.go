package expression

import (
	"unicode/utf8"

	"flowrun/lang"
)

// placeholder is the letter that names may not contain (U+01C3): expr reads a
// run of it as a name, so it stands for a string literal of the same length.
const placeholder = 'ǃ'

// masked is the text of an expression as expr may read it, as many characters
// long as the source: string literals are names, templates are calls with their
// expressions in place, comments are spaces. Offsets count characters from the
// beginning of the expression, as expr does.
type masked struct {
	source *lang.Source
	start  int   // byte offset of the expression in the source
	bytes  []int // byte offset of each character and of the end; nil for ASCII
	chars  []rune

	literals  map[int]*lang.StringLiteral // by offset of the first character
	templates map[int]*lang.StringLiteral // by offset of the called name
	words     map[int]string              // map keys that expr takes for operators
	leasts    map[int]bool                // offsets of numbers that fit only with the minus before them
	closing   map[int]int                 // offset of each bracket's partner
	bad       bool                        // lang has reported an error in it
}

func mask(source *lang.Source, e *lang.Expression) *masked {
	m := &masked{}
	m.cover(source, e)
	return m
}

// cover masks an expression.
func (m *masked) cover(source *lang.Source, e *lang.Expression) {
	m.source, m.start = source, e.Span.Start
	text := source.Slice(e.Span)
	for _, c := range text {
		m.chars = append(m.chars, c)
	}
	if len(m.chars) != len(text) {
		m.bytes = make([]int, 0, len(m.chars)+1)
		for i := range text {
			m.bytes = append(m.bytes, i)
		}
		m.bytes = append(m.bytes, len(text))
	}
	m.expression(e)
}

func (m *masked) expression(e *lang.Expression) {
	if e.Bad {
		m.bad = true
		return
	}
	for _, comment := range e.Comments() {
		m.fill(m.char(comment.Start), m.char(comment.End), ' ')
	}
	for _, word := range e.WordKeys() {
		from, to := m.char(word.Start), m.char(word.End)
		m.fill(from, to, placeholder)
		set(&m.words, from, m.source.Slice(word))
	}
	for _, number := range e.LeastInts() {
		m.leastInt(number)
	}
	for _, literal := range e.Strings {
		if literal.Template() {
			m.template(literal)
			continue
		}
		m.literal(literal)
	}
}

// literal writes a string as a name. Beside a word (`x in"abc"`) it keeps a blank
// from it; the empty string has no character to spare and is a list there.
func (m *masked) literal(literal *lang.StringLiteral) {
	from, to := m.char(literal.Span.Start), m.char(literal.Span.End)
	left, right := isWord(m.at(from-1)), isWord(m.at(to))
	switch {
	case to-from == 2 && (left || right):
		m.chars[from], m.chars[from+1] = '[', ']'
		set(&m.literals, from, literal)
		return
	case left:
		m.chars[from] = ' '
		from++
	}
	if right {
		to--
		m.chars[to] = ' '
	}
	m.fill(from, to, placeholder)
	set(&m.literals, from, literal)
}

// template writes `"a ${x} b ${y}"` as `(ǃ(   x,      y))`.
func (m *masked) template(literal *lang.StringLiteral) {
	from, to := m.char(literal.Span.Start), m.char(literal.Span.End)
	set(&m.templates, from+1, literal)
	last := 0
	blank := from
	for _, part := range literal.Parts {
		if part.Expression == nil {
			continue
		}
		m.fill(blank, m.char(part.Span.Start)+len("${"), ' ')
		m.expression(part.Expression)
		last = m.char(part.Span.End) - len("}")
		m.chars[last] = ','
		blank = last + 1
	}
	m.fill(blank, to, ' ')
	m.chars[from], m.chars[from+1], m.chars[from+2] = '(', placeholder, '('
	m.chars[last], m.chars[to-1] = ')', ')'
}

func set[V any](m *map[int]V, key int, v V) {
	if *m == nil {
		*m = map[int]V{}
	}
	(*m)[key] = v
}

func (m *masked) fill(from, to int, with rune) {
	for i := from; i < to; i++ {
		m.chars[i] = with
	}
}

// char turns a byte offset of the source into an offset of the masked text.
func (m *masked) char(offset int) int {
	offset -= m.start
	if m.bytes == nil {
		return offset
	}
	low, high := 0, len(m.bytes)-1
	for low < high {
		middle := (low + high) / 2
		if m.bytes[middle] < offset {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low
}

// span turns offsets of the masked text into a span of the source.
func (m *masked) span(from, to int) lang.Span {
	from = max(0, min(from, len(m.chars)))
	to = max(from, min(to, len(m.chars)))
	if m.bytes != nil {
		from, to = m.bytes[from], m.bytes[to]
	}
	return lang.Span{Start: m.start + from, End: m.start + to}
}

// text gives the source of a range of the masked text.
func (m *masked) text(from, to int) string { return m.source.Slice(m.span(from, to)) }

// partner gives the offset of the bracket that closes or opens the one at an
// offset, or -1.
func (m *masked) partner(at int) int {
	if m.closing == nil {
		m.closing = map[int]int{}
		var open []int
		for i, c := range m.chars {
			switch c {
			case '(', '[', '{':
				open = append(open, i)
			case ')', ']', '}':
				if len(open) > 0 {
					m.closing[open[len(open)-1]], m.closing[i] = i, open[len(open)-1]
					open = open[:len(open)-1]
				}
			}
		}
	}
	if other, ok := m.closing[at]; ok {
		return other
	}
	return -1
}

// at gives a character, or 0 outside the text.
func (m *masked) at(i int) rune {
	if i < 0 || i >= len(m.chars) {
		return 0
	}
	return m.chars[i]
}

func isBlank(c rune) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

// skip gives the offset of the first character from i on that is not blank.
func (m *masked) skip(i int) int {
	for isBlank(m.at(i)) {
		i++
	}
	return i
}

// widen grows a range by the parentheses that hold nothing else.
func (m *masked) widen(from, to int) (int, int) {
	for {
		before := from - 1
		for isBlank(m.at(before)) {
			before--
		}
		after := m.skip(to)
		if m.at(before) != '(' || m.at(after) != ')' || m.partner(before) != after {
			return from, to
		}
		from, to = before, after+1
	}
}

// String is the masked text.
func (m *masked) String() string {
	size := 0
	for _, c := range m.chars {
		size += utf8.RuneLen(c)
	}
	text := make([]byte, 0, size)
	for _, c := range m.chars {
		text = utf8.AppendRune(text, c)
	}
	return string(text)
}
