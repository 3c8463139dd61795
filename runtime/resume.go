package runtime

import (
	"context"
	"errors"
	"fmt"

	"flowrun/runtime/internal/expression"
)

// SnapshotError is why a snapshot cannot be resumed: another source, another
// version, or damage.
type SnapshotError struct {
	Reason string
}

func (e *SnapshotError) Error() string { return "the snapshot cannot be resumed: " + e.Reason }

// Resume goes on with a suspended run as if the component had returned reply just
// now: target, output variables, catch, onError and break act as they do on every
// call. When a timeout of the call, or of a function call around it, has passed,
// the call fails with kind timeout, whatever the reply is.
//
// The program must be compiled from the same source, for a host with the same
// components; globals that the flow only reads are those of its engine. A
// snapshot that does not fit is an error of kind input with a *SnapshotError as
// its cause, and nothing has happened then. The snapshot stays as it is, so a
// host must see to it that it resumes each only once. Outcome and error are those
// of Run for the whole run; it may be suspended again.
func (p *Program) Resume(ctx context.Context, snapshot *Snapshot, reply Reply, options ...RunOption) (*Outcome, error) {
	r := p.begin(ctx, options)
	defer r.release()
	r.reply = Reply{Result: reply.Result, Err: sound(reply.Err)}
	path, err := r.restore(snapshot)
	if err != nil {
		problem := &SnapshotError{err.Error()}
		failure := &Error{Kind: KindInput, Message: problem.Error(), Cause: problem}
		return &Outcome{Run: r.id, Failures: []*Error{failure}}, failure
	}
	if err := r.checkpoint(); err != nil {
		return r.outcome(r.flow.abort(err))
	}
	if err := r.holdRestored(); err != nil {
		return r.outcome(r.flow.abort(limitError(err)))
	}
	return r.outcome(p.body.enter(r.flow, path))
}

// resumed is a pass of a snapshot as a pass of the run that goes on.
func (s *passState) resumed(statement *call, f *frame) *callPass {
	if s.timeout > 0 {
		f.run.known = true // contexts and errors with the timeout know this pass
	}
	return &callPass{
		statement: statement, frame: f, outer: f.run.pass, started: true,
		number: s.number, stop: s.stop, timeout: s.timeout, deadline: s.deadline, began: s.began,
	}
}

// resumeComponent delivers the reply, unless a deadline has passed.
func (p *callPass) resumeComponent() (expression.Cell, signal, *Error) {
	r := p.frame.run
	deadline, owner := p.earliest()
	if owner == nil || r.now().Before(deadline) {
		return p.delivered(r.ctx, r.reply.Result, r.reply.Err)
	}
	var late error = &timeoutCause{owner}
	if _, again := Suspended(r.reply.Err); r.reply.Err != nil && !again {
		late = errors.Join(late, r.reply.Err)
	}
	return p.delivered(r.ctx, nil, late)
}

// resumeFunction goes on in a function's body, within the time that is left.
func (p *callPass) resumeFunction(variables []expression.Variable, path []turn) (expression.Cell, signal, *Error) {
	r, fn := p.frame.run, p.statement.function
	child := frameOf(r, fn.variables, fn, variables)
	defer child.letGo()
	over := child.holdSlots()
	if over == nil {
		over = child.holdAll()
	}
	if over != nil {
		return nothing, next, p.own(p.frame.problem(over, p.statement.span, ""))
	}
	p.into()
	result, sig, err := p.restOf(child, path)
	return p.leave(child, result, sig, err)
}

func (p *callPass) restOf(child *frame, path []turn) (expression.Cell, signal, *Error) {
	body := child.function.body
	if p.timeout == 0 {
		return ended(child, body.enter(child, path))
	}
	left := p.deadline.Sub(p.frame.run.now())
	ctx, cancel := context.WithTimeoutCause(p.frame.run.ctx, left, &timeoutCause{p})
	defer cancel()
	return ended(child, child.withContext(ctx, func() signal { return body.enter(child, path) }))
}

// restore gives the run the state of a snapshot and the path to the call that
// waits.
func (r *run) restore(snapshot *Snapshot) ([]turn, error) {
	if snapshot == nil {
		return nil, errors.New("there is none")
	}
	r.id = snapshot.Run
	state := &snapshot.state
	switch {
	case state.Format != snapshotFormat:
		return nil, errors.New("it is empty, or of another format")
	case state.Semantics != semantics:
		return nil, fmt.Errorf("it was made by a version of flowrun that runs flows in another way (%d, this one %d)", state.Semantics, semantics)
	case state.Source != r.program.hash():
		return nil, fmt.Errorf("it was made from another source than %s", r.program.source.Name)
	}
	if err := r.restoreCounts(state); err != nil {
		return nil, err
	}
	if err := r.program.restoreVariables(r.program.variables, r.flow.Own, state.Variables); err != nil {
		return nil, err
	}
	for _, saved := range state.Failures {
		failure, err := r.program.restoreFailure(saved)
		if err != nil {
			return nil, err
		}
		r.failures = append(r.failures, failure)
	}
	path := pathRestorer{program: r.program, passes: r.passes, saved: state.Path}
	if err := path.block(r.program.body, r.program.variables); err != nil {
		return nil, err
	}
	if path.address != snapshot.Address {
		return nil, fmt.Errorf("damaged: it waits at %.40q and says %.40q", path.address, snapshot.Address)
	}
	return path.path, nil
}

func (r *run) restoreCounts(state *savedState) error {
	if len(state.Passes) != len(r.passes) || state.Steps < 0 {
		return errors.New("damaged: its counts do not fit the flow")
	}
	for _, passes := range state.Passes {
		if passes < 0 || passes > state.Steps {
			return errors.New("damaged: its counts do not fit the flow")
		}
	}
	copy(r.passes, state.Passes)
	if err := r.tallies.restore(state.Tallies); err != nil {
		return err
	}
	r.counter.Taken = state.Steps
	if r.machine.GoOn(state.Work) != nil {
		return errors.New("damaged: its counts do not fit the flow")
	}
	if len(state.Seed) != len(r.random.seed) {
		return errors.New("damaged: its randomness cannot be read")
	}
	copy(r.random.seed[:], state.Seed)
	if err := r.random.generator().UnmarshalBinary(state.Random); err != nil {
		return errors.New("damaged: its randomness cannot be read")
	}
	r.random.drawn = true
	return nil
}
