package repl

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// Lines is an Editor that reads plain lines: of a pipe, or of a terminal that can
// do no more.
type Lines struct {
	// Prompts is where prompts go; nil for none.
	Prompts io.Writer
	// Interrupts drop what was typed.
	Interrupts <-chan os.Signal

	lines chan line
	most  int // bytes of an entry
}

type line struct {
	text string
	err  error
}

// NewLines reads entries for r from in.
func NewLines(r *REPL, in io.Reader) *Lines {
	l := &Lines{lines: make(chan line), most: r.engine.Limits().Source}
	go l.feed(bufio.NewReader(in))
	return l
}

// feed reads lines until the end, one ahead of what is asked for.
func (l *Lines) feed(in *bufio.Reader) {
	for {
		text, err := readLine(in, l.most)
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

// longestLine is the size in bytes at which a line ends the input.
const longestLine = 64 << 20

// readLine reads a line with its line break. Of one that is longer than most, which is
// what a source may have, it gives no more than shows that.
func readLine(in *bufio.Reader, most int) (string, error) {
	var text strings.Builder
	for size := 0; ; {
		piece, err := in.ReadSlice('\n')
		size += len(piece)
		text.Write(piece[:min(len(piece), max(0, most+1-text.Len()))])
		switch {
		case err == nil, err == io.EOF:
			return text.String(), err
		case !errors.Is(err, bufio.ErrBufferFull):
			return text.String(), fmt.Errorf("cannot read standard input: %w", err)
		case size > longestLine:
			return "", fmt.Errorf("a line of standard input has more than %d bytes", longestLine)
		}
	}
}

// Read gives the next entry.
func (l *Lines) Read(ctx context.Context, prompt string) (string, error) {
	var entry piece
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
			if next.err != nil || !open {
				return l.rest(entry.text.String(), next.err)
			}
			if entry.add(next.text) || entry.text.Len() > l.most {
				return entry.String(), nil
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
