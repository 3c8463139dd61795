package runtime

import "flowrun/runtime/internal/expression"

// workspace is what a run works with. From the second run of a program on, one that no
// component and no observer has got to know leaves it to the next.
type workspace struct {
	program   *Program
	machine   *expression.Machine
	random    randomness
	passes    []int       // by call statement
	calls     []*callPass // by call statement: passes that nobody keeps
	given     structCopy  // of the struct with the inputs, of a run made by FuncOf
	flow      *frame
	flowFrame frame
}

// furnished gives a run with a workspace, and nothing else in it.
func (p *Program) furnished() *run {
	var r *run
	if p.again.Load() { // a pool that was asked once keeps its program for a while
		r, _ = p.runs.Get().(*run)
	}
	if r == nil {
		r = new(run)
		r.program, r.flow = p, &r.flowFrame
		r.machine = expression.NewMachine(expressionHost{r}, p.limits.expressions())
		if p.calls > 0 {
			r.passes, r.calls = make([]int, p.calls), make([]*callPass, p.calls)
		}
	}
	if r.flow.Own == nil {
		r.flow.begin(r, p.variables, nil, make([]expression.Variable, len(p.variables.names)))
	}
	return r
}

// release is the end of the run: its outcome is made, or something of the host has
// called runtime.Goexit, which leaves everything as it was then.
func (r *run) release() {
	if r.known || !r.over || !r.program.again.Load() {
		r.program.again.Store(true)
		r.machine.Release()
		r.machine = nil
		return
	}
	r.runState = runState{}
	r.machine.Renew()
	r.random.drawn = false
	clear(r.passes)
	for _, p := range r.calls {
		p.letGo()
	}
	clear(r.flow.Own)
	r.flow.ended()
	r.program.runs.Put(r)
}
