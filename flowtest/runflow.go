package flowtest

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"flowrun/builtins/email"
	"flowrun/lang"
	"flowrun/runtime"
)

// runComponent is what stands behind `run "file" < inputs >`. checks tells that
// the flow and its inputs are looked at before the run.
func (f *testFile) runComponent(file string, checks bool) *runtime.Component {
	options := []runtime.ComponentOption{runtime.OwnSettingsOnly()}
	if checks {
		options = append(options, runtime.Checked(func(c *runtime.Check) { f.checkRun(file, c) }))
	}
	return runtime.NewOpenComponent("run", func(ctx context.Context, call *runtime.Call, inputs map[string]any) (any, error) {
		return f.test.runFlow(ctx, f.beside(file), inputs)
	}, options...)
}

// flowError is why the run of a flow failed, or could not begin.
type flowError struct {
	flow string
	// diagnostics are those of a flow that does not check.
	diagnostics lang.Diagnostics
	// failures are those of a run.
	failures []*runtime.Error
	// problem is what else kept the flow from running, in lines.
	problem string
	// unfit tells that the problem is that the inputs do not fit.
	unfit bool
}

func (e *flowError) Error() string {
	switch {
	case e.diagnostics != nil:
		return fmt.Sprintf("%s does not check", e.flow)
	case len(e.failures) > 0:
		return e.failures[0].Summary()
	}
	return e.problem
}

// failure makes the error what `catch` sees: the flow's own, or that its inputs do
// not fit. Nothing catches that the flow is not there or has mistakes: a test that
// expects a failure is about none of these.
func (e *flowError) failure() *runtime.Failure {
	failure := &runtime.Failure{Kind: runtime.KindHost, Message: e.Error(), Cause: e}
	if e.unfit {
		failure.Kind = runtime.KindInput
	}
	if len(e.failures) == 0 {
		return failure
	}
	first := e.failures[0]
	failure.Kind = ""
	failure.Message = first.Message
	failure.Fields = map[string]any{}
	for key, v := range first.Fields {
		failure.Fields[key] = v
	}
	stack := []any{}
	for _, entry := range first.Stack {
		stack = append(stack, map[string]any{"function": entry.Function, "line": entry.Range.Start.Line})
	}
	failure.Fields["kind"] = string(first.Kind)
	failure.Fields["component"] = first.Component
	failure.Fields["line"] = first.Range().Start.Line
	failure.Fields["stack"] = stack
	return failure
}

// runFlow runs a flow and gives its result.
func (t *testRun) runFlow(ctx context.Context, file string, inputs map[string]any) (any, error) {
	text, err := t.file.config.readSource(file)
	if err != nil {
		return nil, (&flowError{flow: file, problem: err.Error()}).failure()
	}
	pool := email.NewPool(email.PoolLimits{})
	defer pool.Close()
	engine, err := t.file.flowEngine(t, pool)
	if err != nil {
		return nil, (&flowError{flow: file, problem: err.Error()}).failure()
	}
	program, diagnostics := engine.Compile(file, text)
	if program == nil {
		return nil, (&flowError{flow: file, diagnostics: diagnostics}).failure()
	}
	if !t.filled[file] && t.file.config.Files == nil {
		if err := t.box.Fill(ctx, file); err != nil {
			return nil, (&flowError{flow: file, problem: err.Error()}).failure()
		}
		t.filled[file] = true
	}
	read, problems := readInputs(program, inputs)
	if problems != nil {
		return nil, (&flowError{flow: file, problem: unfit(file, problems), unfit: true}).failure()
	}
	t.setInFlow(true)
	outcome, err := program.Run(ctx, read, runtime.WithEffects(&effects{testRun: t, flow: true}), runtime.WithObserver(t.observe))
	t.setInFlow(false)
	switch {
	case outcome.Snapshot != nil:
		return nil, (&flowError{flow: file, problem: fmt.Sprintf("%s is suspended, and a test does not resume it: %s", file, outcome.Snapshot.Reason)}).failure()
	case err != nil:
		return nil, (&flowError{flow: file, failures: outcome.Failures}).failure()
	}
	return outcome.Result, nil
}

func (t *testRun) setInFlow(inFlow bool) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.inFlow = inFlow
}

func unfit(file string, problems []string) string {
	return "the inputs do not fit " + file + "\n" + strings.Join(problems, "\n")
}

// readInputs reads the inputs of a flow and lists what does not fit.
func readInputs(program *runtime.Program, given map[string]any) (runtime.Inputs, []string) {
	inputs := runtime.Inputs{}
	problems := missingInputs(program, func(name string) bool { _, ok := given[name]; return ok })
	for _, name := range sortedKeys(given) {
		read, err := program.ReadInput(name, given[name])
		if err != nil {
			problems = append(problems, err.Error())
			continue
		}
		inputs[name] = read
	}
	return inputs, problems
}

// missingInputs lists the inputs that a flow needs and nobody gives.
func missingInputs(program *runtime.Program, given func(name string) bool) []string {
	var problems []string
	for _, in := range program.Inputs() {
		if in.Required && !given(in.Name) {
			problems = append(problems, fmt.Sprintf("the input %q is missing", in.Name))
		}
	}
	return problems
}

// checkRun looks at a run before it happens.
func (f *testFile) checkRun(file string, c *runtime.Check) {
	path := f.beside(file)
	text, err := f.config.readSource(path)
	if err != nil {
		c.Errorf("", "the file is named relative to the test file", "%s", err)
		return
	}
	pool := email.NewPool(email.PoolLimits{})
	defer pool.Close()
	engine, err := f.flowEngine(nil, pool)
	if err != nil {
		c.Errorf("", "", "%s", err)
		return
	}
	program, diagnostics := engine.Compile(path, text)
	if program == nil {
		first := diagnostics[slices.IndexFunc(diagnostics, func(d lang.Diagnostic) bool { return d.Severity == lang.Error })]
		start := first.Range().Start
		c.Errorf("", "", "%s does not check: line %d: %s", path, start.Line, first.Summary)
		return
	}
	for _, problem := range missingInputs(program, c.Has) {
		c.Errorf("", "", "%s", problem)
	}
	for _, name := range c.Given() {
		v, constant := c.Constant(name)
		declared := slices.ContainsFunc(program.Inputs(), func(in runtime.InputDeclaration) bool { return in.Name == name })
		if declared && !constant {
			continue
		}
		switch _, err := program.ReadInput(name, plain(v)); {
		case err == nil:
		case declared:
			c.Errorf(name, "", "%s", err)
		default:
			c.KeyErrorf(name, "", "%s", err)
		}
	}
}
