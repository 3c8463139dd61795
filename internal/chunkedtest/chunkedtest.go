// Package chunkedtest reads data files for tests of the language: one file a
// topic, cut into chunks, with the diagnostics that each chunk must give
// written into it as comments at the place where they are reported.
//
//	// a setting that does not exist
//	sendEmail <
//	  to: "ann@example.com"
//	  subjct: "Hi"  //~ 3 error: unknown setting "subjct" of sendEmail | hint: did you mean "subject"?
//	>
//	---
//	//~2:5 error: the string is not closed
//	x = "abc
//
// Chunks are separated by lines that are exactly `---`. A marker is
//
//	//~ COLUMN SEVERITY: summary
//	//~LINE:COLUMN SEVERITY: summary
//
// The first form speaks of its own line; the second of a line of the chunk,
// counted from 1, for places where a comment cannot stand. Severity is error or
// warning. The summary must be exact. ` | hint: text` after it demands that
// hint, ` | hint:` demands that there is none, and without it any hint will do.
// Several markers on one line are separated by ` //~`. Markers stay in the
// source: to the language they are comments.
package chunkedtest

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Diagnostic is a problem as a test sees it. Line counts from 1 within the
// chunk, Column in characters from 1; Severity is "error" or "warning".
type Diagnostic struct {
	Line, Column  int
	Severity      string
	Summary, Hint string
}

// Chunk is one source of a data file.
type Chunk struct {
	// Name is fit for t.Run: the line where the chunk begins and the text of
	// the comment on its first line, when it has one.
	Name string
	// Filename is the path of the data file.
	Filename string
	// FirstLine is the line of the file on which the chunk begins, from 1.
	FirstLine int
	// Source is the text of the chunk, markers included.
	Source string

	wanted []wanted
}

// wanted is a marker.
type wanted struct {
	Diagnostic
	anyHint bool
	marked  int // the line of the file that holds the marker
}

var (
	markerStart = regexp.MustCompile(`(?:^|\s)//~`)
	markerForm  = regexp.MustCompile(`^(?:(\d+):| )(\d+) (error|warning): (.+)$`)
)

// Read gives the chunks of a data file. It ends the test when the file cannot
// be read or a marker in it is malformed.
func Read(t testing.TB, filename string) []Chunk {
	t.Helper()
	content, err := os.ReadFile(filename)
	if err != nil {
		t.Fatal(err)
	}
	chunks, err := parse(filename, string(content))
	if err != nil {
		t.Fatal(err)
	}
	return chunks
}

func parse(filename, content string) ([]Chunk, error) {
	var chunks []Chunk
	lines := strings.SplitAfter(content, "\n")
	for first := 0; first < len(lines); {
		end := first
		for end < len(lines) && strings.TrimRight(lines[end], "\r\n") != "---" {
			end++
		}
		chunk, err := parseChunk(filename, first+1, lines[first:end])
		if err != nil {
			return nil, err
		}
		chunks = append(chunks, chunk)
		first = end + 1
	}
	return chunks, nil
}

func parseChunk(filename string, firstLine int, lines []string) (Chunk, error) {
	chunk := Chunk{
		Name:      "line " + strconv.Itoa(firstLine),
		Filename:  filename,
		FirstLine: firstLine,
		Source:    strings.Join(lines, ""),
	}
	heading, _, _ := strings.Cut(chunk.Source, "\n")
	if title, ok := strings.CutPrefix(strings.TrimSpace(heading), "// "); ok {
		chunk.Name += " " + title
	}
	for i, line := range lines {
		markers := markerStart.FindAllStringIndex(line, -1)
		for n, place := range markers {
			end := len(line)
			if n+1 < len(markers) {
				end = markers[n+1][0]
			}
			want, err := parseMarker(strings.TrimRight(line[place[1]:end], " \t\r\n"), i+1)
			if err != nil {
				return Chunk{}, fmt.Errorf("%s:%d: %w", filename, firstLine+i, err)
			}
			want.marked = firstLine + i
			chunk.wanted = append(chunk.wanted, want)
		}
	}
	return chunk, nil
}

func parseMarker(text string, line int) (wanted, error) {
	parts := markerForm.FindStringSubmatch(text)
	if parts == nil {
		return wanted{}, fmt.Errorf("malformed marker %q: write //~ COLUMN error: summary or //~LINE:COLUMN error: summary", "//~"+text)
	}
	if parts[1] != "" {
		line, _ = strconv.Atoi(parts[1])
	}
	column, _ := strconv.Atoi(parts[2])
	summary, hint, hasHint := strings.Cut(parts[4], " | hint:")
	return wanted{
		Diagnostic: Diagnostic{
			Line: line, Column: column,
			Severity: parts[3], Summary: strings.TrimSpace(summary), Hint: strings.TrimSpace(hint),
		},
		anyHint: !hasHint,
	}, nil
}

// Wanted gives the diagnostics that the chunk's markers ask for, in order of
// place.
func (c Chunk) Wanted() []Diagnostic {
	var all []Diagnostic
	for _, want := range c.wanted {
		all = append(all, want.Diagnostic)
	}
	slices.SortStableFunc(all, byPlace)
	return all
}

// Compare fails the test once for every diagnostic that is got and not wanted,
// and for every one that is wanted and not got. The order does not matter.
func (c Chunk) Compare(t testing.TB, got []Diagnostic) {
	t.Helper()
	for _, difference := range c.differences(got) {
		t.Error(difference)
	}
}

func (c Chunk) differences(got []Diagnostic) []string {
	open := slices.Clone(c.wanted)
	var unexpected []Diagnostic
	for _, diagnostic := range got {
		i := slices.IndexFunc(open, func(want wanted) bool { return want.matches(diagnostic) })
		if i < 0 {
			unexpected = append(unexpected, diagnostic)
			continue
		}
		open = slices.Delete(open, i, i+1)
	}
	slices.SortStableFunc(unexpected, byPlace)
	var all []string
	for _, diagnostic := range unexpected {
		all = append(all, fmt.Sprintf("%s: unexpected:\n\t%s", c.place(diagnostic), diagnostic))
	}
	for _, want := range open {
		text := want.String()
		if want.Hint == "" && !want.anyHint {
			text += " | hint:"
		}
		all = append(all, fmt.Sprintf("%s: missing (marked on line %d):\n\t%s", c.place(want.Diagnostic), want.marked, text))
	}
	return all
}

func (w wanted) matches(got Diagnostic) bool {
	if w.anyHint {
		got.Hint = w.Hint
	}
	return got == w.Diagnostic
}

// place is the position of a diagnostic in the data file.
func (c Chunk) place(d Diagnostic) string {
	return fmt.Sprintf("%s:%d:%d", filepath.ToSlash(c.Filename), c.FirstLine-1+d.Line, d.Column)
}

// String gives the diagnostic in the form of a marker with line and column of
// the chunk.
func (d Diagnostic) String() string {
	text := fmt.Sprintf("//~%d:%d %s: %s", d.Line, d.Column, d.Severity, d.Summary)
	if d.Hint != "" {
		text += " | hint: " + d.Hint
	}
	return text
}

func byPlace(a, b Diagnostic) int {
	return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
}
