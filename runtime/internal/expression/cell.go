package expression

import "flowrun/runtime/value"

// Cell holds a value of the language, or none. Numbers and bools stand in it as
// they are, so that to compute with them takes no memory; every other value is an
// any. The zero Cell has no value.
type Cell struct {
	Scalar
	other any
}

// cellKind tells where in a Cell the value is.
type cellKind uint8

const (
	cellUnset cellKind = iota
	cellInt
	cellFloat
	cellBool
	cellOther // also nil
	cellText  // the other is a *string
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
	return otherCell(v)
}

// IntCell puts an int into a Cell.
func IntCell(n int) Cell { return Cell{Scalar: intScalar(n)} }

// TextAt gives a Cell with the text at an address, which takes no memory. The text there
// must stay as it is for as long as the Cell, or a copy of it, is used.
func TextAt(text *string) Cell { return Cell{Scalar: Scalar{kind: cellText}, other: text} }

func floatCell(f float64) Cell { return Cell{Scalar: floatScalar(f)} }

func boolCell(b bool) Cell { return Cell{Scalar: boolScalar(b)} }

func otherCell(v any) Cell { return Cell{Scalar: Scalar{kind: cellOther}, other: v} }

var (
	nilCell   = otherCell(nil)
	endedCell = Cell{Scalar: Scalar{kind: cellEnded}}
)

// IsSet reports whether there is a value.
func (c *Cell) IsSet() bool { return c.kind != cellUnset }

// Text gives the value when it is a string.
func (c *Cell) Text() (s string, ok bool) {
	switch c.kind {
	case cellOther:
		s, ok = c.other.(string)
	case cellText:
		return *c.other.(*string), true
	}
	return s, ok
}

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
	case cellText:
		return *c.other.(*string)
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
	if c.IsScalar() && v.kind < cellOther { // there is no pointer in them
		v.Scalar, v.Held = c.Scalar, held
		return
	}
	v.Cell, v.Held = c, held
}

// SizeOf is Size for what is in a Cell.
func (m *Machine) SizeOf(c *Cell) (int, error) {
	if c.IsScalar() && m.scalars && m.SpendWithin(measuringEffort*value.PlainSize) {
		return value.PlainSize, nil
	}
	if text, ok := c.Text(); ok {
		if size := value.SizeOfText(len(text)); size <= m.limits.Value && m.SpendWithin(measuringEffort*size) {
			return size, nil
		}
	}
	return m.Size(c.Value())
}

// Measured counts what measuring values of so many bytes counts, unless the run is to be
// looked at on the way; it tells whether it has.
func (m *Machine) Measured(bytes int) bool { return m.SpendWithin(measuringEffort * bytes) }

// PutScalar gives a variable that holds a scalar another one. It counts the step that this
// may make full, for which the run is not to be looked at. It is not done where there is
// more to do.
func (m *Machine) PutScalar(v *Variable, s Scalar) (done bool) {
	if !s.IsScalar() || !v.IsScalar() || v.Held != value.PlainSize || !m.scalars {
		return false
	}
	v.Scalar = s
	if m.spent += measuringEffort * value.PlainSize; m.spent >= bytesPerStep {
		m.fullStep()
	}
	return true
}

func (m *Machine) fullStep() {
	m.spent -= bytesPerStep
	m.counter.Taken++
}
