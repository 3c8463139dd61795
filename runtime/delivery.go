package runtime

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"flowrun/runtime/value"
)

// delivered takes what the component, or the host of a resumed run, returned.
func (p *callPass) delivered(ctx context.Context, v any, err error) (any, signal, *Error) {
	if err != nil && p.suspend(err) {
		return nil, suspended, nil
	}
	result, failure := p.received(ctx, v, err)
	if r := p.frame.run; r.observe != nil {
		var took time.Duration
		if p.began != nil {
			took = r.effects.Now().Sub(*p.began)
		}
		r.event(Event{Kind: CallEnded, Call: p.describe(), Result: result, Err: failure, Duration: took})
	}
	return result, next, failure
}

// received converts what a component returned.
func (p *callPass) received(ctx context.Context, v any, err error) (any, *Error) {
	if err != nil {
		return nil, p.failure(ctx, err)
	}
	if v, err = value.From(v); err != nil {
		return nil, p.error(KindFailed, fmt.Sprintf("its result cannot be used: %v", err))
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
		e.Fields, e.result = failure.values()
		if s := p.setting(failure.Setting); s != nil {
			e.Span = s.syntax.Value.Span
		}
	}
	if ended := p.ended(ctx, err); ended != nil {
		e.Kind, e.Message, e.timedOut = ended.Kind, ended.Message, ended.timedOut
	}
	return e
}

// values converts what a component added to its failure.
func (failure *Failure) values() (fields map[string]any, result any) {
	fields = make(map[string]any, len(failure.Fields))
	for _, key := range slices.Sorted(maps.Keys(failure.Fields)) {
		v, err := value.From(failure.Fields[key])
		if err != nil {
			v = err.Error()
		}
		fields[key] = v
	}
	result, err := value.From(failure.Result)
	if err != nil {
		result = nil
	}
	return fields, result
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
