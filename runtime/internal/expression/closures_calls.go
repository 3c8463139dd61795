package expression

import (
	"strconv"

	"github.com/expr-lang/expr/ast"
)

// call compiles a call of one of our functions; its last argument is the Machine.
func (k *closureCompiler) call(n *ast.CallNode) code {
	name, ok := n.Callee.(*ast.IdentifierNode)
	if !ok {
		k.beyond = true
		return constantCode(nilCell)
	}
	number, _ := strconv.Atoi(name.Value)
	f := k.compiler.functions[number]
	operands := k.operands(n.Arguments[:len(n.Arguments)-1])
	defer k.release(operands)
	if form := k.compiler.forms[number]; form != nil {
		return form.code(k, f, operands)
	}
	return callCode(f, operands)
}

// callCode calls a function with the values of its operands.
func callCode(f function, operands []code) code {
	if len(operands) == 1 {
		operand := operands[0].cell()
		return code{makes: true, evaluate: func(m *Machine) (Cell, error) {
			v, err := operand(m)
			if err != nil || v.kind == cellEnded {
				return v, err
			}
			return m.call(f, v)
		}}
	}
	evaluate := stacked(operands)
	return code{makes: true, evaluate: func(m *Machine) (Cell, error) {
		base := len(m.stack)
		ended, err := evaluate(m)
		if err != nil || ended {
			return endedCell, err
		}
		return m.callStacked(f, base)
	}}
}

// stacked evaluates operands onto the Machine's stack. A chain that ended in one
// of them leaves out what comes behind; the stack is then as it was.
func stacked(operands []code) func(m *Machine) (ended bool, err error) {
	cells := make([]func(m *Machine) (Cell, error), len(operands))
	for i := range operands {
		cells[i] = operands[i].cell()
	}
	return func(m *Machine) (bool, error) {
		base := len(m.stack)
		for _, cell := range cells {
			v, err := cell(m)
			if err != nil {
				return false, err
			}
			if v.kind == cellEnded {
				m.unstack(base)
				return true, nil
			}
			m.stack = append(m.stack, v)
		}
		return false, nil
	}
}

// unstack takes from the stack what is above base.
func (m *Machine) unstack(base int) {
	clear(m.stack[base:])
	m.stack = m.stack[:base]
}

// call calls a function with values of which the run holds nothing else meanwhile.
func (m *Machine) call(f function, operands ...Cell) (Cell, error) {
	for i := range operands {
		m.arguments = append(m.arguments, operands[i].Value())
	}
	return m.invoke(f)
}

// callStacked calls a function with what is on the stack above base, and takes it
// from there.
func (m *Machine) callStacked(f function, base int) (Cell, error) {
	for i := range m.stack[base:] {
		m.arguments = append(m.arguments, m.stack[base+i].Value())
	}
	m.unstack(base)
	return m.invoke(f)
}

// invoke calls a function with the arguments that have been laid out for it.
func (m *Machine) invoke(f function) (c Cell, err error) {
	defer recovered(&err)
	arguments := append(m.arguments, m)
	m.arguments = arguments[:0]
	v, err := f(arguments...)
	clear(arguments) // no function keeps them
	if err != nil {
		return Cell{}, err
	}
	return CellOf(v), nil
}
