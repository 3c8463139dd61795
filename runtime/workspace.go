package runtime

import (
	"math/rand/v2"
	"sync"
)

// workspace is what a run works with and nobody else ever sees, no component and
// no observer: when the run has ended, the next one takes it over.
type workspace struct {
	passes []int
	source rand.ChaCha8
}

var workspaces = sync.Pool{New: func() any { return new(workspace) }}

// mostKept is for how many calls a workspace is kept.
const mostKept = 1 << 10

// furnish gives the run a workspace.
func (r *run) furnish() {
	w := workspaces.Get().(*workspace)
	if cap(w.passes) < r.program.calls {
		w.passes = make([]int, r.program.calls)
	}
	r.workspace, r.random.source = w, &w.source
	r.passes = w.passes[:r.program.calls]
}

// release is the end of the run: its outcome is made.
func (r *run) release() {
	r.machine.Release()
	w := r.workspace
	clear(r.passes)
	r.machine, r.workspace, r.passes = nil, nil, nil
	if cap(w.passes) <= mostKept {
		workspaces.Put(w)
	}
}
