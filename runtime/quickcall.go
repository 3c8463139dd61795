package runtime

import (
	"flowrun/runtime/internal/expression"
	"flowrun/runtime/value"
)

// quickSetting is a setting of a reusable pass that is a variable, written in the source,
// or computed from numbers and truths: to look at it twice makes no difference.
type quickSetting struct {
	target   any // a pointer to the field, for putPlain
	own      bool
	slot     expression.Slot    // of the variable
	compute  expression.Scalars // nil: it is not computed
	constant expression.Cell
}

// quickSettings are the settings of a call with the pointers to their fields; nil where one
// of them is another, and where there is more to the call than its settings and its result.
func (s *call) quickSettings(targets []any) []quickSetting {
	if s.limit != nil || s.stop != nil || s.mustFail || s.shown || s.target != nil && len(s.target.path) > 0 {
		return nil
	}
	quick := make([]quickSetting, len(s.settings))
	for i, setting := range s.settings {
		if targets[i] == nil || setting.value == nil {
			return nil
		}
		q := &quick[i]
		q.target = targets[i]
		if q.slot, q.own = setting.value.Own(); q.own {
			continue
		}
		if v, constant := setting.value.Constant(); constant {
			q.constant = expression.CellOf(v)
			continue
		}
		compute, steps := setting.value.Scalars()
		if compute == nil || steps > 0 {
			return nil
		}
		q.compute = compute
	}
	return quick
}

// quickly is run for a reusable pass, of which the steps are counted. It is not done where
// there is more to do, and has done nothing then.
func (s *call) quickly(f *frame, p *callPass) (sig signal, done bool) {
	r := f.run
	p.frame, p.number, p.outer, p.started = f, r.passes[s.id], r.pass, true
	held, taken := p.takeQuickly()
	if !taken {
		return next, false
	}
	r.held += held
	c, v, err := s.component.plain(r.ctx, p.settings)
	if err != nil || !c.IsSet() {
		result, sig, err := p.delivered(r.ctx, v, err)
		r.held -= held
		return s.performed(p, result, sig, err), true
	}
	r.held -= held
	r.machine.Forget()
	if s.target != nil {
		if !r.putQuickly(f.variable(s.target.variable), c) {
			return s.performed(p, c, next, nil), true
		}
	}
	r.look()
	return next, true
}

// takeQuickly stores the settings of the pass, counts what measuring them counts and gives
// their size. Where a value is not as it should be or a limit is near, it has counted
// nothing.
func (p *callPass) takeQuickly() (held int, done bool) {
	f := p.frame
	r := f.run
	limits := &r.program.limits
	for i := range p.quick {
		q := &p.quick[i]
		c := &q.constant
		switch {
		case q.own:
			c = &f.Own[q.slot].Cell
		case q.compute != nil:
			c = &expression.Cell{Scalar: q.compute(f.Own)}
		}
		size, ok := value.PlainSize, false
		switch target := q.target.(type) { // what is most common, without a call of putPlain
		case *string:
			*target, ok = c.Text()
			size = value.SizeOfText(len(*target))
		case *int:
			*target, ok = c.Int()
		default:
			size, ok = putPlain(q.target, c)
		}
		if !ok || size > limits.Value {
			return 0, false
		}
		held += size
	}
	return held, r.held+held <= limits.Variables && r.machine.Measured(held)
}
