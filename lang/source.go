package lang

import (
	"sort"
	"strings"
	"unicode/utf8"
)

// Source is the text of one file with an index of its lines. CRLF is read as
// LF and a byte order mark at the beginning is dropped, so offsets count bytes
// of Text, not of the file.
type Source struct {
	Name string
	Text string

	lines []int // offset of the first byte of each line
}

// NewSource indexes text. It accepts any bytes; Parse reports what is not UTF-8.
func NewSource(name, text string) *Source {
	text = strings.TrimPrefix(text, "\ufeff")
	if strings.Contains(text, "\r\n") {
		text = strings.ReplaceAll(text, "\r\n", "\n")
	}
	lines := make([]int, 1, 1+strings.Count(text, "\n"))
	for offset := 0; ; {
		next := strings.IndexByte(text[offset:], '\n')
		if next < 0 {
			break
		}
		offset += next + 1
		lines = append(lines, offset)
	}
	return &Source{Name: name, Text: text, lines: lines}
}

// Span is a half-open range of byte offsets into Source.Text.
type Span struct {
	Start, End int
}

// Cover gives the smallest span that holds both.
func (s Span) Cover(other Span) Span {
	return Span{Start: min(s.Start, other.Start), End: max(s.End, other.End)}
}

// Position is a place in a source. Line and Column count from 1; Column counts
// characters (Unicode code points), Offset bytes.
type Position struct {
	Offset, Line, Column int
}

// Range is a half-open range of positions.
type Range struct {
	Start, End Position
}

// Position finds the line and column of an offset. Offsets outside the text
// are taken as its nearest end.
func (s *Source) Position(offset int) Position {
	offset = max(0, min(offset, len(s.Text)))
	line := s.LineOf(offset)
	start := s.lines[line-1]
	return Position{
		Offset: offset,
		Line:   line,
		Column: 1 + utf8.RuneCountInString(s.Text[start:offset]),
	}
}

// LineOf finds the line of an offset, as Position does, in less time: it counts no
// columns.
func (s *Source) LineOf(offset int) int {
	return sort.SearchInts(s.lines, max(0, min(offset, len(s.Text)))+1)
}

// lineStart gives the offset of the first byte of the line of an offset.
func (s *Source) lineStart(offset int) int {
	return s.lines[sort.SearchInts(s.lines, offset+1)-1]
}

// Range gives the positions of a span.
func (s *Source) Range(span Span) Range {
	return Range{Start: s.Position(span.Start), End: s.Position(span.End)}
}

// Line gives the text of a line, counted from 1, without its line break; "" for
// a line that does not exist.
func (s *Source) Line(number int) string {
	if number < 1 || number > len(s.lines) {
		return ""
	}
	start, end := s.lines[number-1], len(s.Text)
	if number < len(s.lines) {
		end = s.lines[number] - 1
	}
	return s.Text[start:end]
}

// Slice gives the text of a span.
func (s *Source) Slice(span Span) string {
	return s.Text[span.Start:span.End]
}
