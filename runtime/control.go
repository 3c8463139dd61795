package runtime

import (
	"errors"

	"flowrun/lang"
	"flowrun/runtime/internal/expression"
	"flowrun/runtime/value"
)

// evaluated is an expression with its place.
type evaluated struct {
	*expression.Compiled
	span lang.Span
	// scalars are of a condition; nil: none. With them steps are to be counted.
	scalars expression.Scalars
	steps   int
}

// assign is `target = e`.
type assign struct {
	target *target
	value  *evaluated
}

func (s *assign) run(f *frame) signal {
	if len(s.target.path) > 0 {
		if err := s.part(f); err != nil {
			return f.fail(err)
		}
		return next
	}
	m := f.run.machine
	c, problem := m.Cell(s.value.Compiled, &f.Frame)
	if problem != nil {
		return f.fail(f.evaluationError(s.value, problem))
	}
	if problem := f.storeCell(s.target.variable, c); problem != nil {
		return f.fail(f.problem(problem, s.target.span, ""))
	}
	return next
}

// part assigns along a path.
func (s *assign) part(f *frame) *Error {
	v, err := f.eval(s.value)
	if err != nil {
		return err
	}
	return s.target.assign(f, v)
}

// target is what an assignment writes.
type target struct {
	variable reference
	name     string
	span     lang.Span
	path     []pathStep
}

type pathStep struct {
	span  lang.Span
	name  string
	index *evaluated // nil: name
}

// assignCell is assign for what is in a Cell.
func (t *target) assignCell(f *frame, c expression.Cell) *Error {
	if len(t.path) > 0 {
		return t.assign(f, c.Value())
	}
	if err := f.storeCell(t.variable, c); err != nil {
		return f.problem(err, t.span, "")
	}
	return nil
}

func (t *target) assign(f *frame, v any) *Error {
	if len(t.path) == 0 {
		return t.assignCell(f, expression.CellOf(v))
	}
	path := make([]any, len(t.path))
	for i, step := range t.path {
		if step.index == nil {
			path[i] = step.name
			continue
		}
		var err *Error
		if path[i], err = f.eval(step.index); err != nil {
			return err
		}
	}
	root, set := f.load(t.variable)
	if !set {
		message, hint := f.Unset(t.variable.expressionSlot(), t.name)
		return f.errorAt(t.span, message, hint)
	}
	return t.replace(f, root, path, v)
}

// replace gives the variable its value with v at the end of a path.
func (t *target) replace(f *frame, root any, path []any, v any) *Error {
	changed, growth, err := f.run.machine.Budget().Assign(t.name, root, path, v)
	if err == nil {
		err = f.grow(t.variable, changed, growth)
	}
	if err == nil {
		return nil
	}
	var problem *value.AssignmentError
	if errors.As(err, &problem) {
		return f.errorAt(t.span, problem.Message, problem.Hint)
	}
	return f.problem(err, t.span, "")
}

// ifElse is `if … else if … else …`. A path's first turn is the branch; the
// else block counts as the last.
type ifElse struct {
	conditions []*evaluated
	blocks     []*block // one more than conditions when there is an else

	first expression.Scalars // the first condition, where it counts no steps; nil: none
	then  *block             // of the first condition
}

// branchSteps is what looking at one more condition counts.
const branchSteps = 2

func (s *ifElse) run(f *frame) signal {
	if s.first == nil {
		return s.from(f, 0)
	}
	holds, ok := s.first(f.Own).Bool()
	switch {
	case !ok:
		return s.from(f, 0)
	case holds:
		return f.chosen(0, s.then.run(f))
	case len(s.blocks) == 1:
		return next
	}
	return s.from(f, 1)
}

// from looks at the conditions from index i on.
func (s *ifElse) from(f *frame, i int) signal {
	for ; i < len(s.conditions); i++ {
		condition := s.conditions[i]
		if i > 0 {
			if err := f.run.count(branchSteps); err != nil {
				return f.abort(f.place(err, condition.span))
			}
		}
		holds, err := f.condition(condition)
		if err != nil {
			return f.fail(f.conditionError(condition, err))
		}
		if holds {
			return f.chosen(i, s.blocks[i].run(f))
		}
	}
	if other := len(s.conditions); len(s.blocks) > other {
		return f.chosen(other, s.blocks[other].run(f))
	}
	return next
}

func (s *ifElse) enter(f *frame, path []turn) signal {
	choice := path[0].choice
	return f.chosen(choice, s.blocks[choice].enter(f, path[1:]))
}

// leave is break, continue or stop.
type leave struct{ sig signal }

func (s *leave) run(*frame) signal { return s.sig }

// returnValue is `return [e]`.
type returnValue struct {
	value *evaluated // nil: none
	span  lang.Span  // of the value, or of the statement
}

func (s *returnValue) run(f *frame) signal {
	f.result, f.returnedAt = nothing, s.span
	switch {
	case s.value == nil:
	case f.function == nil && s.value.MakesText(): // nobody but the run's end reads it
		text, err := f.run.machine.Text(s.value.Compiled, &f.Frame)
		if err != nil {
			return f.fail(f.evaluationError(s.value, err))
		}
		f.text = text
		f.result = expression.TextAt(&f.text)
	default:
		c, err := f.cell(s.value)
		if err != nil {
			return f.fail(err)
		}
		f.result = c
	}
	return returned
}

// jump is `goto name`.
type jump struct{ label *label }

func (s *jump) run(f *frame) signal {
	f.jump = s.label
	return jumped
}
