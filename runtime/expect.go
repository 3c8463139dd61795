package runtime

import (
	"flowrun/lang"
	"flowrun/runtime/internal/expression"
	"flowrun/runtime/value"
)

// Unmet is an expectation of a test that was not met.
type Unmet struct {
	// Source and Span are where it stands.
	Source *lang.Source
	Span   lang.Span
	// Reasons are the parts of the condition for which it does not hold; none when
	// a run was expected to fail and did not.
	Reasons []UnmetReason
}

// UnmetReason is a part of a condition that is not as the condition wants it.
type UnmetReason struct {
	Span lang.Span
	// Operator is that of a comparison (`==`, `contains`, `not in`, …), or "".
	Operator string
	// Operands are the two sides of a comparison, or the list of `any(list, …)` and
	// its like; of anything else there are none.
	Operands []UnmetOperand
	// Differing is where the operands of == begin to differ when one is too large to
	// be kept, or nil.
	Differing *Differing
	// Held tells that the part is true and the condition wants it to be false.
	Held bool
}

// UnmetOperand is one side of a comparison with its value.
type UnmetOperand struct {
	Span    lang.Span
	Literal bool // the value is written there
	Value   any
	// Large tells that the value was too large to be kept; Value is nil then.
	Large bool
}

// Range is where the expectation stands.
func (u *Unmet) Range() lang.Range { return u.Source.Range(u.Span) }

// Bounds of what is kept of the expectations of a run that were not met.
const (
	mostUnmet        = 20
	mostReasons      = 5
	largestUnmet     = 64 << 10 // bytes of an operand
	deepestCondition = 50
)

// expectation is `expect condition`.
type expectation struct {
	span      lang.Span
	condition *expression.Condition
}

func (s *expectation) run(f *frame) signal {
	condition := &evaluated{Compiled: s.condition.Compiled, span: s.condition.Span()}
	holds, err := f.condition(condition)
	if err != nil {
		return f.fail(f.conditionError(condition, err))
	}
	f.run.expectations++
	if !holds {
		f.unmet(s.span, s.condition)
	}
	return next
}

// unmet notes an expectation that was not met; the condition is nil for that of a
// run that was to fail.
func (f *frame) unmet(span lang.Span, condition *expression.Condition) {
	r := f.run
	r.unmetCount++
	if len(r.unmet) >= mostUnmet {
		return
	}
	unmet := &Unmet{Source: f.source(), Span: span}
	if condition != nil {
		unmet.Reasons = f.reasons(condition, true, 0)
	}
	r.unmet = append(r.unmet, unmet)
}

// reasons are the parts for which a condition is not what is wanted of it.
func (f *frame) reasons(c *expression.Condition, want bool, depth int) []UnmetReason {
	all := c.Operator == "and" && !want || c.Operator == "or" && want
	switch {
	case depth > deepestCondition:
	case c.Operator == "not":
		return f.reasons(c.Conditions[0], !want, depth+1)
	case c.Operator == "and" || c.Operator == "or":
		var reasons []UnmetReason
		for _, part := range c.Conditions {
			holds, err := f.condition(&evaluated{Compiled: part.Compiled, span: part.Span()})
			if err != nil || len(reasons) >= mostReasons {
				break
			}
			if holds != want {
				reasons = append(reasons, f.reasons(part, want, depth+1)...)
				if !all {
					return reasons
				}
			}
		}
		if len(reasons) > 0 {
			return reasons
		}
	}
	reason := UnmetReason{Span: c.Span(), Held: !want}
	if len(c.Conditions) == 0 {
		reason.Operator = c.Operator
		var values []any
		for _, x := range c.Operands {
			operand, v := f.operand(x)
			reason.Operands, values = append(reason.Operands, operand), append(values, v)
		}
		if c.Operator == "==" && (reason.Operands[0].Large || reason.Operands[1].Large) {
			reason.Differing = f.differing(values[0], values[1])
		}
	}
	return []UnmetReason{reason}
}

// operand is one side of a comparison, and its whole value. What depends on when it
// is looked at is as it was a moment before: the time and the variables of a test
// stand still.
func (f *frame) operand(x *expression.Compiled) (UnmetOperand, any) {
	operand := UnmetOperand{Span: x.Span()}
	_, operand.Literal = x.Constant()
	v, err := f.eval(&evaluated{Compiled: x, span: x.Span()})
	if err != nil {
		return operand, nil
	}
	if size, err := f.run.machine.Size(v); err != nil || size > largestUnmet {
		operand.Large = true
		return operand, v
	}
	operand.Value = value.Clone(v)
	return operand, v
}
