package expression

import (
	"strconv"

	"flowrun/runtime/value"
)

// templateForm is a string literal that interpolates.
type templateForm struct {
	parts []value.Part
	place *place
}

func (t *templateForm) code(_ *closureCompiler, _ function, operands []code) code {
	variables := ownVariables(operands)
	var evaluate func(m *Machine) (ended bool, err error)
	if variables == nil {
		evaluate = stacked(operands)
	} else {
		evaluate = pushed(variables)
	}
	pieces, after := t.pieces(operands)
	text := func(m *Machine) (string, error) {
		if variables != nil {
			if text, done := t.quick(m, pieces, after, nil); done {
				return text, nil
			}
		}
		base := len(m.stack)
		if _, err := evaluate(m); err != nil {
			return "", err
		}
		if variables == nil {
			if text, done := t.quick(m, pieces, after, m.stack[base:]); done {
				m.unstack(base)
				return text, nil
			}
		}
		text, err := t.text(m, base)
		if err != nil {
			return "", t.place.locate(err)
		}
		return text, nil
	}
	return code{makes: true, text: text, evaluate: func(m *Machine) (Cell, error) {
		text, err := text(m)
		if err != nil {
			return Cell{}, err
		}
		return otherCell(text), nil
	}}
}

// ownVariables gives operands that are all variables of the place where the expression
// stands; nil when they are not.
func ownVariables(operands []code) []*variableForm {
	for i := range operands {
		if !operands[i].own {
			return nil
		}
	}
	variables := make([]*variableForm, len(operands))
	for i := range operands {
		variables[i] = operands[i].variable
	}
	return variables
}

// pushed is stacked for variables.
func pushed(variables []*variableForm) func(m *Machine) (ended bool, err error) {
	return func(m *Machine) (bool, error) {
		for _, variable := range variables {
			v, err := variable.read(m)
			if err != nil {
				return false, err
			}
			m.stack = append(m.stack, v)
		}
		return false, nil
	}
}

// templatePiece is a value of a template with the literal text before it.
type templatePiece struct {
	before string
	slot   Slot // of a variable
}

// pieces gives the values with the text before each, and the text behind the last one.
func (t *templateForm) pieces(operands []code) (pieces []templatePiece, after string) {
	pieces = make([]templatePiece, 0, len(operands))
	for i := range t.parts {
		if part := &t.parts[i]; part.Dynamic {
			pieces = append(pieces, templatePiece{after, operands[len(pieces)].slot})
			after = ""
		} else {
			after += part.Text
		}
	}
	return pieces, after
}

// quick does what text does with strings and ints, in variables or in operands, where the
// text is short and no limit is near. Where it is not done, it has done nothing.
func (t *templateForm) quick(m *Machine, pieces []templatePiece, after string, operands []Cell) (text string, done bool) {
	written, effort, own := m.written[:0], len(t.parts)*interpolationEffort, m.frame.Own
	for i := range pieces {
		piece := &pieces[i]
		if len(written) > mostQuick {
			return "", false
		}
		written = append(written, piece.before...)
		var v *Cell
		if operands == nil {
			v = &own[piece.slot].Cell
		} else {
			v = &operands[i]
		}
		switch v.kind {
		case cellInt:
			if n := v.number; 0 <= n && n <= 9 {
				written = append(written, byte('0'+n))
			} else {
				written = strconv.AppendInt(written, int64(n), 10)
			}
		case cellOther, cellText:
			s, ok := v.Text()
			if !ok || len(s) > mostQuick {
				return "", false
			}
			effort += len(s) * textEffort
			written = append(written, s...)
		default:
			return "", false
		}
	}
	written = append(written, after...)
	m.written = kept(written)
	made := len(written)
	if m.budget.CheckText(made) != nil || m.fresh+made >= m.limits.Variables/4 || !m.SpendWithin(effort+makingEffort*made) {
		return "", false
	}
	m.fresh, m.used = m.fresh+made, true
	return string(written), true
}

// text does what interpolate does, with the values on the stack above base, which
// it takes from there.
func (t *templateForm) text(m *Machine, base int) (text string, err error) {
	defer recovered(&err)
	operands := m.stack[base:]
	m.stack = m.stack[:base]
	defer clear(operands)
	for i := range operands {
		if operands[i].kind != cellOther && operands[i].kind != cellText {
			continue
		}
		if text, ok := operands[i].Text(); ok && m.SpendWithin(len(text)*textEffort) {
			continue
		}
		if err := m.budget.SpendOn(operands[i].Value()); err != nil {
			return "", err
		}
	}
	if !m.SpendWithin(len(t.parts) * interpolationEffort) {
		if err := m.spend(len(t.parts) * interpolationEffort); err != nil {
			return "", err
		}
	}
	written := m.written[:0]
	next := 0
	for i := range t.parts {
		part := &t.parts[i]
		if !part.Dynamic {
			if err := m.budget.CheckText(len(written) + len(part.Text)); err != nil {
				return "", err
			}
			written = append(written, part.Text...)
			continue
		}
		next++
		if written, err = writePart(m, written, part.Source, &operands[next-1], next); err != nil {
			return "", err
		}
	}
	m.written = kept(written)
	return string(written), m.made(len(written))
}

// writePart writes the value of a template's part behind what is written already.
func writePart(m *Machine, written []byte, source string, v *Cell, argument int) ([]byte, error) {
	if v.kind == cellInt {
		written = strconv.AppendInt(written, int64(v.number), 10)
		return written, m.budget.CheckText(len(written))
	}
	text, ok := v.Text()
	if !ok {
		var err error
		if text, err = partText(m, source, v.Value(), argument); err != nil {
			return nil, err
		}
	}
	if err := m.budget.CheckText(len(written) + len(text)); err != nil {
		return nil, err
	}
	return append(written, text...), nil
}

// mostQuick is how long a text may be, and each string in it, before limits are looked at.
const mostQuick = 16 << 10

// mostKept is how much room for templates a Machine keeps.
const mostKept = 64 << 10

func kept(room []byte) []byte {
	if cap(room) > mostKept {
		return nil
	}
	return room
}
