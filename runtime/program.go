package runtime

import (
	"context"
	"errors"
	"fmt"
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
	// Variables are the flow's variables that have a value at the end, the
	// host's globals among them.
	Variables map[string]any
	// Steps is how many steps the run took.
	Steps int
	// Snapshot is set when the run has not ended but is suspended: Resume goes
	// on with it. The error beside it is nil, and the other fields are as they
	// are so far.
	Snapshot *Snapshot
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
	values, err := p.converted(inputs)
	if err != nil {
		return &Outcome{Failures: []*Error{err}}, err
	}
	r := p.begin(ctx, options)
	sig, err := r.execute(values)
	if err != nil {
		return &Outcome{Run: r.id, Failures: []*Error{err}}, err
	}
	return r.outcome(sig)
}

// execute runs the body from its beginning. Its error is one of the inputs'
// defaults.
func (r *run) execute(values map[string]any) (signal, *Error) {
	r.seed()
	if err := r.setInputs(values); err != nil {
		return next, err
	}
	if err := r.checkpoint(); err != nil {
		return r.flow.abort(err), nil
	}
	return r.program.body.run(r.flow), nil
}

// seed draws the seed of a run, and its identifier where the host gives none.
func (r *run) seed() {
	r.random = newRandomness(r.draw)
	drawn := fmt.Sprintf("%016x%016x", r.random.next(), r.random.next())
	if r.id == "" {
		r.id = drawn // drawn in any case, so that what follows is the same
	}
}

// begin makes a run that has its globals and nothing else.
func (p *Program) begin(ctx context.Context, options []RunOption) *run {
	r := &run{program: p, effects: Direct{}, passes: make([]int, p.calls)}
	for _, option := range options {
		if option != nil {
			option(r)
		}
	}
	if ctx == nil {
		ctx = context.Background()
	}
	r.setContext(ctx)
	r.machine = expression.NewMachine(expressionHost{r}, p.limits.expressions())
	r.flow = newFrame(r, p.variables, nil)
	for _, g := range p.globals {
		r.flow.variables[g.slot] = g.value
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
	o := &Outcome{Run: r.id, Failures: r.failures, Variables: map[string]any{}, Steps: r.steps, Snapshot: snapshot}
	switch sig {
	case returned:
		o.Result = value.Clone(r.flow.result)
	case failed:
		o.Failures = append(o.Failures, r.flow.err)
	}
	for name, slot := range r.program.variables.slots {
		if v, set := r.flow.load(reference{slot: slot}); set {
			o.Variables[name] = value.Clone(v)
		}
	}
	if snapshot != nil {
		return o, nil
	}
	return o, joined(o.Failures)
}

// unbroken makes a run fail that ends while something of its host has broken down.
func (r *run) unbroken(sig signal) signal {
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
