package expression

import (
	"cmp"
	"strings"
)

// outcomes are the results of an ordering for which a comparison holds: bit 0 for
// less, bit 1 for equal, bit 2 for greater.
type outcomes uint8

const equalOutcome outcomes = 2

// outcomesOf gives those of an operator; none: it does not compare.
func outcomesOf(operator string) outcomes {
	switch operator {
	case "<":
		return 1
	case "==":
		return equalOutcome
	case "<=":
		return 3
	case ">":
		return 4
	case "!=":
		return 5
	case ">=":
		return 6
	}
	return 0
}

func (o outcomes) hold(ordering int) bool { return o>>(ordering+1)&1 != 0 }

func (o outcomes) ints(a, b int) bool {
	switch {
	case a < b:
		return o&1 != 0
	case a > b:
		return o&4 != 0
	}
	return o&2 != 0
}

// comparison compiles one of the comparing operators.
func (o *operatorForm) comparison(f function, left, right code) code {
	c := &comparing{outcomes: outcomesOf(o.operator), equality: !ordering(o.operator), place: o.place, f: f}
	if left.constant && !right.constant && !right.makes {
		left, right = right, left
		c.outcomes, c.swapped = c.outcomes.mirrored(), true
	}
	return truthCode(c.truth(left, right), left, right)
}

func (c *comparing) truth(left, right code) func(m *Machine) (bool, error) {
	if !right.constant {
		return c.cells(left.cell(), right)
	}
	if number, ok := right.value.Int(); ok {
		return c.withInt(left, number)
	}
	if right.value.isNil() && c.equality {
		return c.withNil(left)
	}
	if _, ok := right.value.Text(); ok && c.equality {
		return c.withText(left, right)
	}
	return c.cells(left.cell(), right)
}

// mirrored are the outcomes with both operands exchanged.
func (o outcomes) mirrored() outcomes { return o&1<<2 | o&2 | o>>2 }

// comparing is a comparison of two Cells.
type comparing struct {
	outcomes outcomes
	equality bool // it is == or !=
	swapped  bool // the operands stand the other way round in the source
	place    *place
	f        function
}

// slowly compares as the VM does.
func (c *comparing) slowly(m *Machine, a, b Cell) (bool, error) {
	if c.swapped {
		a, b = b, a
	}
	v, err := m.call(c.f, a, b)
	return v.number != 0, err
}

func (c *comparing) cells(left func(m *Machine) (Cell, error), operand code) func(m *Machine) (bool, error) {
	right, makes := operand.cell(), operand.makes
	return func(m *Machine) (bool, error) {
		a, err := left(m)
		if err != nil {
			return false, err
		}
		var b Cell
		if makes {
			b, err = m.holding(a, right)
		} else {
			b, err = right(m)
		}
		if err != nil {
			return false, err
		}
		switch {
		case a.kind == cellInt && b.kind == cellInt:
			return c.outcomes.ints(a.number, b.number), nil
		case a.kind == cellFloat && b.kind == cellFloat:
			return c.outcomes.hold(cmp.Compare(a.float(), b.float())), nil
		case a.kind == cellBool && b.kind == cellBool && c.equality:
			return c.outcomes.ints(a.number, b.number), nil
		}
		if x, ok := a.Text(); ok {
			if y, ok := b.Text(); ok {
				return c.texts(m, x, y)
			}
		}
		return c.slowly(m, a, b)
	}
}

// texts compares two strings and counts what the VM's way counts for it.
func (c *comparing) texts(m *Machine, a, b string) (bool, error) {
	if err := c.count(m, len(a), len(b)); err != nil {
		return false, c.place.locate(err)
	}
	if c.equality {
		return (a == b) == (c.outcomes == equalOutcome), nil
	}
	return c.outcomes.hold(strings.Compare(a, b)), nil
}

// count counts what it is to compare texts so long.
func (c *comparing) count(m *Machine, a, b int) error {
	if c.swapped {
		a, b = b, a
	}
	extra := 0
	if c.equality && a == b {
		extra = a
	}
	if m.SpendWithin((a+b)*textEffort + extra) {
		return nil
	}
	for _, work := range [...]int{a * textEffort, b * textEffort, extra} {
		if err := m.spend(work); err != nil {
			return err
		}
	}
	return nil
}

// withInt compares with an int that is written in the source.
func (c *comparing) withInt(left code, b int) func(m *Machine) (bool, error) {
	outcomes := c.outcomes
	if left.own {
		slot, variable := left.slot, left.variable
		return func(m *Machine) (bool, error) {
			if a := &m.frame.Own[slot]; a.kind == cellInt {
				return outcomes.ints(a.number, b), nil
			}
			return c.variableSlowly(m, variable, IntCell(b))
		}
	}
	operand := left.cell()
	return func(m *Machine) (bool, error) {
		a, err := operand(m)
		switch {
		case err != nil:
			return false, err
		case a.kind == cellInt:
			return outcomes.ints(a.number, b), nil
		}
		return c.slowly(m, a, IntCell(b))
	}
}

// withText compares with a string that is written in the source.
func (c *comparing) withText(left, right code) func(m *Machine) (bool, error) {
	other := right.value
	b, _ := other.Text()
	if left.own {
		slot, variable, same := left.slot, left.variable, c.outcomes == equalOutcome
		return func(m *Machine) (bool, error) {
			text, ok := m.frame.Own[slot].Text()
			switch {
			case !ok:
				return c.variableSlowly(m, variable, other)
			case len(text) != len(b) && m.SpendWithin((len(text)+len(b))*textEffort):
				return !same, nil
			case len(text) == len(b) && m.SpendWithin(len(b)*(2*textEffort+1)):
				return (text == b) == same, nil
			}
			return c.texts(m, text, b)
		}
	}
	operand := left.cell()
	return func(m *Machine) (bool, error) {
		a, err := operand(m)
		if err != nil {
			return false, err
		}
		if text, ok := a.Text(); ok {
			return c.texts(m, text, b)
		}
		return c.slowly(m, a, other)
	}
}

// variableSlowly is slowly with a variable in place of the first operand.
func (c *comparing) variableSlowly(m *Machine, variable *variableForm, b Cell) (bool, error) {
	a, err := variable.read(m)
	if err != nil {
		return false, err
	}
	return c.slowly(m, a, b)
}

// withNil compares with nil.
func (c *comparing) withNil(left code) func(m *Machine) (bool, error) {
	operand := left.cell()
	same := c.outcomes == equalOutcome
	return func(m *Machine) (bool, error) {
		a, err := operand(m)
		switch {
		case err != nil:
			return false, err
		case a.isNil():
			return same, nil
		case a.IsScalar():
			return !same, nil
		}
		return c.slowly(m, a, nilCell)
	}
}
