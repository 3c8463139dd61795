package runtime

import (
	"context"
	"time"

	"flowrun/runtime/value"
)

// guard is deferred around a call of something of the host that is no component:
// when it panics, the run ends with an error of kind host at its next step. What the
// panic said is in its cause only.
func (r *run) guard(what string) {
	if reason := recover(); reason != nil && r.broken == nil {
		r.broken = &Error{Kind: KindHost, Message: what + " of the host broke down", Cause: value.Panicked(reason)}
		r.counter.CheckAt = 0
	}
}

// now is the time of the run.
func (r *run) now() time.Time {
	defer r.guard("the clock")
	return r.effects.Now()
}

// draw gives the bits that a run's randomness begins with.
func (r *run) draw() uint64 {
	defer r.guard("the source of randomness")
	return r.effects.Random()
}

// tell gives the observers an event.
func (r *run) tell(e Event) {
	defer func() {
		switch {
		case r.broken == nil || r.broken.Source != nil:
		case e.Call != nil:
			r.broken.Source, r.broken.Span = e.Call.pass.frame.source(), e.Call.pass.statement.span
		case e.Err != nil:
			r.broken.Source, r.broken.Span = e.Err.Source, e.Err.Span
		}
	}()
	defer r.guard("an observer")
	r.observe(e)
}

// perform lets the effects invoke a component.
func (r *run) perform(ctx context.Context, call *Call, invoke func(context.Context) (any, error)) (v any, err error) {
	defer failing("the component's invocation", &err)
	return r.effects.Invoke(ctx, call, invoke)
}

// failing is deferred around a function of the host that may return an error: a
// panic becomes one, which does not tell the flow what the panic said.
func failing(what string, err *error) {
	if reason := recover(); reason != nil {
		*err = &Failure{Kind: KindFailed, Message: what + " broke down", Cause: value.Panicked(reason)}
	}
}

// guarded makes a panic of the resolver an error.
func (resolve secrets) guarded() secrets {
	return func(name string) (secret string, err error) {
		defer failing("the host's resolver of secrets", &err)
		return resolve(name)
	}
}

// guardedDecode makes a panic of a decoder an error.
func guardedDecode(decoder SettingDecoder, v any) (err error) {
	defer failing("the setting's decoder", &err)
	return decoder.DecodeSetting(v)
}

// guardedItem makes a panic of a checker an error.
func guardedItem(checker ItemChecker, key string, v any, known bool) (err error) {
	defer failing("the setting's check", &err)
	return checker.CheckItem(key, v, known)
}
