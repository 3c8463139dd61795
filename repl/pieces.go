package repl

import (
	"context"
	"iter"
	"strings"

	"flowrun/lang"
)

// isCommand reports whether a text is no entry but a command of the prompt.
func isCommand(text string) bool { return strings.HasPrefix(strings.TrimSpace(text), ":") }

// Complete reports whether a text needs no more lines: Enter can take it.
func Complete(text string) bool { return isCommand(text) || !lang.Incomplete(text) }

// mostLooked bounds the bytes that are looked at to find the end of an entry, which is
// done anew with each line. An entry that is longer ends there.
const mostLooked = 32 << 20

// piece is an entry that is read line by line.
type piece struct {
	text   strings.Builder
	looked int
}

// add appends a line, and reports whether the piece ends with it.
func (p *piece) add(line string) bool {
	p.text.WriteString(line)
	p.looked += p.text.Len()
	return p.looked > mostLooked || Complete(p.text.String())
}

// String is the entry as it was read so far, without its last line break.
func (p *piece) String() string {
	return strings.TrimSuffix(strings.TrimSuffix(p.text.String(), "\n"), "\r")
}

// pieces cuts a text into entries, each when it is asked for. What reads well as a
// whole stays one.
func pieces(ctx context.Context, text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		if whole(text) {
			yield(text)
			return
		}
		for text != "" {
			var first string
			if first, text = cut(ctx, text); !yield(first) {
				return
			}
		}
	}
}

// whole reports whether a text is one entry.
func whole(text string) bool {
	if !strings.Contains(strings.TrimSpace(text), "\n") {
		return true
	}
	if isCommand(text) {
		return false
	}
	_, _, problems := lang.ParseEntry("", text)
	return !problems.HasErrors()
}

// cut takes the first entry off a text: the lines up to the one that completes it.
// When ctx ends it takes what it has looked at.
func cut(ctx context.Context, text string) (first, rest string) {
	var p piece
	for line := range strings.Lines(text) {
		if p.add(line) || ctx.Err() != nil {
			return p.String(), text[p.text.Len():]
		}
	}
	return text, ""
}
