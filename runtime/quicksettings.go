package runtime

import "flowrun/runtime/internal/expression"

// quickSetting is a setting of a reusable pass that is a variable, written in the source,
// or computed from numbers and truths: to look at it twice makes no difference.
type quickSetting struct {
	target   any // a pointer to the field, for putPlain
	own      bool
	slot     expression.Slot    // of the variable
	compute  expression.Scalars // nil: it is not computed
	constant expression.Cell
}

// quickSettings are settings with the pointers to their fields; nil where one of them is
// another.
func quickSettings(settings []*setting, targets []any) []quickSetting {
	quick := make([]quickSetting, len(settings))
	for i, s := range settings {
		if targets[i] == nil || s.value == nil {
			return nil
		}
		q := &quick[i]
		q.target = targets[i]
		if q.slot, q.own = s.value.Own(); q.own {
			continue
		}
		if v, constant := s.value.Constant(); constant {
			q.constant = expression.CellOf(v)
			continue
		}
		compute, steps := s.value.Scalars()
		if compute == nil || steps > 0 {
			return nil
		}
		q.compute = compute
	}
	return quick
}

// takeQuickly stores the settings of the pass, counts what measuring them counts and gives
// their size. Where a value is not as it should be or a limit is near, it is not done, and
// has counted nothing.
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
		size, ok := putPlain(q.target, c)
		if !ok || size > limits.Value {
			return 0, false
		}
		held += size
	}
	return held, r.held+held <= limits.Variables && r.machine.Measured(held)
}
