package repl

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"flowrun/lang"
)

// Lines is an Editor that reads plain lines: of a pipe, or of a terminal that can
// do no more.
type Lines struct {
	// Prompts is where prompts go; nil for none.
	Prompts io.Writer
	// Interrupts drop what was typed.
	Interrupts <-chan os.Signal

	lines chan line
}

type line struct {
	text string
	err  error
}

// NewLines reads from in.
func NewLines(in io.Reader) *Lines {
	l := &Lines{lines: make(chan line)}
	go l.feed(bufio.NewReader(in))
	return l
}

// feed reads lines until the end, one ahead of what is asked for.
func (l *Lines) feed(in *bufio.Reader) {
	for {
		text, err := readLine(in)
		if text != "" {
			l.lines <- line{text: text}
		}
		if err != nil {
			l.lines <- line{err: err}
			close(l.lines)
			return
		}
	}
}

// readLine reads a line with its line break. One longer than a source may be is an
// error.
func readLine(in *bufio.Reader) (string, error) {
	var text strings.Builder
	for {
		piece, err := in.ReadSlice('\n')
		text.Write(piece)
		switch {
		case err == nil, err == io.EOF:
			return text.String(), err
		case !errors.Is(err, bufio.ErrBufferFull):
			return text.String(), fmt.Errorf("cannot read standard input: %w", err)
		case text.Len() > lang.DefaultLimits.Source:
			return "", fmt.Errorf("a line of standard input has more than %d bytes", lang.DefaultLimits.Source)
		}
	}
}

// mostLooked bounds the bytes that are looked at to find the end of an entry, which is
// done anew with each line. An entry that is longer ends there.
const mostLooked = 64 << 20

// Read gives the next entry.
func (l *Lines) Read(ctx context.Context, prompt string) (string, error) {
	var entry strings.Builder
	looked := 0
	for {
		if l.Prompts != nil {
			fmt.Fprint(l.Prompts, prompt)
			prompt = strings.Repeat(" ", max(0, len(prompt)-4)) + "... "
		}
		select {
		case <-ctx.Done():
			return "", ctx.Err()
		case <-l.Interrupts:
			if l.Prompts != nil {
				fmt.Fprintln(l.Prompts)
			}
			return "", ErrDropped
		case next, open := <-l.lines:
			switch {
			case next.err != nil || !open:
				return l.rest(entry.String(), next.err)
			default:
				entry.WriteString(next.text)
			}
			looked += entry.Len()
			if text := entry.String(); looked > mostLooked || Complete(text) {
				return strings.TrimSuffix(text, "\n"), nil
			}
		}
	}
}

// rest gives what stands before the end, and then the end.
func (l *Lines) rest(text string, err error) (string, error) {
	if err == nil {
		err = io.EOF
	}
	if strings.TrimSpace(text) != "" && err == io.EOF {
		return text, nil // the channel is closed, so the end comes next
	}
	return "", err
}
