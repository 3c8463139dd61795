package runtime

import (
	"context"
	"errors"
	"fmt"
	"time"

	"flowrun/lang"
	"flowrun/runtime/internal/expression"
)

// checkEvery is how many steps may pass between two looks at the context.
const checkEvery = 1024

// run is one execution of a Program.
type run struct {
	workspace
	runState
}

// runState is what belongs to this run and to no other.
type runState struct {
	effects    Effects
	observe    func(Event)
	statements []StatementObserver
	id         string // "": none yet, see identity
	direct     bool   // the effects are Direct, which nobody sees being asked
	known      bool   // a component or an observer has got to know the run
	over       bool   // the last statement has ended
	depth      int
	pass       *callPass // the function call that is going on; nil at flow level
	failures   []*Error
	held       int // size in bytes of what the run holds
	tallies    tallies
	shown      any // what the call gave whose result is the value of an entry

	unmet        []*Unmet // expectations of a test, the first of them
	unmetCount   int
	expectations int            // that were looked at
	location     *time.Location // nil: the program's

	trail     []turn      // of a run that is being suspended, innermost first
	suspended *suspension // why and where
	reply     Reply       // what the call gets at which a resumed run goes on

	ctx     context.Context
	done    <-chan struct{}
	counter expression.Counter // of steps
	ahead   ahead              // of those, the ones of a loop's rounds to come
	broken  *Error             // what of the host broke down beside its components
}

func (r *run) setContext(ctx context.Context) {
	r.ctx, r.done = ctx, ctx.Done()
}

// step counts one step.
func (r *run) step() *Error { return r.count(1) }

// count counts steps.
func (r *run) count(steps int) *Error {
	r.counter.Taken += steps
	if r.counter.Taken < r.counter.CheckAt {
		return nil
	}
	return r.checkpoint()
}

// takeLess counts steps, unless the run has to be looked at on the way; it tells
// whether it has.
func (r *run) takeLess(steps int) bool {
	if r.counter.Taken+steps >= r.counter.CheckAt {
		return false
	}
	r.counter.Taken += steps
	return true
}

// giveBack takes from the count steps that were not taken.
func (r *run) giveBack(steps int) { r.counter.Taken -= steps }

// checkpoint looks at the context and the limit of steps.
func (r *run) checkpoint() *Error {
	if r.broken != nil {
		return r.broken
	}
	limit := r.program.limits.Steps
	if r.counter.Taken > limit {
		return &Error{
			Kind:    KindResource,
			Message: fmt.Sprintf("the run took more than %d steps", limit),
			Hint:    lang.LimitHint("Steps"),
		}
	}
	r.counter.CheckAt = min(r.counter.Taken+checkEvery, limit+1)
	select {
	case <-r.done:
		return r.interrupted(r.ctx)
	default:
		return nil
	}
}

// timeoutCause is why a call's context ended; it says whose timeout it was.
type timeoutCause struct {
	pass *callPass
}

func (*timeoutCause) Error() string { return ErrTimeout.Error() }

// Is makes it an ErrTimeout.
func (*timeoutCause) Is(target error) bool { return target == ErrTimeout }

// interrupted tells why a context ended: a call's timeout, or the host.
func (r *run) interrupted(ctx context.Context) *Error {
	cause := context.Cause(ctx)
	var timeout *timeoutCause
	if errors.As(cause, &timeout) {
		return timeout.pass.timedOut()
	}
	return &Error{Kind: KindCancelled, Message: "the run was cancelled", Cause: cause}
}

// skip notes an error that `onError: "continue"` passed over.
func (r *run) skip(err *Error) *Error {
	if problem := r.holdFailure(err); problem != nil {
		return limitError(problem)
	}
	r.failures = append(r.failures, err)
	r.event(Event{Kind: ErrorSkipped, Err: err})
	return nil
}

func (r *run) event(e Event) {
	if r.observe == nil {
		return
	}
	e.Time = r.now()
	e.Depth = r.depth
	e.Flow, e.Run, e.Context = r.program.name, r.identity(), r.ctx
	r.tell(e)
}

// expressionHost is the run as expressions see it.
type expressionHost struct{ run *run }

func (h expressionHost) Now() time.Time { return h.run.now().In(h.Location()) }
func (h expressionHost) Random() uint64 { return h.run.chance() }
func (h expressionHost) Held() int      { return h.run.held }

func (h expressionHost) Location() *time.Location {
	if h.run.location != nil {
		return h.run.location
	}
	return h.run.program.location
}

func (h expressionHost) Counter() *expression.Counter { return &h.run.counter }

func (h expressionHost) Steps(n int) error {
	if err := h.run.count(n); err != nil {
		return err
	}
	return nil
}
