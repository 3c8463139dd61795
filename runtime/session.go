package runtime

import (
	"context"
	"maps"
	"slices"
	"time"

	"flowrun/lang"
	"flowrun/runtime/internal/expression"
	"flowrun/runtime/value"
)

// Session is a scope that lives on between the entries of one user, as at a
// prompt: the variables and functions of an entry are there for those that follow.
// A session belongs to one goroutine at a time.
type Session struct {
	engine    *Engine
	resets    int // how often it was reset
	variables map[string]expression.Variable
	functions map[string]*function

	// What the header of an entry said last.
	name            string
	description     string
	flowType        FlowType
	location        *time.Location
	continueOnError bool
}

// NewSession begins a session.
func (e *Engine) NewSession() *Session {
	s := &Session{engine: e}
	s.Reset()
	return s
}

// Reset forgets everything that the session has, except its engine.
func (s *Session) Reset() {
	*s = Session{engine: s.engine, resets: s.resets + 1, variables: map[string]expression.Variable{}, functions: map[string]*function{}, location: s.engine.location}
}

// Entry is one entry of a session that was checked.
type Entry struct {
	program    *Program
	session    *Session
	resets     int    // those of the session when it was compiled
	ran        bool   // it has
	name       string // that its header gives; or ""
	functions  []*function
	expression bool
}

// Inputs lists the inputs that the entry declares, in order.
func (e *Entry) Inputs() []InputDeclaration { return e.program.Inputs() }

// ReadInputs is that of a Program.
func (e *Entry) ReadInputs(document []byte, texts map[string]string) (Inputs, error) {
	return e.program.ReadInputs(document, texts)
}

// Evaluation is how an entry ended.
type Evaluation struct {
	// Run identifies the run of the entry.
	Run string
	// Value is what the entry gave when Given is set: an expression its value, a
	// last statement that is a call what was returned unless that is nil, `return`
	// at flow level its value.
	Value any
	Given bool
	// Failures are the errors that ended the entry or that `onError: "continue"`
	// passed over, in order.
	Failures []*Error
	// Steps is how many steps the entry took.
	Steps int
}

// Eval checks an entry and runs it without inputs. It is not run when its
// diagnostics hold an error; the evaluation is nil then. The error is that of
// Entry.Run.
func (s *Session) Eval(ctx context.Context, name, text string, options ...RunOption) (*Evaluation, lang.Diagnostics, error) {
	entry, diagnostics := s.Compile(name, text)
	if entry == nil {
		return nil, diagnostics, nil
	}
	evaluation, err := entry.Run(ctx, nil, options...)
	return evaluation, diagnostics, err
}

// Run runs the entry in its session, once, and not after a Reset. What it has assigned stays also when it
// failed or was cancelled. Each entry has the steps, the limits of calls and the
// identifier of a run of its own; Limits.Variables bounds the variables of the whole
// session. The error is one of Program.Run. An entry cannot be suspended: it fails.
func (e *Entry) Run(ctx context.Context, inputs Inputs, options ...RunOption) (*Evaluation, error) {
	values, err := e.program.converted(inputs, nil)
	if err != nil {
		return &Evaluation{Failures: []*Error{err}}, err
	}
	if err := e.once(); err != nil {
		return &Evaluation{Failures: []*Error{err}}, err
	}
	e.session.adopt(e)
	r := e.program.begin(ctx, options)
	defer r.release()
	if err := e.session.load(r); err != nil {
		return &Evaluation{Failures: []*Error{err}}, err
	}
	sig, err := r.execute(values)
	e.session.take(r)
	sig = r.unbroken(sig)
	evaluation := &Evaluation{Run: r.identity(), Failures: r.failures, Steps: r.counter.Taken}
	switch {
	case err != nil:
		evaluation.Failures = append(evaluation.Failures, err)
	case sig == failed:
		evaluation.Failures = append(evaluation.Failures, r.flow.err)
	case sig == suspended:
		pass := r.suspended.pass
		err := pass.error(KindFailed, "it suspends its run, and an entry of a session cannot be resumed")
		evaluation.Failures = append(evaluation.Failures, err)
	case sig == returned:
		evaluation.Value = value.Clone(r.flow.result.Value())
		evaluation.Given = e.expression || evaluation.Value != nil
	case r.shown != nil:
		evaluation.Value, evaluation.Given = value.Clone(r.shown), true
	}
	if e.expression && len(evaluation.Failures) > 0 {
		evaluation.Value, evaluation.Given = nil, false
	}
	return evaluation, joined(evaluation.Failures)
}

// once refuses an entry that has run, and one whose session was reset since.
func (e *Entry) once() *Error {
	problem := ""
	switch {
	case e.ran:
		problem = "the entry has run, and an entry runs once; compile it again"
	case e.resets != e.session.resets:
		problem = "the session was reset since the entry was compiled; compile it again"
	default:
		e.ran = true
		return nil
	}
	return &Error{Kind: KindInput, Message: problem}
}

// adopt takes what an entry declares.
func (s *Session) adopt(e *Entry) {
	for name := range e.program.variables.slots.all() {
		_, known := s.variables[name]
		_, global := s.engine.globals[name]
		if !known && !global {
			s.variables[name] = expression.Variable{}
		}
	}
	for _, fn := range e.functions {
		s.functions[fn.name] = fn
	}
	if e.name != "" {
		s.name = e.name
	}
	p := e.program
	s.description, s.flowType, s.location, s.continueOnError = p.description, p.flowType, p.location, p.continueOnError
}

// load gives a run the variables of the session.
func (s *Session) load(r *run) *Error {
	for name, v := range s.variables {
		slot, declared := r.program.variables.slots.find(name)
		if !declared {
			continue
		}
		if !v.IsSet() {
			continue
		}
		if err := r.flow.put(reference{slot: slot}, v.Cell, v.Held); err != nil {
			return limitError(err)
		}
	}
	return nil
}

// take takes the variables back from a run. Globals that no entry has assigned stay
// those of the host.
func (s *Session) take(r *run) {
	for name, slot := range r.program.variables.slots.all() {
		_, known := s.variables[name]
		if known || r.program.variables.assigned[slot] {
			s.variables[name] = r.flow.Own[slot]
		}
	}
}

// SessionVariable is a variable of a session, or a global of its host.
type SessionVariable struct {
	Name string
	// Value is a copy; nil when HasValue is false.
	Value    any
	HasValue bool
	// Global tells that it is the host's, and that no entry has assigned it.
	Global bool
}

// Names lists the variables and the host's globals by name.
func (s *Session) Names() []string {
	names := map[string]bool{}
	for name := range s.engine.globals {
		names[name] = true
	}
	for name := range s.variables {
		names[name] = true
	}
	return slices.Sorted(maps.Keys(names))
}

// Variable finds a variable or a global.
func (s *Session) Variable(name string) (SessionVariable, bool) {
	if v, known := s.variables[name]; known {
		if !v.IsSet() {
			return SessionVariable{Name: name}, true
		}
		return SessionVariable{Name: name, Value: value.Clone(v.Value()), HasValue: true}, true
	}
	v, known := s.engine.globals[name]
	return SessionVariable{Name: name, Value: value.Clone(v), HasValue: true, Global: true}, known
}

// SessionFunction describes a function of a session.
type SessionFunction struct {
	Name       string
	Parameters []SettingDescription
}

// Functions lists the functions by name.
func (s *Session) Functions() []SessionFunction {
	var functions []SessionFunction
	for _, name := range slices.Sorted(maps.Keys(s.functions)) {
		functions = append(functions, s.functions[name].describe())
	}
	return functions
}

func (fn *function) describe() SessionFunction {
	described := SessionFunction{Name: fn.name}
	for i, p := range fn.syntax.Parameters {
		d := SettingDescription{Key: p.Name.Text, Type: string(fn.parameters[i].typ), Required: p.Default == nil}
		if p.Default != nil {
			d.Default = fn.source.Slice(p.Default.Span)
		}
		described.Parameters = append(described.Parameters, d)
	}
	return described
}
