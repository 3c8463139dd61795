package lang

import (
	"bytes"
	"strings"
)

// formattedLine is a line that is being written. Where an expression or a comment
// spans lines, it is several.
type formattedLine struct {
	indent int
	blank  bool // a blank line stands before it
	text   []byte
	// comment is where the comments at the end begin, with the blank before
	// them, or noComment; it is 0 when the line holds nothing else.
	comment int
}

const noComment = -1

// code is the line without the comments at its end.
func (l *formattedLine) code() []byte {
	if l.comment == noComment {
		return l.text
	}
	return l.text[:l.comment]
}

// several reports whether an expression or a comment makes several lines of it.
func (l *formattedLine) several() bool { return bytes.IndexByte(l.text, '\n') >= 0 }

// formattedLines are the lines that are written, the last one still open.
type formattedLines struct {
	lines []*formattedLine
}

func (w *formattedLines) begin(indent int, blank bool) {
	w.lines = append(w.lines, &formattedLine{indent: indent, blank: blank, comment: noComment})
}

func (w *formattedLines) empty() bool { return len(w.lines) == 0 }

func (w *formattedLines) last() *formattedLine { return w.lines[len(w.lines)-1] }

// write adds a token to the line.
func (w *formattedLines) write(text string) {
	line := w.last()
	line.text = append(line.text, text...)
	line.comment = noComment
}

// writeComment adds a comment to the line.
func (w *formattedLines) writeComment(text string) {
	line := w.last()
	if line.comment == noComment {
		line.comment = len(line.text)
	}
	if len(line.text) > 0 {
		line.text = append(line.text, ' ')
	}
	line.text = append(line.text, text...)
}

// margin is the blanks at the beginning of the line that is written, in the last
// of its lines when it is several.
func (w *formattedLines) margin() string {
	line := w.last()
	lastBreak := bytes.LastIndexByte(line.text, '\n')
	if lastBreak < 0 {
		return strings.Repeat(" ", line.indent)
	}
	return leadingBlanks(string(line.text[lastBreak+1:]))
}

// String gives the text. The comments at the ends of lines stand in one column,
// unless a blank line, a line that holds nothing but a comment, one that is several,
// one that is indented otherwise or the end of a block is between them.
func (w *formattedLines) String() string {
	var out strings.Builder
	for first := 0; first < len(w.lines); {
		next := first + 1
		for next < len(w.lines) && w.lines[next-1].alignsWith(w.lines[next]) {
			next++
		}
		writeRun(&out, w.lines[first:next])
		first = next
	}
	return out.String()
}

func (l *formattedLine) alignsWith(next *formattedLine) bool {
	return l.comment != 0 && next.comment != 0 && !l.several() && !next.several() &&
		!next.blank && l.indent == next.indent && !next.closes()
}

// closes reports whether a line begins with the mark that ends a block or settings.
func (l *formattedLine) closes() bool {
	return len(l.text) > 0 && (l.text[0] == '}' || l.text[0] == '>')
}

func writeRun(out *strings.Builder, lines []*formattedLine) {
	widest := 0
	for _, line := range lines {
		if line.comment != noComment {
			widest = max(widest, textColumns(string(line.code())))
		}
	}
	for _, line := range lines {
		if line.blank {
			out.WriteByte('\n')
		}
		out.WriteString(strings.Repeat(" ", line.indent))
		code := line.code()
		out.Write(code)
		if line.comment != noComment && len(lines) > 1 {
			out.WriteString(strings.Repeat(" ", widest-textColumns(string(code))))
		}
		out.Write(line.text[len(code):])
		out.WriteByte('\n')
	}
}

// textColumns is the number of columns that text takes on a terminal.
func textColumns(text string) int { return columns(cellsOf(text)) }

func leadingBlanks(text string) string {
	return text[:len(text)-len(strings.TrimLeft(text, " \t"))]
}
