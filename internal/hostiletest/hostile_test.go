//go:build linux && !race

package hostiletest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The exit statuses of the command; docs/command.md describes them.
const (
	done    = 0
	failed  = 1
	invalid = 2
	usage   = 3
)

// hostile is a row: a flow and how the command must end.
type hostile struct {
	name   string
	source func() string
	inputs func() string // nil: no file of inputs
	args   []string
	stdin  bool // the flow comes from standard input

	exit int
	kind string // of the last failure, with the status failed
	// says is a part of the message: of the first diagnostic, of the last
	// failure, of a problem, or of the result.
	says string
}

// document is what the command prints.
type document struct {
	Exit        int
	Result      json.RawMessage
	Problems    []string
	Diagnostics []struct {
		Start, End    place
		Summary, Hint string
	}
	Failures []struct {
		Kind, Message, Hint string
		Start               *place
	}
}

type place struct{ Line, Column int }

// runAll runs the rows of a table.
func runAll(t *testing.T, rows []hostile) {
	for _, row := range rows {
		t.Run(row.name, row.run)
	}
}

func (h hostile) run(t *testing.T) {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "hostile.flow")
	write(t, file, h.source())
	if h.inputs != nil {
		write(t, filepath.Join(dir, "hostile.inputs.json"), h.inputs())
	}
	args, stdin := []string{"run", "--json", "--sandbox"}, ""
	if h.stdin {
		args, stdin = append(args, "-"), file
	} else {
		args = append(args, file)
	}
	end := run(t, stdin, append(args, h.args...)...)
	t.Logf("took %.2f s, %.2f s of the processors, %d MiB", end.took.Seconds(), end.busy.Seconds(), end.resident>>20)
	end.checkBounds(t)
	h.checkReport(t, end)
}

// died is what Go writes when a process dies.
var died = regexp.MustCompile(`(?m)^(panic: |fatal error: |runtime: |goroutine \d+ \[|SIG[A-Z]+: |SIGNAL: ).*`)

// checkBounds demands that a child ended by itself, soon and in its memory.
func (e ended) checkBounds(t *testing.T) {
	t.Helper()
	switch {
	case e.killed:
		t.Fatalf("it had to be killed after %v", lifetime)
	case died.MatchString(e.stderr):
		t.Fatalf("the process died: %s", died.FindString(e.stderr))
	}
	if e.busy > slack*promised {
		t.Errorf("it took %v of the processors", e.busy)
	}
	if e.resident > memory {
		t.Errorf("it took %d MiB", e.resident>>20)
	}
}

// checkReport demands the error that a row names.
func (h hostile) checkReport(t *testing.T, end ended) {
	t.Helper()
	var got document
	if err := json.Unmarshal([]byte(end.stdout), &got); err != nil {
		t.Fatalf("%v: status %d, it printed %d bytes, %.300s, and %.300s", err, end.status, len(end.stdout), end.stdout, end.stderr)
	}
	kind, message, placed := got.outcome()
	t.Logf("status %d, kind %q: %.200s", end.status, kind, message)
	if end.status != h.exit || got.Exit != h.exit {
		t.Errorf("the status is %d, and %d in the document, want %d", end.status, got.Exit, h.exit)
	}
	if kind != h.kind {
		t.Errorf("the kind is %q, want %q", kind, h.kind)
	}
	if !strings.Contains(message, h.says) {
		t.Errorf("it says %.300q, want %q", message, h.says)
	}
	if !placed && h.exit != usage && h.exit != done {
		t.Error("the error has no place")
	}
	if len(message) > longest && h.exit != done && h.kind != "failed" {
		t.Errorf("the message has %d bytes", len(message))
	}
	if end.stderr != "" {
		t.Errorf("it wrote to standard error: %.300s", end.stderr)
	}
}

// longest is the size of a message that can be read, in bytes.
const longest = 4 << 10

// outcome is what the document says in the end, and whether that has a place.
func (d document) outcome() (kind, message string, placed bool) {
	switch d.Exit {
	case failed:
		if last := len(d.Failures) - 1; last >= 0 {
			f := d.Failures[last]
			return f.Kind, f.Message + " | " + f.Hint, f.Start != nil
		}
	case invalid:
		if len(d.Diagnostics) > 0 {
			first := d.Diagnostics[0]
			return "", first.Summary + " | " + first.Hint, first.Start.Line > 0 && first.Start.Column > 0
		}
	case usage:
		if len(d.Failures) > 0 {
			return "", d.Failures[0].Message, false
		}
		return "", strings.Join(d.Problems, "\n"), false
	}
	return "", string(d.Result), false
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// text is a source as it stands.
func text(source string) func() string { return func() string { return source } }

// times repeats a part of a source.
func times(n int, part string) func() string { return around("", n, part, "") }

// around repeats a part of a source between two others.
func around(before string, n int, part, after string) func() string {
	return func() string { return before + strings.Repeat(part, n) + after }
}

func TestHostileSyntax(t *testing.T)    { runAll(t, syntaxRows()) }
func TestHostileFiles(t *testing.T)     { runAll(t, fileRows()) }
func TestHostileLoops(t *testing.T)     { runAll(t, loopRows()) }
func TestHostileRecursion(t *testing.T) { runAll(t, recursionRows()) }
func TestHostileTexts(t *testing.T)     { runAll(t, textRows()) }
func TestHostileLists(t *testing.T)     { runAll(t, listRows()) }
func TestHostileWork(t *testing.T)      { runAll(t, workRows()) }
func TestHostilePatterns(t *testing.T)  { runAll(t, patternRows()) }
func TestHostileJSON(t *testing.T)      { runAll(t, jsonRows()) }
func TestHostileFailures(t *testing.T)  { runAll(t, failureRows()) }
