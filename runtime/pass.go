package runtime

import (
	"context"
	"fmt"
	"reflect"
	"time"

	"flowrun/lang"
	"flowrun/runtime/internal/expression"
	"flowrun/runtime/value"
)

// callPass is one pass through a call statement.
type callPass struct {
	statement *call
	frame     *frame
	number    int
	outer     *callPass      // the function call it happens in; nil at flow level
	stop      bool           // `break` is true
	call      Call           // filled by describe
	settings  any            // a pointer to the settings struct; nil: none yet
	targets   []any          // of a reusable pass: pointers to the fields that the settings of the call are in
	quick     []quickSetting // of a reusable pass that may be over quickly; nil: it never is

	timeout  time.Duration // 0: none
	deadline time.Time     // in the time of the run, when timeout is set
	started  bool          // the component or function has
	began    *time.Time    // when the component started; nil when the run is not observed
}

// describe is the call as its component and observers see it.
func (p *callPass) describe() *Call {
	c := &p.call
	if c.pass == nil {
		s, r := p.statement, p.frame.run
		r.known = true
		r.seeded()
		p.keep() // whoever gets the Call may do so
		c.Component, c.Description, c.Range = s.name, s.description, s.place
		c.Flow, c.Run, c.Address = r.program.name, r.identity(), s.address(p.number)
		c.pass = p
	}
	return c
}

// error makes an error of this call at its component's name.
func (p *callPass) error(kind Kind, message string) *Error {
	return &Error{
		Kind: kind, Message: message, Component: p.statement.name,
		Source: p.frame.source(), Span: p.statement.span,
	}
}

// own makes an error of an expression in the settings an error of this call.
func (p *callPass) own(err *Error) *Error {
	if err != nil && err.Component == "" {
		err.Component = p.statement.name
	}
	return err
}

func (p *callPass) evaluateBreak() *Error {
	s := p.statement
	if s.stop == nil {
		return nil
	}
	v, err := p.frame.eval(s.stop)
	if err != nil {
		return p.own(err)
	}
	stop, ok := v.(bool)
	if !ok {
		return p.own(p.frame.errorAt(s.stop.span, fmt.Sprintf("break is %s, want true or false", described(v)), ""))
	}
	p.stop = stop
	return nil
}

func (p *callPass) evaluateTimeout() *Error {
	s := p.statement
	p.frame.run.known = true // contexts with the timeout know this pass
	v, err := p.frame.eval(s.timeout)
	if err != nil {
		return p.own(err)
	}
	d, problem, hint := timeoutOf(v)
	if problem != "" {
		return p.own(p.frame.errorAt(s.timeout.span, problem, hint))
	}
	p.timeout = d
	p.deadline = p.frame.run.now().Add(d)
	return nil
}

// timeoutOf reads the value of `timeout`.
func timeoutOf(v any) (d time.Duration, problem, hint string) {
	d, hint, ok := asDuration(v)
	if !ok {
		return 0, fmt.Sprintf("timeout is %s, want a duration", described(v)), hint
	}
	if d <= 0 {
		return 0, fmt.Sprintf("timeout is %s, want more than nothing", value.FormatDuration(d)), ""
	}
	return d, "", ""
}

// earliest is the first deadline of this pass and those around it.
func (p *callPass) earliest() (deadline time.Time, owner *callPass) {
	for ; p != nil; p = p.outer {
		if p.timeout > 0 && (owner == nil || p.deadline.Before(deadline)) {
			deadline, owner = p.deadline, p
		}
	}
	return deadline, owner
}

// perform evaluates the settings and runs the component or function. The signal
// is next or, when the function stopped the flow, stopped.
func (p *callPass) perform() (expression.Cell, signal, *Error) {
	if p.statement.stop != nil {
		if err := p.evaluateBreak(); err != nil {
			return nothing, next, err
		}
	}
	if p.statement.timeout != nil {
		if err := p.evaluateTimeout(); err != nil {
			return nothing, next, err
		}
	}
	if p.statement.function != nil {
		return p.callFunction()
	}
	return p.callComponent()
}

// timedOut is the error of this call when its timeout has passed. What it
// interrupts cannot catch it; this call can.
func (p *callPass) timedOut() *Error {
	return &Error{Kind: KindTimeout, Message: "did not end within " + value.FormatDuration(p.timeout), timedOut: p}
}

func (p *callPass) callComponent() (expression.Cell, signal, *Error) {
	r := p.frame.run
	held := 0
	result, sig, err := p.withSettings(&held)
	r.held -= held
	return result, sig, err
}

// withSettings decodes the settings, adds to held what they take, and goes on with the
// component.
func (p *callPass) withSettings(held *int) (expression.Cell, signal, *Error) {
	s, f := p.statement, p.frame
	r := f.run
	if p.settings == nil {
		p.settings = reflect.New(s.component.schema.typ).Interface()
	}
	var shown []EventSetting
	for i, setting := range s.settings {
		c, err := p.decode(i, setting)
		if err != nil {
			return nothing, next, err
		}
		size, problem := r.holdCell(&c)
		if problem != nil {
			return nothing, next, p.own(f.problem(problem, setting.syntax.Value.Span, ""))
		}
		*held += size
		if r.observe != nil && setting.field.kind != kindOutput {
			shown = append(shown, EventSetting{Key: setting.key, Value: setting.field.shown(c.Value())})
		}
	}
	for _, output := range s.outputs {
		if err := f.store(output.variable, nil); err != nil {
			return nothing, next, p.own(f.problem(err, output.syntax.Value.Span, ""))
		}
	}
	if s.component.plain != nil && s.timeout == nil && r.unwatched() {
		return p.startPlain()
	}
	if err := r.lookNow(); err != nil {
		return nothing, next, f.place(err, s.span)
	}
	p.started = true
	call := p.describe()
	r.event(Event{Kind: CallStarted, Call: call, Settings: shown})
	if r.observe != nil {
		began := r.now()
		p.began = &began
	}
	return p.invoke(call, p.settings)
}

// decode evaluates the setting with this index into the settings struct and gives its
// value.
func (p *callPass) decode(i int, s *setting) (expression.Cell, *Error) {
	if s.value == nil {
		v, err := p.decodeVariable(s.field.in(p.settings), s)
		return expression.CellOf(v), err
	}
	f := p.frame
	c, err := f.cell(s.value)
	if err != nil {
		return c, p.own(err)
	}
	if p.targets != nil {
		if _, done := putPlain(p.targets[i], &c); done {
			return c, nil
		}
	}
	if problem := s.field.decodeCell(s.field.in(p.settings), c, f.run.program.secrets); problem != nil {
		err := p.own(f.problem(problem, s.value.span, hintOf(problem)))
		err.Cause = problem
		return c, err
	}
	return c, nil
}

// decodeVariable is decode for a setting that names a variable.
func (p *callPass) decodeVariable(field reflect.Value, s *setting) (any, *Error) {
	f := p.frame
	name := f.source().Slice(s.syntax.Value.Span)
	if s.field.kind == kindOutput {
		field.Set(reflect.ValueOf(OutputVariable{Name: name}))
		return nil, nil
	}
	v, set := f.load(s.variable)
	if !set {
		message, hint := f.Unset(s.variable.expressionSlot(), name)
		return nil, p.own(f.errorAt(s.syntax.Value.Span, message, hint))
	}
	if problem := s.field.refuseSecrets(v); problem != nil {
		return nil, p.own(f.errorAt(s.syntax.Value.Span, problem.Error(), hintOf(problem)))
	}
	field.Set(reflect.ValueOf(InputVariable{Name: name, Value: value.Clone(v)}))
	return v, nil
}

// invoke runs the component under the call's timeout.
func (p *callPass) invoke(call *Call, settings any) (expression.Cell, signal, *Error) {
	r := p.frame.run
	ctx := r.ctx
	if p.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, p.timeout, &timeoutCause{p})
		defer cancel()
	}
	v, err := p.through(ctx, call, settings)
	return p.delivered(ctx, v, err)
}

// through calls the component by way of the run's effects. Those of an ordinary
// run have nothing to add.
func (p *callPass) through(ctx context.Context, call *Call, settings any) (any, error) {
	component := p.statement.component
	if _, direct := p.frame.run.effects.(Direct); direct {
		return component.call(ctx, call, settings)
	}
	return p.frame.run.perform(ctx, call, func(ctx context.Context) (any, error) {
		return component.call(ctx, call, settings)
	})
}

// call invokes the component; a panic of it is an error.
func (c *Component) call(ctx context.Context, call *Call, settings any) (v any, err error) {
	defer failing("the component", &err)
	v, err = c.invoke(ctx, call, settings)
	return v, sound(err)
}

func (p *callPass) setting(key string) *setting {
	for _, s := range p.statement.settings {
		if s.key == key {
			return s
		}
	}
	return nil
}

// callFunction runs a function in a frame of its own.
func (p *callPass) callFunction() (expression.Cell, signal, *Error) {
	s, f := p.statement, p.frame
	r, fn := f.run, s.function
	if err := r.count(len(fn.variables.names) / variablesPerStep); err != nil {
		return nothing, next, p.own(f.place(err, s.span))
	}
	if fn.broken != nil {
		return nothing, next, p.broken(fn)
	}
	child := newFrame(r, fn.variables, fn)
	defer child.letGo()
	if err := child.holdSlots(); err != nil {
		return nothing, next, p.own(f.problem(err, s.span, ""))
	}
	var shown []EventSetting
	for _, setting := range s.settings {
		v, err := setting.parameter.take(f, setting.value)
		if err != nil {
			return nothing, next, p.own(err)
		}
		if problem := child.store(reference{slot: setting.parameter.slot}, v); problem != nil {
			return nothing, next, p.own(f.problem(problem, setting.value.span, ""))
		}
		if r.observe != nil {
			shown = append(shown, EventSetting{Key: setting.key, Value: v})
		}
	}
	if r.depth >= r.program.limits.CallDepth {
		err := p.error(KindResource, fmt.Sprintf("function calls nest deeper than %d", r.program.limits.CallDepth))
		err.Hint = lang.LimitHint("CallDepth")
		return nothing, next, err
	}
	p.started = true
	if r.observe != nil {
		r.event(Event{Kind: CallStarted, Call: p.describe(), Settings: shown})
	}
	p.into()
	result, sig, err := p.body(child)
	return p.leave(child, result, sig, err)
}

// into begins what happens inside a function.
func (p *callPass) into() {
	r := p.frame.run
	r.depth++
	r.pass = p
}

// leave goes on behind the body of a function.
func (p *callPass) leave(child *frame, result expression.Cell, sig signal, err *Error) (expression.Cell, signal, *Error) {
	r := p.frame.run
	r.pass = p.outer
	r.depth--
	if sig == suspended {
		r.hang(turn{choice: inFunction, pass: &passState{callPass: p, variables: child.Own}})
		return nothing, suspended, nil
	}
	if err != nil {
		err.Stack = append(err.Stack, p.stackEntry(child.function, err.Source))
		err.result = nil
	}
	if r.observe != nil {
		r.event(Event{Kind: CallEnded, Call: p.describe(), Result: result.Value(), Err: err})
	}
	return result, sig, err
}

// stackEntry is the call of a function for an error in a source.
func (p *callPass) stackEntry(fn *function, faulty *lang.Source) StackEntry {
	source := p.frame.source()
	entry := StackEntry{Function: fn.name, Range: source.Range(p.statement.span)}
	if faulty != nil && source != faulty {
		entry.source = source
	}
	return entry
}

// body runs a function from its beginning.
func (p *callPass) body(child *frame) (expression.Cell, signal, *Error) {
	fn := child.function
	for _, parameter := range fn.parameters {
		if child.Own[parameter.slot].IsSet() {
			continue
		}
		if err := p.frame.run.step(); err != nil {
			return nothing, next, child.place(err, parameter.fallback.span)
		}
		v, err := parameter.take(child, parameter.fallback)
		if err != nil {
			return nothing, next, err
		}
		if problem := child.store(reference{slot: parameter.slot}, v); problem != nil {
			return nothing, next, child.problem(problem, parameter.fallback.span, "")
		}
	}
	if p.timeout == 0 {
		return ended(child, fn.body.run(child))
	}
	ctx, cancel := context.WithTimeoutCause(p.frame.run.ctx, p.timeout, &timeoutCause{p})
	defer cancel()
	return ended(child, child.withContext(ctx, func() signal { return fn.body.run(child) }))
}

// ended says how a function's body ended.
func ended(child *frame, sig signal) (expression.Cell, signal, *Error) {
	switch sig {
	case failed:
		return nothing, next, child.err
	case returned:
		return child.result, next, nil
	case stopped, suspended:
		return nothing, sig, nil
	}
	return nothing, next, nil
}

// function is a function of the flow.
type function struct {
	name       string
	source     *lang.Source
	span       lang.Span      // of the name
	syntax     *lang.Function // nil for the body of a test
	parameters []*parameter
	variables  *variables
	body       *block
	broken     *lang.Diagnostic // why a function of a session cannot run; nil: it can
	test       bool             // it is a test
}

// what and owner name a function, and whose variables it reads, in messages.
func (fn *function) what() string {
	if fn.test {
		return "a test"
	}
	return "a function"
}

func (fn *function) owner() string {
	if fn.test {
		return "file's"
	}
	return "flow's"
}

// parameter is one parameter of a function.
type parameter struct {
	name     string
	slot     int
	typ      valueType
	fallback *evaluated // nil: required
}

// take evaluates an argument as the parameter's type has it.
func (p *parameter) take(f *frame, argument *evaluated) (any, *Error) {
	v, err := f.eval(argument)
	if err != nil {
		return nil, err
	}
	taken, ok := p.typ.take(v)
	if !ok {
		return nil, f.errorAt(argument.span, fmt.Sprintf("%s is %s, want %s", p.name, described(v), p.typ.words()), "")
	}
	return taken, nil
}

func (fn *function) parameter(name string) *parameter {
	for _, p := range fn.parameters {
		if p.name == name {
			return p
		}
	}
	return nil
}
