// Package replay records what a run learned from outside, and runs the flow once
// more on the record: no component is called, no time passes, and everything
// comes out as it did.
//
//	recorder := replay.NewRecorder(runtime.Direct{})
//	outcome, err := program.Run(ctx, inputs, recorder.Options(nil)...)
//	…
//	outcome, err = replay.Run(ctx, program, inputs, recorder.Journal(), trace.observe)
//
// What is not in a journal: a run that the host cancelled, and a timeout that
// ended statements of a function while none of its components ran.
package replay

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"flowrun/runtime"
)

// Journal is what a run learned, in order. It marshals to JSON and back.
type Journal struct {
	Run    string // the identifier of the run
	Times  []time.Time
	Random []uint64
	Calls  []Call
}

// Call is what a component gave.
type Call struct {
	Component string
	Address   string
	Reply     runtime.Reply
}

// Recorder is the Effects of one run: it passes everything through other Effects
// and keeps a Journal.
type Recorder struct {
	effects runtime.Effects

	mutex   sync.Mutex
	calling bool // a component runs: the time that it asks for is its own
	journal Journal
}

// NewRecorder records a run with these effects.
func NewRecorder(effects runtime.Effects) *Recorder { return &Recorder{effects: effects} }

// Options are the options of the run: its effects and its observer, which may be
// nil. A run is recorded and replayed with an observer in any case, since a run
// that is observed asks for the time more often.
func (r *Recorder) Options(observe func(runtime.Event)) []runtime.RunOption {
	return options(r, func(e runtime.Event) {
		if e.Call != nil {
			r.named(e.Call.Run)
		}
		if observe != nil {
			observe(e)
		}
	})
}

// named keeps the identifier of the run.
func (r *Recorder) named(run string) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.journal.Run = run
}

func options(effects runtime.Effects, observe func(runtime.Event)) []runtime.RunOption {
	if observe == nil {
		observe = func(runtime.Event) {}
	}
	return []runtime.RunOption{runtime.WithEffects(effects), runtime.WithObserver(observe)}
}

// Journal is what was recorded, when the run has ended.
func (r *Recorder) Journal() *Journal {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return &r.journal
}

// Now implements runtime.Effects.
func (r *Recorder) Now() time.Time {
	now := r.effects.Now()
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if !r.calling {
		r.journal.Times = append(r.journal.Times, now.Round(0))
	}
	return now
}

// Sleep implements runtime.Effects.
func (r *Recorder) Sleep(ctx context.Context, d time.Duration) error { return r.effects.Sleep(ctx, d) }

// Random implements runtime.Effects.
func (r *Recorder) Random() uint64 {
	bits := r.effects.Random()
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.journal.Random = append(r.journal.Random, bits)
	return bits
}

// Invoke implements runtime.Effects.
func (r *Recorder) Invoke(ctx context.Context, call *runtime.Call, run func(context.Context) (any, error)) (any, error) {
	r.setCalling(true)
	result, err := r.effects.Invoke(ctx, call, run)
	r.setCalling(false)
	reply := runtime.Reply{Result: result, Err: err}
	if err != nil && errors.Is(context.Cause(ctx), runtime.ErrTimeout) {
		reply.Err = errors.Join(err, runtime.ErrTimeout)
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.journal.Calls = append(r.journal.Calls, Call{call.Component, call.Address, reply})
	return result, err
}

func (r *Recorder) setCalling(calling bool) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.calling = calling
}

// DeviationError says that a run went another way than its journal: another
// program, other inputs or globals.
type DeviationError struct {
	Reason string
}

func (e *DeviationError) Error() string {
	return "the run is not the one that was recorded: " + e.Reason
}

// Run replays a run. Outcome and error are those of the recorded run; a run that
// deviates from the journal ends at once, with a *DeviationError.
func Run(ctx context.Context, program *runtime.Program, inputs runtime.Inputs, journal *Journal, observe func(runtime.Event)) (*runtime.Outcome, error) {
	p := &player{left: *journal}
	outcome, err := program.Run(ctx, inputs, append(options(p, observe), runtime.WithRunID(journal.Run))...)
	switch {
	case len(p.left.Calls) > 0:
		p.deviate("it ended before %s", p.left.Calls[0].text())
	case p.late || len(p.left.Times) > 0:
		p.deviate("it asks for the time more often, or less")
	}
	if p.deviation != nil {
		outcome.Snapshot = nil
		return outcome, p.deviation
	}
	return outcome, err
}

func (c Call) text() string { return fmt.Sprintf("the call of %s at %s", c.Component, c.Address) }

// player is the Effects of a replayed run.
type player struct {
	left      Journal
	last      time.Time
	late      bool // the run asked for more times than there are
	deviation error
}

func (p *player) deviate(format string, args ...any) {
	if p.deviation == nil {
		p.deviation = &DeviationError{fmt.Sprintf(format, args...)}
	}
}

// Now gives the next time. Only the goroutine of the run asks: no component runs.
func (p *player) Now() time.Time {
	if len(p.left.Times) == 0 {
		p.late = true
		return p.last
	}
	p.last, p.left.Times = p.left.Times[0], p.left.Times[1:]
	return p.last
}

func (p *player) Sleep(context.Context, time.Duration) error { return nil }

func (p *player) Random() uint64 {
	if len(p.left.Random) == 0 {
		p.deviate("it asks for more randomness")
		return 0
	}
	bits := p.left.Random[0]
	p.left.Random = p.left.Random[1:]
	return bits
}

// Invoke gives what the component gave. A deviation suspends the run, which
// nothing in a flow can take.
func (p *player) Invoke(_ context.Context, call *runtime.Call, _ func(context.Context) (any, error)) (any, error) {
	here := Call{Component: call.Component, Address: call.Address}
	switch {
	case p.deviation != nil:
	case len(p.left.Calls) == 0:
		p.deviate("%s was not made", here.text())
	case p.left.Calls[0].Component != call.Component || p.left.Calls[0].Address != call.Address:
		p.deviate("it comes to %s instead of %s", here.text(), p.left.Calls[0].text())
	}
	if p.deviation != nil {
		return nil, runtime.Suspend("replay")
	}
	reply := p.left.Calls[0].Reply
	p.left.Calls = p.left.Calls[1:]
	return reply.Result, reply.Err
}
