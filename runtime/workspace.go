package runtime

import "flowrun/runtime/internal/expression"

// workspace is what a run works with. A run that no component and no observer has
// got to know leaves it to the next run of its program.
type workspace struct {
	machine *expression.Machine
	random  randomness
	passes  []int                 // by call statement
	calls   []*callPass           // by call statement: passes that nobody keeps
	room    []expression.Variable // for the variables of the flow
}

// furnished gives a run with a workspace, and nothing else in it.
func (p *Program) furnished() *run {
	r, again := p.runs.Get().(*run)
	if !again {
		r = &run{program: p}
		r.machine = expression.NewMachine(expressionHost{r}, p.limits.expressions())
		if p.calls > 0 {
			r.passes, r.calls = make([]int, p.calls), make([]*callPass, p.calls)
		}
	}
	if r.room == nil {
		r.room = make([]expression.Variable, len(p.variables.names))
	}
	return r
}

// release is the end of the run: its outcome is made.
func (r *run) release() {
	if r.known {
		r.machine.Release()
		r.machine = nil
		return
	}
	left := r.workspace
	left.machine.Renew()
	left.random.drawn = false
	clear(left.passes)
	clear(left.room)
	*r = run{program: r.program, workspace: left}
	r.program.runs.Put(r)
}
