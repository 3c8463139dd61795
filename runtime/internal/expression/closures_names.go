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
	return code{variable: v, own: v.slot >= 0 && !v.lenient, slot: v.slot}
}

// cell gives what reads the variable.
func (v *variableForm) cell() func(m *Machine) (Cell, error) {
	slot := v.slot
	if v.lenient || slot < 0 {
		return v.read
	}
	return func(m *Machine) (Cell, error) {
		if found := &m.frame.Own[slot]; found.kind != cellUnset {
			return found.Cell, nil
		}
		return v.read(m)
	}
}

// read reads the variable.
func (v *variableForm) read(m *Machine) (Cell, error) {
	if found := m.frame.Variable(v.slot); found.kind != cellUnset {
		return found.Cell, nil
	}
	if v.lenient {
		return nilCell, nil
	}
	return m.call(v.evaluate)
}

// share evaluates the middle of a comparison like `a < b < c` once.
func (k *closureCompiler) share(n *ast.VariableDeclaratorNode) code {
	value := k.compile(n.Value)
	middle := value.cell()
	at := len(k.shared)
	k.shared = append(k.shared, n.Name)
	comparisons := k.condition(n.Expr)
	holds := comparisons.truth
	return truthCode(func(m *Machine) (bool, error) {
		v, err := middle(m)
		if err != nil {
			return false, err
		}
		m.shared[at] = v
		return holds(m)
	}, value, comparisons)
}

func (k *closureCompiler) sharedValue(name string) code {
	for at, known := range k.shared {
		if known == name {
			return code{evaluate: func(m *Machine) (Cell, error) { return m.shared[at], nil }}
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
