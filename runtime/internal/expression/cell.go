package expression

import (
	"math"

	"flowrun/runtime/value"
)

// Cell holds a value of the language, or none. Numbers and bools stand in it as
// they are, so that to compute with them takes no memory; every other value is an
// any. The zero Cell has no value.
type Cell struct {
	kind   cellKind
	number int // an int, the bits of a float, or 1 for true
	other  any
}

// cellKind tells where in a Cell the value is.
type cellKind uint8

const (
	cellUnset cellKind = iota
	cellInt
	cellFloat
	cellBool
	cellOther // also nil
	cellEnded // the rest of a chain is left out, since `?.` found nil
)

// CellOf puts a value into a Cell.
func CellOf(v any) Cell {
	switch v := v.(type) {
	case int:
		return IntCell(v)
	case float64:
		return floatCell(v)
	case bool:
		return boolCell(v)
	}
	return Cell{kind: cellOther, other: v}
}

// IntCell puts an int into a Cell.
func IntCell(n int) Cell { return Cell{kind: cellInt, number: n} }

// TextCell puts a text into a Cell.
func TextCell(text string) Cell { return Cell{kind: cellOther, other: text} }

func floatCell(f float64) Cell { return Cell{kind: cellFloat, number: int(math.Float64bits(f))} }

func boolCell(b bool) Cell {
	if b {
		return Cell{kind: cellBool, number: 1}
	}
	return Cell{kind: cellBool}
}

var nilCell = Cell{kind: cellOther}

// IsSet reports whether there is a value.
func (c *Cell) IsSet() bool { return c.kind != cellUnset }

// IsScalar reports whether the value is a number or a bool.
func (c *Cell) IsScalar() bool { return c.kind >= cellInt && c.kind <= cellBool }

// Bool gives the value when it is true or false.
func (c *Cell) Bool() (b, ok bool) { return c.number != 0, c.kind == cellBool }

// Int gives the value when it is an int.
func (c *Cell) Int() (n int, ok bool) { return c.number, c.kind == cellInt }

// Number gives the value as a float when it is a number.
func (c *Cell) Number() (f float64, ok bool) { return floatOf(*c) }

// Text gives the value when it is a string.
func (c *Cell) Text() (s string, ok bool) {
	if c.kind != cellOther {
		return "", false
	}
	s, ok = c.other.(string)
	return s, ok
}

func (c *Cell) float() float64 { return math.Float64frombits(uint64(c.number)) }

func (c *Cell) isNil() bool { return c.kind == cellOther && c.other == nil }

// Value gives the value; nil when there is none.
func (c *Cell) Value() any {
	switch c.kind {
	case cellInt:
		return c.number
	case cellFloat:
		return c.float()
	case cellBool:
		return c.number != 0
	}
	return c.other
}

// Variable is a variable of a run: what it holds, and how many bytes the run
// counts for it.
type Variable struct {
	Cell
	Held int
}

// Put gives the variable a value for which the run counts so many bytes.
func (v *Variable) Put(c Cell, held int) {
	if c.IsScalar() && v.IsScalar() { // there is no pointer in them
		v.kind, v.number, v.Held = c.kind, c.number, held
		return
	}
	v.Cell, v.Held = c, held
}

// SizeOf is Size for what is in a Cell.
func (m *Machine) SizeOf(c *Cell) (int, error) {
	if c.IsScalar() && m.scalars && m.SpendLess(measuringEffort*value.PlainSize) {
		return value.PlainSize, nil
	}
	if text, ok := c.Text(); ok {
		if size := value.SizeOfText(len(text)); size <= m.limits.Value && m.SpendLess(measuringEffort*size) {
			return size, nil
		}
	}
	return m.Size(c.Value())
}

// Measured counts what measuring values of so many bytes counts, unless the run is to be
// looked at on the way; it tells whether it has.
func (m *Machine) Measured(bytes int) bool { return m.spendWithin(measuringEffort * bytes) }

// PutScalar gives a variable that holds a scalar another one; done is false where
// there is more to do: for other values, and when a step is full.
func (m *Machine) PutScalar(v *Variable, c *Cell) (done bool) {
	if !c.IsScalar() || !v.IsScalar() || v.Held != value.PlainSize || !m.scalars || !m.SpendLess(measuringEffort*value.PlainSize) {
		return false
	}
	v.kind, v.number = c.kind, c.number
	return true
}
