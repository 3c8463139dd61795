package repl

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"flowrun/lang"
)

const (
	// mostKept is how many entries of earlier sessions are there again.
	mostKept = 1000
	// longestKept is the size of an entry that is kept, in bytes.
	longestKept = 64 << 10
)

// History is what was typed before, oldest first. Of a file it has what earlier
// sessions typed, and adds to it; only its user can read the file. An entry that
// begins with a blank is not kept.
type History struct {
	file  string // "": none
	lines []string
}

// OpenHistory reads the history of a file, which is made when something is added.
// Without a file the history ends with the session.
func OpenHistory(file string) (*History, error) {
	h := &History{file: file}
	if file == "" {
		return h, nil
	}
	opened, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return h, nil
	}
	if err != nil {
		return h, fmt.Errorf("cannot read the history: %w", err)
	}
	defer opened.Close()
	total := 0
	lines := bufio.NewScanner(opened)
	lines.Buffer(nil, 8*longestKept)
	for lines.Scan() {
		total++
		var text string
		if json.Unmarshal(lines.Bytes(), &text) == nil && text != "" {
			h.lines = append(h.lines, lang.Visible(text))
		}
		if len(h.lines) > 2*mostKept {
			h.lines = append([]string(nil), h.lines[mostKept:]...)
		}
	}
	if err := lines.Err(); err != nil {
		return h, fmt.Errorf("cannot read the history in %s: %w", file, err)
	}
	h.lines = h.lines[max(0, len(h.lines)-mostKept):]
	if total > 2*mostKept {
		return h, h.rewrite()
	}
	return h, nil
}

// rewrite leaves only the entries that are read again.
func (h *History) rewrite() error {
	var b strings.Builder
	for _, line := range h.lines {
		b.Write(encoded(line))
	}
	next := h.file + ".new"
	if err := os.WriteFile(next, []byte(b.String()), 0o600); err != nil {
		return fmt.Errorf("cannot shorten the history: %w", err)
	}
	return os.Rename(next, h.file)
}

func encoded(text string) []byte {
	line, _ := json.Marshal(text) // a string always has JSON
	return append(line, '\n')
}

// Add keeps an entry, unless it is the last one again.
func (h *History) Add(text string) error {
	begun := strings.HasPrefix(text, " ")
	text = strings.TrimRight(text, " \t\n")
	if begun || text == "" || len(text) > longestKept || len(h.lines) > 0 && h.lines[len(h.lines)-1] == text {
		return nil
	}
	h.lines = append(h.lines, text)
	if h.file == "" {
		return nil
	}
	err := os.MkdirAll(filepath.Dir(h.file), 0o700)
	if err != nil {
		return err
	}
	file, err := os.OpenFile(h.file, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(encoded(text))
	return errors.Join(err, file.Close())
}

// Write, GetLine, Len and Dump are what readline wants of a history.
func (h *History) Write(text string) (int, error) { return len(h.lines), h.Add(text) }

// GetLine gives an entry, counted from the oldest.
func (h *History) GetLine(at int) (string, error) {
	if at < 0 || at >= len(h.lines) {
		return "", errors.New("there is no such entry")
	}
	return h.lines[at], nil
}

// Len is the number of entries.
func (h *History) Len() int { return len(h.lines) }

// Dump gives all entries.
func (h *History) Dump() any { return h.lines }
