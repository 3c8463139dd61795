package runtime

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"flowrun/runtime/internal/expression"
	"flowrun/runtime/value"
)

// delivered takes what the component, or the host of a resumed run, returned.
func (p *callPass) delivered(ctx context.Context, v any, err error) (expression.Cell, signal, *Error) {
	err = sound(err)
	if err != nil && p.suspend(err) {
		return nothing, suspended, nil
	}
	p.frame.run.machine.Forget() // a run that was suspended here knows no more
	result, failure := p.received(ctx, v, err)
	if r := p.frame.run; r.observe != nil {
		var took time.Duration
		if p.began != nil {
			took = r.now().Sub(*p.began)
		}
		r.event(Event{Kind: CallEnded, Call: p.describe(), Result: result, Err: failure, Duration: took})
	}
	return expression.CellOf(result), next, failure
}

// sound is the error that a host gave, or another one where it cannot be read.
func sound(err error) (readable error) {
	if failure, ok := err.(*Failure); ok && failure == nil {
		return errors.New(failure.Error())
	}
	if err == nil {
		return nil
	}
	defer failing("the component's error", &readable)
	if endless(err) {
		return &Failure{Kind: KindFailed, Message: "the component's error has no end: it wraps itself"}
	}
	_ = err.Error()
	Suspended(err)
	kindOf(err)
	_ = errors.Is(err, ErrTimeout)
	return err
}

// received converts what a component returned.
func (p *callPass) received(ctx context.Context, v any, err error) (any, *Error) {
	if err != nil {
		return nil, p.failure(ctx, err)
	}
	if v, err = p.frame.run.machine.Budget().From(v); err != nil {
		var over *Error
		if errors.As(err, &over) {
			return nil, p.own(p.frame.place(over, p.statement.span))
		}
		e := p.error(KindFailed, fmt.Sprintf("its result cannot be used: %v", err))
		e.Cause = panicIn(err)
		if limit := limitError(err); limit != nil {
			e.Kind, e.Hint, e.Cause = KindResource, limit.Hint, err
		}
		return nil, e
	}
	return v, nil
}

// failure makes an error of the run of what a component returned.
func (p *callPass) failure(ctx context.Context, err error) *Error {
	e := p.error(kindOf(err), err.Error())
	e.Cause = err
	var failure *Failure
	if errors.As(err, &failure) {
		e.Message, e.Hint = failure.Message, failure.Hint
		var over *Error
		if e.Fields, e.result, over = failure.values(p.frame.run.machine.Budget()); over != nil {
			return p.own(p.frame.place(over, p.statement.span))
		}
		if s := p.setting(failure.Setting); s != nil {
			e.Span = s.syntax.Value.Span
		}
	}
	if limit := limitError(err); limit != nil {
		e.Kind, e.Hint = KindResource, limit.Hint
	}
	e.Message, e.Hint = bounded(e.Message), bounded(e.Hint)
	if ended := p.ended(ctx, err); ended != nil {
		e.Kind, e.Message, e.timedOut = ended.Kind, ended.Message, ended.timedOut
		if failure != nil && failure.Aftermath != "" {
			e.Message += "; " + bounded(failure.Aftermath)
		}
		if ended.Cause != nil && !errors.Is(err, ended.Cause) {
			e.Cause = errors.Join(ended.Cause, err)
		}
	}
	return e
}

// values converts what a component added to its failure. What cannot be
// converted is left as the words of the problem, so that the failure itself
// arrives. over is the end of the run meanwhile.
func (failure *Failure) values(budget *value.Budget) (fields map[string]any, result any, over *Error) {
	fields = make(map[string]any, len(failure.Fields))
	for _, key := range slices.Sorted(maps.Keys(failure.Fields)) {
		v, err := budget.Inside().From(failure.Fields[key])
		if errors.As(err, &over) {
			return nil, nil, over
		}
		if err != nil {
			v = err.Error()
		}
		fields[key] = v
	}
	result, err := budget.From(failure.Result)
	errors.As(err, &over)
	if err != nil {
		result = nil
	}
	return fields, result, over
}

// ended tells whether a component failed because its context ended.
func (p *callPass) ended(ctx context.Context, err error) *Error {
	var timeout *timeoutCause
	if errors.As(err, &timeout) && timeout.pass.frame.run == p.frame.run {
		return timeout.pass.timedOut()
	}
	if _, owner := p.earliest(); owner != nil && errors.Is(err, ErrTimeout) {
		return owner.timedOut()
	}
	if ctx.Err() != nil {
		return p.frame.run.interrupted(ctx)
	}
	return nil
}
