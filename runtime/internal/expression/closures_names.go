package expression

import (
	"flowrun/lang"

	"github.com/expr-lang/expr/ast"
)

// variableForm is a variable. Left of `??` it may have no value.
type variableForm struct {
	slot    Slot
	lenient bool
	name    string
	span    lang.Span
}

func (v *variableForm) code(*closureCompiler, function, []code) code {
	slot := v.slot
	switch {
	case v.lenient:
		return code{cell: func(m *Machine) (Cell, error) {
			if found := m.frame.Variable(slot); found.kind != cellUnset {
				return found.Cell, nil
			}
			return nilCell, nil
		}}
	case slot < 0:
		slot = ^slot
		return code{cell: func(m *Machine) (Cell, error) {
			if found := &m.frame.Flow[slot]; found.kind != cellUnset {
				return found.Cell, nil
			}
			return v.cell(m)
		}}
	}
	return code{own: true, slot: slot, cell: func(m *Machine) (Cell, error) {
		if found := &m.frame.Own[slot]; found.kind != cellUnset {
			return found.Cell, nil
		}
		return v.cell(m)
	}}
}

// cell reads the variable as the VM does.
func (v *variableForm) cell(m *Machine) (Cell, error) { return m.call(v.read) }

// share evaluates the middle of a comparison like `a < b < c` once.
func (k *closureCompiler) share(n *ast.VariableDeclaratorNode) code {
	middle := k.compile(n.Value)
	at := len(k.shared)
	k.shared = append(k.shared, n.Name)
	comparisons := k.condition(n.Expr)
	return truthCode(func(m *Machine) (bool, error) {
		v, err := middle.cell(m)
		if err != nil {
			return false, err
		}
		m.shared[at] = v
		return comparisons.truth(m)
	}, middle, comparisons)
}

func (k *closureCompiler) sharedValue(name string) code {
	for at, known := range k.shared {
		if known == name {
			return code{cell: func(m *Machine) (Cell, error) { return m.shared[at], nil }}
		}
	}
	k.beyond = true
	return constantCode(nilCell)
}

// lettingGo evaluates a whole expression, and holds nothing of what it shared afterwards.
func lettingGo[V any](evaluate func(m *Machine) (V, error)) func(m *Machine) (V, error) {
	if evaluate == nil {
		return nil
	}
	return func(m *Machine) (V, error) {
		v, err := evaluate(m)
		clear(m.shared)
		return v, err
	}
}
