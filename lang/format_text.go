package lang

import (
	"cmp"
	"slices"
	"strings"
)

// What spans lines moves with the line that it begins on: its further lines are
// indented as much deeper as they were in the source.

// movement is from the margin of a line in the source to that of a line that is
// written. A tab that stays counts as one step of indentation.
type movement struct{ from, to string }

// move gives the blanks that stand before a line in place of those in the source.
func (m movement) move(blanks string) string {
	deeper, found := strings.CutPrefix(blanks, m.from)
	if !found {
		deeper = ""
	}
	return m.to + spacesForTabs(deeper)
}

func spacesForTabs(blanks string) string {
	return strings.ReplaceAll(blanks, "\t", strings.Repeat(" ", indentStep))
}

// movementAt is how the text at an offset moves, which comes next on the line
// that is written.
func (f *formatter) movementAt(offset int) movement {
	return movement{from: leadingBlanks(f.source.Text[f.source.lineStart(offset):offset]), to: f.margin()}
}

// commentText gives a comment as it is written.
func (f *formatter) commentText(span Span) string {
	text := f.source.Slice(span)
	if !strings.Contains(text, "\n") {
		return movement{}.comment(text)
	}
	return f.movementAt(span.Start).comment(text)
}

// comment moves a comment. Its lines that are indented less than the first stay
// where they are.
func (m movement) comment(text string) string {
	if !strings.HasPrefix(text, "/*") {
		return strings.TrimRight(text, " \t")
	}
	lines := strings.Split(text, "\n")
	for i, line := range lines[1:] {
		if rest, deep := strings.CutPrefix(line, m.from); deep && strings.Trim(rest, " \t") != "" {
			lines[1+i] = m.to + rest
		}
	}
	return strings.Join(lines, "\n")
}

// movedExpression gives an expression as it is written. Within its lines nothing
// changes.
func (f *formatter) movedExpression(e *Expression) string {
	text := f.source.Slice(e.Span)
	if !strings.Contains(text, "\n") {
		return text
	}
	m := f.movementAt(e.Span.Start)
	var out strings.Builder
	at := e.Span.Start
	for _, p := range opaqueParts(e) {
		out.WriteString(m.lines(f.source.Text[at:p.span.Start]))
		at = p.span.End
		switch text := f.source.Slice(p.span); {
		case p.literal == nil:
			out.WriteString(m.comment(text))
		case p.literal.Kind == TextBlock:
			out.WriteString(m.textBlock(f.source, p.literal))
		default:
			out.WriteString(text)
		}
	}
	out.WriteString(m.lines(f.source.Text[at:e.Span.End]))
	return out.String()
}

// opaquePart is a string, or else a comment, in an expression.
type opaquePart struct {
	span    Span
	literal *StringLiteral
}

func opaqueParts(e *Expression) []opaquePart {
	var parts []opaquePart
	for _, literal := range e.Strings {
		parts = append(parts, opaquePart{span: literal.Span, literal: literal})
	}
	for _, comment := range e.Comments() {
		parts = append(parts, opaquePart{span: comment})
	}
	slices.SortFunc(parts, func(a, b opaquePart) int { return cmp.Compare(a.span.Start, b.span.Start) })
	return parts
}

// lines moves text that is neither in a string nor in a comment.
func (m movement) lines(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		inner := i > 0
		if i < len(lines)-1 {
			line = strings.TrimRight(line, " \t")
			inner = inner && line != ""
		}
		if inner {
			blanks := leadingBlanks(line)
			line = m.move(blanks) + line[len(blanks):]
		}
		lines[i] = line
	}
	return strings.Join(lines, "\n")
}

// textBlock moves the lines of a text block together with the indentation that is
// no part of its value. Lines that begin inside of a `${…}` stay.
func (m movement) textBlock(source *Source, literal *StringLiteral) string {
	lines := splitTextBlock(source, literal)
	indent := textBlockIndent(lines)
	to := spacesForTabs(indent)
	if strings.HasPrefix(indent, m.from) {
		to = m.move(indent)
	}
	for i, line := range lines[1:] {
		blanks := leadingBlanks(line)
		shared := 0
		for shared < len(indent) && shared < len(blanks) && indent[shared] == blanks[shared] {
			shared++
		}
		rest := line[shared:]
		if rest != "" {
			rest = to + rest
		}
		lines[1+i] = rest
	}
	return strings.Join(lines, "\n")
}

// splitTextBlock gives the lines of a text block. Line breaks inside of a `${…}`
// begin no lines.
func splitTextBlock(source *Source, literal *StringLiteral) []string {
	var lines []string
	begin := literal.Span.Start
	at := begin
	part := 0
	for at < literal.Span.End {
		for part < len(literal.Parts) && (literal.Parts[part].Expression == nil || literal.Parts[part].Span.End <= at) {
			part++
		}
		switch {
		case part < len(literal.Parts) && literal.Parts[part].Span.Start == at:
			at = literal.Parts[part].Span.End
			continue
		case source.Text[at] == '\n':
			lines = append(lines, source.Text[begin:at])
			begin = at + 1
		}
		at++
	}
	return append(lines, source.Text[begin:literal.Span.End])
}

// textBlockIndent gives the indentation that is no part of the value: that of the
// closing quotes when these stand alone, else what all lines share.
func textBlockIndent(lines []string) string {
	if len(lines) == 1 {
		return ""
	}
	last := lines[len(lines)-1]
	if blanks := leadingBlanks(last); blanks+`"""` == last {
		return blanks
	}
	indent, found := "", false
	for _, line := range lines[1:] {
		blanks := leadingBlanks(line)
		switch {
		case blanks == line:
			continue
		case !found:
			indent, found = blanks, true
		}
		n := 0
		for n < len(indent) && n < len(blanks) && indent[n] == blanks[n] {
			n++
		}
		indent = indent[:n]
	}
	return indent
}
