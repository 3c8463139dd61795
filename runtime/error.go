package runtime

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"flowrun/lang"
)

// Kind classifies an error of a run. Components may add kinds of their own.
type Kind string

// The kinds that the runtime itself gives.
const (
	// KindValue: a value that cannot be used: an expression failed, a setting
	// has a wrong value.
	KindValue Kind = "value"
	// KindInput: the inputs of a run do not fit the flow's declarations.
	KindInput Kind = "input"
	// KindLimit: a call passed its `limit` and has no failover.
	KindLimit Kind = "limit"
	// KindTimeout: a call did not end within its `timeout`.
	KindTimeout Kind = "timeout"
	// KindFailed: a component failed and gave no kind.
	KindFailed Kind = "failed"
	// KindResource: a limit of the host was exceeded. Nothing in a flow catches it.
	KindResource Kind = "resource"
	// KindCancelled: the host cancelled the run. Nothing in a flow catches it.
	KindCancelled Kind = "cancelled"
	// KindHost: something of the host that is no component broke down: an
	// observer, or the Effects; or the host called the flow in a way that cannot do
	// what the flow does. Nothing in a flow catches it.
	KindHost Kind = "host"
)

// Final reports a kind that nothing in a flow catches.
func (k Kind) Final() bool {
	return k == KindResource || k == KindCancelled || k == KindHost
}

// Failure is what a component returns to fail with a kind and fields of its own.
type Failure struct {
	// Kind classifies the failure; "" means KindFailed. One that is Final ends the
	// run past every catch.
	Kind Kind
	// Message says what happened, in lower case, without the component's name.
	Message string
	// Fields join the error's record beside message, kind, component, line and stack.
	Fields map[string]any
	// Result is what the call's target gets although the call failed; nil for nil.
	Result any
	// Setting is the key of the setting at fault, or "": the error then points at it.
	Setting string
	// Hint is what to do about it; may be empty.
	Hint string
	// Aftermath is what there is to know also when the call failed since its timeout
	// passed or the run was cancelled, whose words then take Message's place and
	// precede it; may be empty.
	Aftermath string
	// Cause is the underlying error, for errors.Is and As; may be nil.
	Cause error
}

func (f *Failure) Error() string {
	if f == nil {
		return "it failed and says nothing"
	}
	return f.Message
}

// Unwrap gives the cause.
func (f *Failure) Unwrap() error {
	if f == nil {
		return nil
	}
	return f.Cause
}

// ErrTimeout is the error of a call that the timeout of the call itself, or of a
// function call around it, has ended. The error of the context that a component
// gets is one (context.Cause), and a component or an Effects that returns one
// ends the call as if the first of these timeouts had passed.
var ErrTimeout = errors.New("the timeout of the call has passed")

// Error is an error of a run with its place in the source.
type Error struct {
	Kind    Kind
	Message string
	Hint    string
	// Component is the name of the component that failed, or "".
	Component string
	// Source and Span are the place; Source is nil when the error has none.
	Source *lang.Source
	Span   lang.Span
	// Stack lists the function calls that led there, innermost first.
	Stack []StackEntry
	// Fields are what the component added.
	Fields map[string]any
	// Cause is the underlying error, or nil.
	Cause error

	result   any       // what the target of the failed call gets
	timedOut *callPass // the call whose timeout passed, until it took the error
}

// catchable reports whether a flow may handle the error where it is now.
func (e *Error) catchable() bool {
	return !e.Kind.Final() && e.timedOut == nil
}

// StackEntry is a call of a function that had not ended when an error happened.
type StackEntry struct {
	Function string
	Range    lang.Range // of the call

	source *lang.Source // of the call; nil: that of the error
}

// Error gives `file:line:col: message`.
func (e *Error) Error() string {
	var b strings.Builder
	if e.Source != nil {
		at := e.Source.Position(e.Span.Start)
		fmt.Fprintf(&b, "%s:%d:%d: ", e.Source.Name, at.Line, at.Column)
	}
	b.WriteString(e.Summary())
	return b.String()
}

// Summary is the message with the component's name before it, without the place.
func (e *Error) Summary() string {
	if e.Component != "" {
		return e.Component + ": " + e.Message
	}
	return e.Message
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Cause }

// Range is the place of the error; the zero Range when it has none.
func (e *Error) Range() lang.Range {
	if e.Source == nil {
		return lang.Range{}
	}
	return e.Source.Range(e.Span)
}

// Is matches errors by kind: errors.Is(err, &Error{Kind: KindTimeout}).
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Kind == e.Kind && t.Message == "" && t.Source == nil
}

// Render writes the error as diagnostics are written, with an excerpt of the
// source and the stack below it.
func (e *Error) Render(w io.Writer, options lang.RenderOptions) error {
	var b strings.Builder
	if e.Source == nil {
		fmt.Fprintf(&b, "error: %s\n", lang.Visible(e.Summary()))
		if e.Hint != "" {
			fmt.Fprintf(&b, "  %s\n", lang.Visible(e.Hint))
		}
	} else {
		d := lang.Diagnostic{Severity: lang.Error, Source: e.Source, Span: e.Span, Summary: e.Summary(), Hint: e.Hint}
		if err := (lang.Diagnostics{d}).Render(&b, options); err != nil {
			return err
		}
		e.renderStack(&b)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// A deep stack is shown by its innermost and outermost calls.
const (
	innermostShown = 10
	outermostShown = 5
)

func (e *Error) renderStack(b *strings.Builder) {
	hidden := len(e.Stack) - innermostShown - outermostShown
	for i, entry := range e.Stack {
		if hidden > 1 && i >= innermostShown && i < innermostShown+hidden {
			if i == innermostShown {
				fmt.Fprintf(b, "  … %d more calls\n", hidden)
			}
			continue
		}
		start := entry.Range.Start
		source := e.Source
		if entry.source != nil {
			source = entry.source
		}
		fmt.Fprintf(b, "  in %s, called at %s:%d:%d\n", entry.Function, lang.VisibleLine(source.Name), start.Line, start.Column)
	}
}

// kindOf gives the kind of an error that a component returned.
func kindOf(err error) Kind {
	var failure *Failure
	if errors.As(err, &failure) && failure.Kind != "" {
		return failure.Kind
	}
	return KindFailed
}
