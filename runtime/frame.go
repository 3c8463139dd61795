package runtime

import (
	"context"
	"errors"
	"fmt"

	"flowrun/lang"
	"flowrun/runtime/internal/expression"
)

// frame holds the variables of the flow, or of one call of a function, and how
// its current statement ended. It implements expression.Explainer.
type frame struct {
	expression.Frame
	run      *run
	owner    *variables // names by slot
	slots    int        // size of the room for the variables, as far as the run holds it
	function *function  // nil at flow level

	result     expression.Cell // with the signal returned
	text       string          // where the result is in, when it is one that was made at flow level
	returnedAt lang.Span       // with the signal returned
	jump       *label          // with the signal jumped
	err        *Error          // with the signal failed
}

// nothing is the nil of the language.
var nothing = expression.CellOf(nil)

func newFrame(r *run, owner *variables, f *function) *frame {
	return frameOf(r, owner, f, make([]expression.Variable, len(owner.names)))
}

// frameOf makes a frame of variables that have values already.
func frameOf(r *run, owner *variables, fn *function, slots []expression.Variable) *frame {
	f := &frame{}
	f.begin(r, owner, fn, slots)
	return f
}

func (f *frame) begin(r *run, owner *variables, fn *function, slots []expression.Variable) {
	f.run, f.owner, f.function = r, owner, fn
	f.Own, f.Flow, f.Explain = slots, slots, f
	if fn != nil {
		f.Flow = r.flow.Own
	}
}

// ended forgets how the last statement ended.
func (f *frame) ended() { f.result, f.text, f.jump, f.err = expression.Cell{}, "", nil, nil }

// variable gives a variable as statements address it.
func (f *frame) variable(ref reference) *expression.Variable {
	if ref.flow {
		return &f.Flow[ref.slot]
	}
	return &f.Own[ref.slot]
}

func (f *frame) load(ref reference) (v any, set bool) {
	found := f.variable(ref)
	return found.Value(), found.IsSet()
}

// Unset implements expression.Explainer.
func (f *frame) Unset(slot expression.Slot, name string) (message, hint string) {
	message = fmt.Sprintf("%s has no value yet", name)
	if slot >= 0 && f.function != nil {
		if _, shared := f.run.program.variables.slots.find(name); shared {
			hint = fmt.Sprintf("names assigned in %s are its own; to change the %s %s write `global %s = …`", f.function.what(), f.function.owner(), name, name)
		}
	}
	return message, hint
}

// eval evaluates an expression in this frame.
func (f *frame) eval(e *evaluated) (any, *Error) {
	v, err := f.run.machine.Eval(e.Compiled, &f.Frame)
	if err != nil {
		return nil, f.evaluationError(e, err)
	}
	return v, nil
}

// cell is eval for a value that stays in a Cell.
func (f *frame) cell(e *evaluated) (expression.Cell, *Error) {
	c, err := f.run.machine.Cell(e.Compiled, &f.Frame)
	if err != nil {
		return c, f.evaluationError(e, err)
	}
	return c, nil
}

// evaluationError makes an error of the run of what an evaluation met.
func (f *frame) evaluationError(e *evaluated, err error) *Error {
	var problem *expression.Error
	if !errors.As(err, &problem) {
		return f.errorAt(e.span, err.Error(), "")
	}
	var ended *Error
	if errors.As(problem.Err, &ended) {
		return f.place(ended, e.span)
	}
	if limit := limitError(problem.Err); limit != nil {
		limit.Message, limit.Hint = problem.Message, problem.Hint
		return f.place(limit, problem.Span)
	}
	failed := f.errorAt(problem.Span, problem.Message, problem.Hint)
	failed.Cause = panicIn(err)
	return failed
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
func (f *frame) condition(e *evaluated) (bool, error) {
	if e.scalars != nil && f.run.takeLess(e.steps) {
		if holds, ok := e.scalars(f.Own).Bool(); ok {
			return holds, nil
		}
		f.run.giveBack(e.steps)
	}
	return f.run.machine.Condition(e.Compiled, &f.Frame)
}

// conditionError makes an error of the run of what condition met.
func (f *frame) conditionError(e *evaluated, err error) *Error {
	var other *expression.NotBool
	if errors.As(err, &other) {
		return f.errorAt(e.span, conditionProblem(other.Value), "")
	}
	return f.evaluationError(e, err)
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
	failed := f.errorAt(span, err.Error(), hint)
	failed.Cause = panicIn(err)
	return failed
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
