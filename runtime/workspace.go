package runtime

import (
	"math/rand/v2"
	"sync"

	"flowrun/runtime/internal/expression"
)

// workspace is what a run works with and nobody else ever sees, no component and
// no observer: when the run has ended, the next one takes it over.
type workspace struct {
	variables []expression.Variable
	passes    []int
	source    rand.ChaCha8
}

var workspaces = sync.Pool{New: func() any { return new(workspace) }}

// mostKept is how many variables, or calls, a workspace is kept with.
const mostKept = 1 << 10

// furnish gives the run a workspace with room for so many variables of the flow.
func (r *run) furnish(variables int) []expression.Variable {
	w := workspaces.Get().(*workspace)
	if cap(w.variables) < variables {
		w.variables = make([]expression.Variable, variables)
	}
	if cap(w.passes) < r.program.calls {
		w.passes = make([]int, r.program.calls)
	}
	r.workspace, r.random.source = w, &w.source
	r.passes = w.passes[:r.program.calls]
	return w.variables[:variables]
}

// release is the end of the run: its outcome is made.
func (r *run) release() {
	r.machine.Release()
	w := r.workspace
	clear(r.flow.Own)
	clear(r.passes)
	r.machine, r.workspace, r.passes, r.flow.Own, r.flow.Flow = nil, nil, nil, nil, nil
	if cap(w.variables) <= mostKept && cap(w.passes) <= mostKept {
		workspaces.Put(w)
	}
}
