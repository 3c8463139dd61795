package runtime

import (
	"context"
	"errors"
	"fmt"
	"time"

	"flowrun/lang"
)

// TestStatements is what the statements of test files (*_test.flow) do. Package
// flowtest has those of the command.
type TestStatements struct {
	// Run gives the component behind `run "file" < … >`, which is best an open one
	// with OwnSettingsOnly: its settings are the inputs of the flow.
	Run func(file string) *Component
	// Mock gives the component behind `mock name < … >`.
	Mock func(name string) *Component
	// ReadOnly are globals of the engine that a test file may read and not assign:
	// components set them by Call.SetGlobal.
	ReadOnly []string
}

// Test is one test of a test file.
type Test struct {
	Name  string
	Range lang.Range // of the name
	Body  lang.Range // of its statements, with the { } around them
	// Now is the time at which the test begins, as it says itself; else the zero
	// time.
	Now time.Time
	// Location is the time zone of the test.
	Location *time.Location
}

// TestProgram is a checked test file. It is immutable: any number of its tests
// may run at once.
type TestProgram struct {
	program *Program
	tests   []*testCase
}

// testCase is a test with its statements.
type testCase struct {
	*Test
	body *function
}

// TestOutcome is how a test ended.
type TestOutcome struct {
	Outcome
	// Expectations is how many of them the test looked at; a run that was expected
	// to fail is one.
	Expectations int
	// Unmet are the expectations that were not met, in order, at most 20 of them;
	// UnmetCount is how many there were.
	Unmet      []*Unmet
	UnmetCount int
}

// CompileTests is Compile for a test file: name must be one (lang.IsTestFile).
func (e *Engine) CompileTests(name, source string, statements TestStatements) (*TestProgram, lang.Diagnostics) {
	file, syntax := lang.Parse(name, source, lang.WithLimits(e.limits.source()))
	c := newCompiler(e, file, syntax)
	c.statements = &statements
	p := &TestProgram{program: c.program()}
	p.tests = c.tests
	return checked(p, c.found(syntax))
}

// Tests lists the tests of the file in order.
func (p *TestProgram) Tests() []*Test {
	tests := make([]*Test, len(p.tests))
	for i, test := range p.tests {
		tests[i] = test.Test
	}
	return tests
}

// Run runs one test: first the statements at file level, anew, then the test. An
// expectation that is not met does not end it. The error is what ended the test,
// as that of Program.Run; a test fails when there is one, or when an expectation
// was not met.
func (p *TestProgram) Run(ctx context.Context, test *Test, options ...RunOption) (*TestOutcome, error) {
	for _, candidate := range p.tests {
		if candidate.Test == test {
			return p.run(ctx, candidate, options)
		}
	}
	return &TestOutcome{}, errors.New("runtime: the test is none of this program")
}

func (p *TestProgram) run(ctx context.Context, test *testCase, options []RunOption) (*TestOutcome, error) {
	r := p.program.begin(ctx, options)
	defer r.release()
	r.location = test.Location
	r.seed()
	sig := r.testFrom(test)
	if sig == suspended {
		sig = r.flow.abort(r.flow.place(&Error{
			Kind:      KindFailed,
			Message:   fmt.Sprintf("it suspends the test: %s", r.suspended.reason),
			Component: r.suspended.pass.statement.name,
		}, r.suspended.pass.statement.span))
	}
	outcome, err := r.outcome(sig)
	return &TestOutcome{Outcome: *outcome, Expectations: r.expectations, Unmet: r.unmet, UnmetCount: r.unmetCount}, err
}

// testFrom runs the statements at file level, then the test.
func (r *run) testFrom(test *testCase) signal {
	if err := r.checkpoint(); err != nil {
		return r.flow.abort(r.flow.place(err, test.body.span))
	}
	if sig := r.program.body.run(r.flow); sig != next {
		if sig == stopped || sig == returned {
			return r.flow.abort(r.flow.errorAt(test.body.span, "the statements of the file ended before its tests", "`stop` and `return` outside of tests keep them from running"))
		}
		return sig
	}
	own := newFrame(r, test.body.variables, test.body)
	defer own.letGo()
	if err := own.holdSlots(); err != nil {
		return r.flow.abort(r.flow.problem(err, test.body.span, ""))
	}
	sig := test.body.body.run(own)
	if sig == failed {
		r.flow.err = own.err
	}
	if sig == returned {
		r.flow.result = own.result
	}
	return sig
}

// SetGlobal gives a global of the host (WithGlobals) another value in this run. It
// is for the goroutine that the component was called in.
func (c *Call) SetGlobal(name string, v any) error {
	r := c.pass.frame.run
	if r.machine == nil {
		return errors.New("the run has ended")
	}
	for _, g := range r.program.globals {
		if r.program.variables.names[g.slot] != name {
			continue
		}
		converted, err := r.machine.Budget().From(v)
		if err != nil {
			return fmt.Errorf("%s cannot be set: %w", name, err)
		}
		return r.flow.store(reference{slot: g.slot}, converted)
	}
	return fmt.Errorf("there is no global %q", name)
}
