package runtime

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"flowrun/lang"
	"flowrun/runtime/internal/expression"
	"flowrun/runtime/value"
)

// Program is a checked flow. It is immutable: any number of runs may use it at
// once.
type Program struct {
	source    *lang.Source
	engine    *Engine
	limits    Limits
	secrets   secrets
	variables *variables
	globals   []global
	inputs    []*input
	body      *block
	calls     int
	returns   bool          // it has a `return`, outside of functions
	bounds    *value.Budget // of the values that enter a run
	runs      sync.Pool     // of *run that have ended
	again     atomic.Bool   // it has run before

	name            string
	description     string
	flowType        FlowType
	location        *time.Location
	continueOnError bool
}

type global struct {
	slot  int
	value any
}

// Name is the name in the flow's header, or else the source's name.
func (p *Program) Name() string { return p.name }

// Description is the header's description, or "".
func (p *Program) Description() string { return p.description }

// Type is the flow's type, or "" for any.
func (p *Program) Type() FlowType { return p.flowType }

// Location is the flow's time zone.
func (p *Program) Location() *time.Location { return p.location }

// Outcome is how a run ended.
type Outcome struct {
	// Run identifies the run.
	Run string
	// Result is what `return` gave at flow level, or nil.
	Result any
	// Failures are the errors that ended the run or that `onError: "continue"`
	// passed over, in order.
	Failures []*Error
	// Steps is how many steps the run took.
	Steps int
	// Snapshot is set when the run has not ended but is suspended: Resume goes
	// on with it. The error beside it is nil, and the other fields are as they
	// are so far.
	Snapshot *Snapshot

	owner     *variables
	variables []expression.Variable // by slot
}

// Variables gives the flow's variables that have a value at the end, the host's
// globals among them, by name. The map and what is in it are copies.
func (o *Outcome) Variables() map[string]any {
	variables := make(map[string]any, len(o.variables))
	if o.owner == nil {
		return variables
	}
	for name, slot := range o.owner.slots.all() {
		if v := &o.variables[slot]; v.IsSet() {
			variables[name] = value.Clone(v.Value())
		}
	}
	return variables
}

// RunOption changes one run. A nil one, and one that is given nil, change nothing.
type RunOption func(*run)

// WithEffects gives the run its time, its randomness and its component results;
// Direct is the default.
func WithEffects(effects Effects) RunOption {
	return func(r *run) {
		if effects != nil {
			r.effects = effects
		}
	}
}

// WithObserver tells observe what happens in the run. Several observers are told
// in turn.
func WithObserver(observe func(Event)) RunOption {
	return func(r *run) {
		switch earlier := r.observe; {
		case observe == nil:
		case earlier == nil:
			r.observe = observe
		default:
			r.observe = func(e Event) {
				earlier(e)
				observe(e)
			}
		}
	}
}

// WithRunID names the run; without it an identifier is drawn. A resumed run keeps
// the identifier that it has. Two runs of one identifier make the same idempotency
// keys, so the second one's mails are repetitions of the first one's.
func WithRunID(id string) RunOption {
	return func(r *run) { r.id = id }
}

// Run executes the program. Inputs are checked before the first statement; all
// their problems make one error of kind input. The outcome is there also when the
// run failed; the error is an *Error, or several joined when `onError: "continue"`
// passed over more than one. Run returns soon after ctx ends. A run that a
// component suspends gives no error and an outcome with a Snapshot.
func (p *Program) Run(ctx context.Context, inputs Inputs, options ...RunOption) (*Outcome, error) {
	var room [16]given
	values, err := p.converted(inputs, room[:0])
	if err != nil {
		return &Outcome{Failures: []*Error{err}}, err
	}
	r := p.begin(ctx, options)
	defer r.release()
	sig, err := r.execute(values)
	if err != nil {
		return &Outcome{Run: r.identity(), Failures: []*Error{err}}, err
	}
	return r.outcome(sig)
}

// execute runs the body from its beginning. Its error is one of the inputs'
// defaults.
func (r *run) execute(values []given) (signal, *Error) {
	r.seed()
	if err := r.setInputs(values); err != nil {
		return next, err
	}
	return r.body(), nil
}

// body runs the statements of the flow from the first one on.
func (r *run) body() signal {
	if err := r.checkpoint(); err != nil {
		return r.flow.abort(err)
	}
	return r.program.body.run(r.flow)
}

// begin makes a run that has its globals and nothing else.
func (p *Program) begin(ctx context.Context, options []RunOption) *run {
	r := p.furnished()
	r.effects = Direct{}
	for _, option := range options {
		if option != nil {
			option(r)
		}
	}
	_, r.direct = r.effects.(Direct)
	if ctx == nil {
		ctx = context.Background()
	}
	r.setContext(ctx)
	r.counter.CheckAt = min(checkEvery, p.limits.Steps+1)
	for _, g := range p.globals {
		r.flow.Own[g.slot].Put(expression.CellOf(g.value), 0)
	}
	return r
}

func (r *run) outcome(sig signal) (*Outcome, error) {
	var snapshot *Snapshot
	if sig == suspended {
		var err *Error
		if snapshot, err = r.snapshot(); err != nil {
			sig = r.flow.abort(err)
		}
	}
	if sig = r.unbroken(sig); sig == failed {
		snapshot = nil
	}
	o := &Outcome{
		Run: r.identity(), Failures: r.failures, Steps: r.counter.Taken, Snapshot: snapshot,
		owner: r.program.variables, variables: r.flow.Own,
	}
	r.flow.Own, r.flow.Flow = nil, nil // the outcome has them
	switch sig {
	case returned:
		o.Result = value.Clone(r.flow.result.Value())
	case failed:
		o.Failures = append(o.Failures, r.flow.err)
	}
	if snapshot != nil {
		return o, nil
	}
	return o, joined(o.Failures)
}

// unbroken is the end of the last statement. It makes a run fail that ends while
// something of its host has broken down.
func (r *run) unbroken(sig signal) signal {
	r.over = true
	if r.broken != nil && sig != failed {
		return r.flow.abort(r.broken)
	}
	return sig
}

// joined makes one error of failures, nil of none.
func joined(failures []*Error) error {
	switch len(failures) {
	case 0:
		return nil
	case 1:
		return failures[0]
	}
	errs := make([]error, len(failures))
	for i, failure := range failures {
		errs[i] = failure
	}
	return errors.Join(errs...)
}
