package expression

import "github.com/expr-lang/expr/ast"

// conditionForm makes sure that its operand is true or false.
type conditionForm struct{}

func (*conditionForm) code(_ *closureCompiler, f function, operands []code) code {
	if operands[0].truth != nil {
		return operands[0]
	}
	operand := operands[0].cell()
	return truthCode(func(m *Machine) (bool, error) {
		v, err := operand(m)
		if err == nil && v.kind != cellBool {
			v, err = m.call(f, v)
		}
		return v.number != 0, err
	}, operands...)
}

// notForm is `!x` and `not x`.
type notForm struct{}

func (*notForm) code(k *closureCompiler, f function, operands []code) code {
	if truth := operands[0].truth; truth != nil {
		return truthCode(func(m *Machine) (bool, error) {
			holds, err := truth(m)
			return !holds, err
		}, operands...)
	}
	operand := operands[0].cell()
	return truthCode(func(m *Machine) (bool, error) {
		v, err := operand(m)
		if err != nil {
			return false, err
		}
		if v.kind == cellBool {
			return v.number == 0, nil
		}
		v, err = m.call(f, v)
		return v.number != 0, err
	}, operands...)
}

// logic is `and` and `or`.
func (k *closureCompiler) logic(n *ast.BinaryNode) code {
	left, right := k.condition(n.Left), k.condition(n.Right)
	a, b := left.truth, right.truth
	if n.Operator == "||" {
		return truthCode(func(m *Machine) (bool, error) {
			if holds, err := a(m); holds || err != nil {
				return holds, err
			}
			return b(m)
		}, left, right)
	}
	return truthCode(func(m *Machine) (bool, error) {
		if holds, err := a(m); !holds || err != nil {
			return false, err
		}
		return b(m)
	}, left, right)
}

// conditional is `c ? a : b`.
func (k *closureCompiler) conditional(n *ast.ConditionalNode) code {
	condition, then, otherwise := k.condition(n.Cond), k.compile(n.Exp1), k.compile(n.Exp2)
	truth, first, second := condition.truth, then.cell(), otherwise.cell()
	return code{
		makes: condition.makes || then.makes || otherwise.makes,
		evaluate: func(m *Machine) (Cell, error) {
			holds, err := truth(m)
			switch {
			case err != nil:
				return Cell{}, err
			case holds:
				return first(m)
			}
			return second(m)
		},
	}
}

// coalesce is `a ?? b`.
func (k *closureCompiler) coalesce(n *ast.BinaryNode) code {
	left, right := k.compile(n.Left), k.compile(n.Right)
	first, second := left.cell(), right.cell()
	return code{
		makes: left.makes || right.makes,
		evaluate: func(m *Machine) (Cell, error) {
			v, err := first(m)
			if err != nil || !v.isNothing() {
				return v, err
			}
			return second(m)
		},
	}
}
