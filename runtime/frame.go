package runtime

import (
	"context"
	"errors"
	"fmt"

	"flowrun/lang"
	"flowrun/runtime/internal/expression"
)

// unset is the content of a variable that has no value yet.
type unset struct{}

// frame holds the variables of the flow, or of one call of a function, and how
// its current statement ended. It implements expression.Frame.
type frame struct {
	run       *run
	owner     *variables // names by slot
	variables []any
	sizes     []int     // of the variables, as far as the run holds them
	slots     int       // size of the room for them, as far as the run holds it
	function  *function // nil at flow level

	result any    // with the signal returned
	jump   *label // with the signal jumped
	err    *Error // with the signal failed
}

func newFrame(r *run, owner *variables, f *function) *frame {
	return &frame{run: r, owner: owner, variables: newSlots(owner), sizes: make([]int, len(owner.names)), function: f}
}

func newSlots(owner *variables) []any {
	slots := make([]any, len(owner.names))
	for i := range slots {
		slots[i] = unset{}
	}
	return slots
}

func (f *frame) load(ref reference) (any, bool) {
	variables := f.variables
	if ref.flow {
		variables = f.run.flow.variables
	}
	v := variables[ref.slot]
	_, missing := v.(unset)
	return v, !missing
}

// Load implements expression.Frame.
func (f *frame) Load(slot expression.Slot) (any, bool) {
	if slot < 0 {
		return f.load(reference{slot: int(^slot), flow: true})
	}
	return f.load(reference{slot: int(slot)})
}

// Unset implements expression.Frame.
func (f *frame) Unset(slot expression.Slot, name string) (message, hint string) {
	message = fmt.Sprintf("%s has no value yet", name)
	if slot >= 0 && f.function != nil {
		if _, shared := f.run.program.variables.slots[name]; shared {
			hint = fmt.Sprintf("names assigned in %s are its own; to change the %s %s write `global %s = …`", f.function.what(), f.function.owner(), name, name)
		}
	}
	return message, hint
}

// eval evaluates an expression in this frame.
func (f *frame) eval(e *evaluated) (any, *Error) {
	v, err := f.run.machine.Eval(e.Compiled, f)
	if err == nil {
		return v, nil
	}
	var problem *expression.Error
	if !errors.As(err, &problem) {
		return nil, f.errorAt(e.span, err.Error(), "")
	}
	var ended *Error
	if errors.As(problem.Err, &ended) {
		return nil, f.place(ended, e.span)
	}
	if limit := limitError(problem.Err); limit != nil {
		limit.Message, limit.Hint = problem.Message, problem.Hint
		return nil, f.place(limit, problem.Span)
	}
	return nil, f.errorAt(problem.Span, problem.Message, problem.Hint)
}

// source is the source of the frame's statements.
func (f *frame) source() *lang.Source {
	if f.function != nil {
		return f.function.source
	}
	return f.run.program.source
}

// place says where an error of the run as a whole happened.
func (f *frame) place(err *Error, span lang.Span) *Error {
	if err.Kind == KindHost && err.Source != nil {
		return err // its place is where the host broke down
	}
	err.Source, err.Span = f.source(), span
	return err
}

// condition evaluates what must be true or false.
func (f *frame) condition(e *evaluated) (bool, *Error) {
	v, err := f.eval(e)
	if err != nil {
		return false, err
	}
	holds, ok := v.(bool)
	if !ok {
		return false, f.errorAt(e.span, conditionProblem(v), "")
	}
	return holds, nil
}

func conditionProblem(v any) string {
	return fmt.Sprintf("the condition is %s, want true or false", described(v))
}

// errorAt makes an error of kind value at a place.
func (f *frame) errorAt(span lang.Span, message, hint string) *Error {
	return &Error{Kind: KindValue, Message: message, Hint: hint, Source: f.source(), Span: span}
}

// problem makes an error of something that went wrong with a value: of kind
// resource when a limit of the host is the reason, or the run's own error when the
// run ended meanwhile.
func (f *frame) problem(err error, span lang.Span, hint string) *Error {
	var ended *Error
	if errors.As(err, &ended) {
		return f.place(ended, span)
	}
	if limit := limitError(err); limit != nil {
		return f.place(limit, span)
	}
	return f.errorAt(span, err.Error(), hint)
}

// fail ends a statement with an error: the run goes on behind the statement
// under `onError: "continue"`, else it ends.
func (f *frame) fail(err *Error) signal {
	if !f.run.program.continueOnError || !err.catchable() {
		return f.abort(err)
	}
	if limit := f.run.skip(err); limit != nil {
		return f.abort(f.place(limit, err.Span))
	}
	return next
}

// abort ends a statement with an error that nothing at this level takes.
func (f *frame) abort(err *Error) signal {
	f.err = err
	return failed
}

// withContext runs body under another context of the run.
func (f *frame) withContext(ctx context.Context, body func() signal) signal {
	outer := f.run.ctx
	f.run.setContext(ctx)
	sig := body()
	f.run.setContext(outer)
	return sig
}
