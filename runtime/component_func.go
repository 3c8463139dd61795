package runtime

import (
	"context"
	"fmt"
	"reflect"

	"flowrun/runtime/internal/expression"
)

// NewComponentFunc is NewComponent for a function that needs nothing of its call but
// the settings. They come by value, so S is the struct itself, and the result is of one
// type:
//
//	quote := runtime.NewComponentFunc("quote", func(_ context.Context, s quoteSettings) (int, error) {
//		return prices.Quote(s.Kind, s.Amount)
//	})
//
// The result becomes a value of the flow as that of NewComponent's function does.
// Nothing of a call outlives it, so what one pass through a call statement took is used for
// the next ones, also of later runs: with settings of type string, bool, int or float64 and an int
// or a bool as its result, a call allocates nothing then. One that has a timeout, or that
// an observer or Effects of the host get to see, is made as NewComponent's are.
//
// The function gets no Call, and so no Run and Address, by which one can tell that a
// call is done again when a run is resumed or replayed. What must not happen twice, such
// as a payment, is for NewComponent.
func NewComponentFunc[S, R any](name string, run func(ctx context.Context, settings S) (R, error), options ...ComponentOption) *Component {
	wantFunction(name, run == nil)
	wantValues(name, reflect.TypeFor[R]())
	c := NewComponent(name, func(ctx context.Context, _ *Call, settings *S) (any, error) {
		return run(ctx, *settings)
	}, options...)
	cell := cellOf[R]()
	c.plain = func(ctx context.Context, settings any) (_ expression.Cell, _ any, err error) {
		defer failing("the component", &err)
		own := settings.(*S)
		given := *own
		*own = *new(S) // for the next pass
		result, err := run(ctx, given)
		if cell == nil {
			return expression.Cell{}, result, err
		}
		return cell(result), nil, err
	}
	return c
}

// wantValues panics when no result of a type can become a value of the flow.
func wantValues(component string, result reflect.Type) {
	switch result.Kind() {
	case reflect.Chan, reflect.Func, reflect.Complex64, reflect.Complex128, reflect.UnsafePointer:
		panic(fmt.Sprintf("runtime: component %s gives a %s, which no value of a flow can be", component, result))
	}
}

// plainInvocation invokes a component that needs no Call, and leaves the settings as
// they were before they were decoded. The Cell has no value where the result still has
// to become a value of the flow.
type plainInvocation func(ctx context.Context, settings any) (expression.Cell, any, error)

// cellOf gives what puts results of a type into Cells, nil where that is not all there
// is to do.
func cellOf[R any]() func(R) expression.Cell {
	var put any
	switch any(*new(R)).(type) {
	case int:
		put = expression.IntCell
	case bool:
		put = func(b bool) expression.Cell { return expression.CellOf(b) }
	}
	cell, _ := put.(func(R) expression.Cell)
	return cell
}

// unwatched tells that nobody but the component itself gets to know of a call.
func (r *run) unwatched() bool { return r.direct && r.observe == nil }

// reusable is the pass of a call that nobody can keep: the same one each time.
func (s *call) reusable(r *run) *callPass {
	p := r.calls[s.id]
	if p == nil {
		p = s.component.pass()
		p.targets = make([]any, len(s.settings))
		for i, setting := range s.settings {
			p.targets[i] = setting.field.target(p.settings)
		}
		p.statement, p.quick = s, s.quickSettings(p.targets)
		r.calls[s.id] = p
		return p
	}
	p.stop, p.started = false, false
	return p
}

// keep sees to it that the pass is not used again.
func (p *callPass) keep() {
	if calls := p.frame.run.calls; calls[p.statement.id] == p {
		calls[p.statement.id] = nil
	}
}

// letGo lets go of the run that ends.
func (p *callPass) letGo() {
	if p != nil {
		p.frame, p.outer = nil, nil
	}
}

// startPlain starts a component that needs no Call.
func (p *callPass) startPlain() (expression.Cell, signal, *Error) {
	r := p.frame.run
	if err := r.lookNow(); err != nil {
		return nothing, next, p.frame.place(err, p.statement.span)
	}
	p.started = true
	c, v, err := p.statement.component.plain(r.ctx, p.settings)
	if err == nil && c.IsSet() {
		r.machine.Forget()
		return c, next, nil
	}
	return p.delivered(r.ctx, v, err)
}
