package expression

import (
	"github.com/expr-lang/expr/ast"
	vmruntime "github.com/expr-lang/expr/vm/runtime"
)

// fieldForm is `a.name`. The map that has the key is the common case.
type fieldForm struct{ name string }

func (form *fieldForm) code(_ *closureCompiler, f function, operands []code) code {
	name, base := form.name, operands[0].cell()
	return code{makes: operands[0].makes, evaluate: func(m *Machine) (Cell, error) {
		v, err := base(m)
		if err != nil || v.kind == cellEnded {
			return v, err
		}
		if v.kind == cellOther {
			if fields, ok := v.other.(map[string]any); ok {
				if field, ok := fields[name]; ok {
					return CellOf(field), nil
				}
			}
		}
		return m.call(f, v)
	}}
}

// indexForm is `a[key]`. The list that has the element is the common case.
type indexForm struct{}

func (*indexForm) code(k *closureCompiler, f function, operands []code) code {
	if operands[1].makes {
		return callCode(f, operands)
	}
	base, key := operands[0].cell(), operands[1].cell()
	return code{makes: operands[0].makes, evaluate: func(m *Machine) (Cell, error) {
		v, err := base(m)
		if err != nil || v.kind == cellEnded {
			return v, err
		}
		at, err := key(m)
		if err != nil {
			return Cell{}, err
		}
		if v.kind == cellOther && at.kind == cellInt {
			if list, ok := v.other.([]any); ok && at.number >= 0 && at.number < len(list) {
				return CellOf(list[at.number]), nil
			}
		}
		return m.call(f, v, at)
	}}
}

// stopForm ends a chain when its operand is nil.
type stopForm struct{}

func (*stopForm) code(_ *closureCompiler, _ function, operands []code) code {
	base := operands[0].cell()
	return code{makes: operands[0].makes, evaluate: func(m *Machine) (Cell, error) {
		v, err := base(m)
		if err == nil && v.isNil() {
			v = endedCell
		}
		return v, err
	}}
}

// chain is a path with `?.` in it. Its value is nil where one of these found nil.
func (k *closureCompiler) chain(n *ast.ChainNode) code {
	path := k.compile(n.Node)
	rest := path.cell()
	return code{makes: path.makes, evaluate: func(m *Machine) (Cell, error) {
		v, err := rest(m)
		if err == nil && (v.kind == cellEnded || v.isNothing()) {
			v = nilCell
		}
		return v, err
	}}
}

// isNothing reports what counts as nil for `??` and at the end of a chain: nil, and
// what of a host is nil in Go.
func (c *Cell) isNothing() bool {
	if c.kind != cellOther {
		return false
	}
	switch c.other.(type) {
	case nil:
		return true
	case string:
		return false
	}
	return vmruntime.IsNil(c.other)
}
