package runtime

import (
	"errors"

	"flowrun/runtime/internal/expression"
)

// Suspend is what a component returns as its error to suspend the run at its
// call: the run ends with Outcome.Snapshot, and Program.Resume goes on with the
// call's result, perhaps in another process. Nothing in a flow takes it: no
// catch, no output variable, no onError, no break. Effects.Invoke may return it
// in a component's stead. The reason is for people. An error that wraps what
// Suspend gives suspends as well; what else it wraps is lost. A function made by FuncOf
// fails instead, since it gives no Snapshot.
//
//	ask := runtime.NewComponent("ask", func(ctx context.Context, call *runtime.Call, s *settings) (any, error) {
//		if err := tickets.Open(call.Run, call.Address, s.Question); err != nil {
//			return nil, err
//		}
//		return nil, runtime.Suspend("waits for an answer")
//	})
func Suspend(reason string) error { return &suspension{reason: reason} }

// suspension is the error that Suspend makes, and the call that got it.
type suspension struct {
	reason string
	pass   *callPass
}

func (s *suspension) Error() string { return "the run is suspended: " + s.reason }

// Suspended reports whether an error suspends the run, and the reason that
// Suspend was given.
func Suspended(err error) (reason string, ok bool) {
	var s *suspension
	if !errors.As(err, &s) {
		return "", false
	}
	return s.reason, true
}

// suspend notes the call at which the run is suspended, if that is what err says.
func (p *callPass) suspend(err error) bool {
	reason, ok := Suspended(err)
	if !ok {
		return false
	}
	r := p.frame.run
	r.suspended = &suspension{reason: reason, pass: p}
	r.hang(turn{choice: inComponent, pass: &passState{callPass: p}})
	return true
}

// turn is one turn of a path into nested statements. What a block, an if, a
// switch or a call needs is a choice; a resumed path also has the state of the
// loops and passes that it goes through, which the path of a goto has not.
type turn struct {
	choice int // the index of a statement or a block, or one of the places in a call
	loop   *loopState
	pass   *passState
}

// The places in a call.
const (
	inFailover  = iota // in its failover block
	inCatch            // in its catch block
	inComponent        // waiting for its component's result
	inFunction         // in its function's body
)

// loopState is a round of a `for`.
type loopState struct {
	rounds    rounds
	key, item any // of the loop variables

	keyAssigned, itemAssigned bool // by the body
}

// passState is a pass through a call that has not ended.
type passState struct {
	*callPass
	variables []expression.Variable // of the function; nil outside inFunction
}

// hang adds a turn to the trail of a run that is being suspended. The trail is
// written while the statements are left, so its innermost turn comes first.
func (r *run) hang(t turn) { r.trail = append(r.trail, t) }

// chosen passes on how a block of a statement ended.
func (f *frame) chosen(choice int, sig signal) signal {
	if sig == suspended {
		f.run.hang(turn{choice: choice})
	}
	return sig
}
