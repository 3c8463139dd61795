package runtime

import (
	"errors"
	"fmt"

	"flowrun/lang"
	"flowrun/runtime/internal/expression"
	"flowrun/runtime/value"
)

// call is a call of a component or of a function. A path's first turn is one of
// the places in a call.
type call struct {
	id        int
	span      lang.Span // of the component's name
	place     lang.Range
	first     string // the address of the first pass
	name      string
	component *Component // nil: function
	function  *function  // nil: component
	target    *target    // nil: none

	limit       *limitSetting
	stop        *evaluated // `break`
	timeout     *evaluated
	description string
	settings    []*setting
	outputs     []*setting // those of settings that name output variables
	mustFail    bool       // a run of a test that is expected to fail

	failover  *block
	catch     *block
	catchName *reference // nil: the error is not bound

	shown bool // the result is the value of a session's entry
}

func (s *call) pass(r *run) *callPass {
	switch {
	case s.component == nil || s.component.pass == nil:
		return &callPass{}
	case s.component.plain != nil && s.timeout == nil && r.unwatched():
		return s.reusable(r)
	}
	return s.component.pass()
}

// address is the address of a pass.
func (s *call) address(pass int) string {
	if pass == 1 {
		return s.first
	}
	return addressOf(s.id, pass)
}

// setting is one setting of a call, universal ones excluded.
type setting struct {
	syntax    *lang.Setting
	key       string     // the field's key where the source has an alias
	field     *field     // nil for a function's argument
	parameter *parameter // nil for a component's setting
	value     *evaluated // nil for output and input variables
	variable  reference  // for those
}

// limitSetting is `limit: n` or `limit: { max: n }`.
type limitSetting struct {
	value *evaluated
}

func (l *limitSetting) max(f *frame) (int, *Error) {
	v, err := f.eval(l.value)
	if err != nil {
		return 0, err
	}
	limit, problem := limitOf(v)
	if problem != "" {
		return 0, f.errorAt(l.value.span, problem, "")
	}
	return limit, nil
}

// limitOf reads the value of `limit`.
func limitOf(v any) (limit int, problem string) {
	inner := v
	if fields, ok := value.AsMap(v); ok && len(fields) == 1 {
		inner = fields["max"]
	}
	limit, ok := asInt(inner)
	if !ok {
		return 0, fmt.Sprintf("limit is %s, want an int or { max: int }", described(v))
	}
	if limit < 1 {
		return 0, fmt.Sprintf("limit is %d, want 1 or more", limit)
	}
	return limit, ""
}

// What a call counts beside the step of its statement, and what its failure does.
const (
	callSteps    = 8
	failureSteps = 16
	// bytesPerFailureStep is how much of its message is a step more.
	bytesPerFailureStep = 128
)

// run is one pass, in the order that the language's specification gives:
// counting, settings, the component, then what follows its end.
func (s *call) run(f *frame) signal {
	f.run.look()
	if err := f.run.count(callSteps); err != nil {
		return f.abort(f.place(err, s.span))
	}
	f.run.passes[s.id]++
	if p := f.run.calls[s.id]; p != nil && p.quick != nil && f.run.unwatched() {
		if sig, done := s.quickly(f, p); done {
			return sig
		}
	}
	p := s.pass(f.run)
	p.statement, p.frame, p.number, p.outer = s, f, f.run.passes[s.id], f.run.pass
	if s.limit != nil {
		limit, err := s.limit.max(f)
		switch {
		case err != nil:
			return s.settle(p, s.failed(p, err))
		case p.number > limit && s.failover != nil:
			return s.fail(p)
		case p.number > limit:
			err := p.error(KindLimit, fmt.Sprintf("passed its limit of %d", limit))
			err.Hint = "a failover block says what to do then"
			return s.settle(p, s.failed(p, err))
		}
	}
	result, sig, err := p.perform()
	return s.performed(p, result, sig, err)
}

// performed goes on behind the component or function.
func (s *call) performed(p *callPass, result expression.Cell, sig signal, err *Error) signal {
	if s.mustFail {
		p.frame.run.expectations++
		if err == nil && sig == next {
			p.frame.unmet(s.span, nil)
		}
	}
	switch {
	case err != nil:
		sig = s.failed(p, err)
	case sig == next && s.target != nil:
		if err := s.target.assignCell(p.frame, result); err != nil {
			return p.frame.fail(err)
		}
	}
	if s.shown && err == nil {
		p.frame.run.shown = result.Value()
	}
	p.frame.run.look()
	return s.settle(p, sig)
}

// settle ends the run behind a call whose `break` is true.
func (s *call) settle(p *callPass, sig signal) signal {
	if sig == next && p.stop {
		return stopped
	}
	return sig
}

// fail runs the failover block of a pass above the limit. The settings are not
// evaluated; `break` is, when the block has ended.
func (s *call) fail(p *callPass) signal {
	f := p.frame
	f.run.event(Event{Kind: FailoverTaken, Call: p.describe()})
	return s.failedOver(p, s.failover.run(f))
}

// failedOver goes on behind the failover block of a pass.
func (s *call) failedOver(p *callPass, sig signal) signal {
	if sig == suspended {
		p.frame.run.hang(turn{choice: inFailover, pass: &passState{callPass: p}})
	}
	if sig != next {
		return sig
	}
	if err := p.evaluateBreak(); err != nil {
		return p.frame.fail(err)
	}
	return s.settle(p, next)
}

// failed handles the failure of a call: outputs, target, then whoever takes it.
func (s *call) failed(p *callPass, err *Error) signal {
	f := p.frame
	p.keep() // the settings may be there in part, and the catch block may get here again
	if err.timedOut == p {
		err.timedOut = nil
	}
	if !err.catchable() {
		return f.abort(err)
	}
	if !p.started {
		f.run.event(Event{Kind: CallRefused, Call: p.describe(), Err: err})
		if problem := s.addResult(err); problem != nil {
			return f.abort(problem)
		}
	}
	if ended := f.run.count(failureSteps + len(err.Message)/bytesPerFailureStep); ended != nil {
		return f.abort(f.place(ended, s.span))
	}
	if problem := s.fill(f, err); problem != nil {
		return f.abort(problem)
	}
	switch {
	case s.catch != nil:
		if s.catchName != nil {
			if problem := f.store(*s.catchName, err.record()); problem != nil {
				return f.abort(f.problem(problem, s.span, ""))
			}
		}
		f.run.event(Event{Kind: CatchTaken, Call: p.describe(), Err: err})
		return s.caught(p, s.catch.run(f))
	case len(s.outputs) > 0:
		if s.shown {
			f.run.shown = err.result
		}
		return next
	}
	return f.fail(err)
}

// addResult gives the error of a call whose component did not start the result and
// the fields that the component has for it; its own error is that of the component
// breaking down.
func (s *call) addResult(err *Error) *Error {
	if s.component == nil || s.component.unstarted == nil {
		return nil
	}
	record, fields, problem := s.resultUnstarted(err)
	if problem != nil {
		return problem
	}
	if err.Fields == nil {
		err.Fields = map[string]any{}
	}
	for key, v := range fields {
		if _, given := err.Fields[key]; !given {
			err.Fields[key] = v
		}
	}
	err.result = record
	return nil
}

func (s *call) resultUnstarted(err *Error) (record *value.Record, fields map[string]any, problem *Error) {
	defer s.hookFailing("Unstarted", err, &problem)
	record, fields = s.component.unstarted(err)
	return record, fields, nil
}

func (s *call) outputsOf(err *Error) (values map[string]any, problem *Error) {
	defer s.hookFailing("OutputsOnFailure", err, &problem)
	return s.component.outputs(err), nil
}

// hookFailing is deferred around what a component tells of a failed call: a panic
// becomes the error of the call, with the failure as its cause.
func (s *call) hookFailing(hook string, failure *Error, problem **Error) {
	if reason := recover(); reason != nil {
		*problem = &Error{
			Kind: KindFailed, Message: hook + " of the component broke down", Component: s.name,
			Source: failure.Source, Span: failure.Span, Cause: errors.Join(failure, value.Panicked(reason)),
		}
	}
}

// fill gives the output variables and the target what the failure left.
func (s *call) fill(f *frame, err *Error) *Error {
	var values map[string]any
	if len(s.outputs) > 0 && s.component.outputs != nil {
		var problem *Error
		if values, problem = s.outputsOf(err); problem != nil {
			return problem
		}
	}
	for _, output := range s.outputs {
		v, given := values[output.key]
		if !given {
			v = err.record()
		}
		v, problem := f.run.machine.Budget().From(v)
		if problem == nil {
			problem = f.store(output.variable, v)
		}
		if problem != nil {
			return f.problem(problem, output.syntax.Value.Span, "")
		}
	}
	result := err.result
	err.result = nil
	if s.target == nil {
		return nil
	}
	return s.target.assign(f, result)
}

// caught passes on how the catch block of a pass ended.
func (s *call) caught(p *callPass, sig signal) signal {
	if sig == suspended {
		p.frame.run.hang(turn{choice: inCatch, pass: &passState{callPass: p}})
	}
	return sig
}

func (s *call) enter(f *frame, path []turn) signal {
	at, path := path[0], path[1:]
	if at.pass != nil {
		return s.resume(f, at, path)
	}
	if at.choice == inFailover {
		return f.chosen(inFailover, s.failover.enter(f, path))
	}
	return f.chosen(inCatch, s.catch.enter(f, path))
}

// resume goes on in a pass of a suspended run.
func (s *call) resume(f *frame, at turn, path []turn) signal {
	p := at.pass.resumed(s, f)
	switch at.choice {
	case inFailover:
		return s.failedOver(p, s.failover.enter(f, path))
	case inCatch:
		return s.settle(p, s.caught(p, s.catch.enter(f, path)))
	case inFunction:
		result, sig, err := p.resumeFunction(at.pass.variables, path)
		return s.performed(p, result, sig, err)
	}
	result, sig, err := p.resumeComponent()
	return s.performed(p, result, sig, err)
}

// record is the error as `catch` and output variables bind it.
func (e *Error) record() *value.Record {
	stack := make([]any, len(e.Stack))
	for i, entry := range e.Stack {
		stack[i] = map[string]any{"function": entry.Function, "line": entry.Range.Start.Line}
	}
	fields := map[string]any{
		"message":   e.Message,
		"kind":      string(e.Kind),
		"component": e.Component,
		"line":      e.Range().Start.Line,
		"stack":     stack,
	}
	for key, v := range e.Fields {
		fields[key] = v
	}
	return &value.Record{Fields: fields, Text: e.Message}
}
