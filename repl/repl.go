// Package repl is a prompt for the flow language: it reads entries, runs them in a
// runtime.Session, and shows what they give. What it has of the outside comes
// through two interfaces: the Editor reads, the Host runs and shows.
package repl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"flowrun/lang"
	"flowrun/runtime"
)

// Editor reads entries.
type Editor interface {
	// Read shows the prompt, if it shows any, and gives the next entry, which may
	// have several lines. The error is ErrDropped when the user has dropped what was
	// typed, and io.EOF at the end.
	Read(ctx context.Context, prompt string) (string, error)
}

// ErrDropped is Ctrl-C at the prompt.
var ErrDropped = errors.New("the input was dropped")

// Host is where entries run and are shown. One that implements Files has :load and
// :save, too.
type Host interface {
	// Options are those of the next entry's run.
	Options() []runtime.RunOption
	// Inputs gives the inputs of a flow that was loaded.
	Inputs(entry *runtime.Entry, file string) (runtime.Inputs, error)
	// Interruptible gives a context that Ctrl-C ends, until stop is called.
	Interruptible(ctx context.Context) (running context.Context, stop context.CancelFunc)

	// Width is how many columns a line may have, 0 for any number.
	Width() int
	// Print shows lines; it makes what could upset a terminal visible.
	Print(text string)
	// Value shows what an entry gave.
	Value(v any)
	// Diagnostics and Failures show what was wrong.
	Diagnostics(diagnostics lang.Diagnostics)
	Failures(failures []*runtime.Error)
	// Complain shows an error beside those of entries.
	Complain(err error)
	// Settled follows each entry that was run.
	Settled()
	// Trace has the calls of entries shown or not.
	Trace(on bool)
}

// REPL is one user's prompt.
type REPL struct {
	engine  *runtime.Engine
	session *runtime.Session
	host    Host
	files   Files // nil: none
	entries int
	kept    []keptEntry // that succeeded
	failed  bool
	broken  bool // the last entry or command has failed
	ended   bool
}

// New begins at an empty session.
func New(engine *runtime.Engine, host Host) *REPL {
	files, _ := host.(Files)
	return &REPL{engine: engine, session: engine.NewSession(), host: host, files: files}
}

// Failed reports whether an entry or a command has failed.
func (r *REPL) Failed() bool { return r.failed }

// Run reads entries until the editor ends, the user leaves, or ctx ends.
func (r *REPL) Run(ctx context.Context, editor Editor) error {
	for !r.ended {
		text, err := editor.Read(ctx, fmt.Sprintf("flow[%d]> ", r.entries+1))
		switch {
		case errors.Is(err, ErrDropped):
			continue
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		r.enter(ctx, text)
	}
	return nil
}

// Enter runs what was typed or pasted: a command, or one entry or more. Those behind
// one that failed are not run.
func (r *REPL) Enter(ctx context.Context, text string) {
	r.broken = false
	for piece := range pieces(ctx, text) {
		switch {
		case r.ended || ctx.Err() != nil:
			return
		case r.broken && strings.TrimSpace(piece) != "":
			r.skipped()
			return
		}
		r.enter(ctx, piece)
	}
}

// skipped tells that nothing is run behind an entry that failed.
func (r *REPL) skipped() {
	r.complain("what was pasted behind the entry that failed was not run")
}

// enter runs a command or one entry.
func (r *REPL) enter(ctx context.Context, text string) {
	before := r.failed
	r.failed = false
	switch {
	case isCommand(text):
		r.command(ctx, strings.TrimSpace(text))
	case strings.TrimSpace(text) != "":
		r.evaluate(ctx, text)
	default:
		r.failed = r.broken
	}
	r.broken, r.failed = r.failed, r.failed || before
}

// evaluate runs an entry.
func (r *REPL) evaluate(ctx context.Context, text string) {
	r.entries++
	name := fmt.Sprintf("flow[%d]", r.entries)
	entry, diagnostics := r.session.Compile(name, text)
	if entry != nil {
		diagnostics = append(diagnostics, missingInputs(name, text)...)
	}
	r.host.Diagnostics(diagnostics)
	if diagnostics.HasErrors() {
		r.failed = true
		return
	}
	r.run(ctx, entry, nil, keptEntry{name, text})
}

// run runs an entry that checks, and keeps its text when it succeeds.
func (r *REPL) run(ctx context.Context, entry *runtime.Entry, inputs runtime.Inputs, kept keptEntry) {
	running, stop := r.host.Interruptible(ctx)
	evaluation, err := entry.Run(running, inputs, r.host.Options()...)
	stop()
	r.host.Settled()
	if evaluation.Given {
		r.host.Value(evaluation.Value)
	}
	if err != nil {
		r.host.Failures(evaluation.Failures)
		r.failed = true
		return
	}
	r.kept = append(r.kept, kept)
}

// complain shows that a command has failed.
func (r *REPL) complain(format string, args ...any) {
	r.failed = true
	r.host.Complain(fmt.Errorf(format, args...))
}
