package expression

import (
	"errors"
	"slices"

	"github.com/expr-lang/expr/ast"
)

// What is evaluated over and over does not go through expr's VM: the rewritten
// tree becomes Go closures, each node one, which read the variables by their slots
// and hand each other Cells. An expression with a predicate is left to the VM. Both
// do the same: a closure takes the common case itself, such as two ints, and calls
// the function that the VM would call for every other. The files closures_*.go have
// a family of nodes each.

// code is a compiled part of an expression, in the forms in which it is to be had.
type code struct {
	evaluate func(m *Machine) (Cell, error)   // nil: there is another form; see cell
	truth    func(m *Machine) (bool, error)   // of what is always true or false
	text     func(m *Machine) (string, error) // of what is always a text that it makes

	constant bool
	value    Cell          // of a constant
	variable *variableForm // it is this variable; nil: it is not just a variable
	own      bool          // it is a variable of the place where the expression stands
	slot     Slot          // of that variable
	// makes tells that to evaluate it may make values, for which is counted what
	// an evaluation holds.
	makes bool
}

// cell gives the form that there is of everything that closures can do.
func (c *code) cell() func(m *Machine) (Cell, error) {
	switch {
	case c.evaluate != nil:
		return c.evaluate
	case c.constant:
		v := c.value
		return func(*Machine) (Cell, error) { return v, nil }
	case c.truth != nil:
		truth := c.truth
		return func(m *Machine) (Cell, error) {
			holds, err := truth(m)
			return boolCell(holds), err
		}
	}
	return c.variable.cell()
}

// form is what a call in the rewritten tree does, as closures are made of it. Of a
// call without one they just call its function.
type form interface {
	code(k *closureCompiler, f function, operands []code) code
}

// closureCompiler compiles a rewritten tree to closures.
type closureCompiler struct {
	*rewriter
	shared []string // the values between comparisons, by name
	beyond bool     // there is something that closures cannot do
	codes  []code   // of operands, a stack
}

// closures compiles a tree. There are none when the VM must evaluate it.
func (r *rewriter) closures(n ast.Node) closures {
	if r.looped || r.compiler.onVM {
		return closures{}
	}
	k := &r.compiler.closures
	k.rewriter, k.shared, k.beyond, k.codes = r, nil, false, k.codes[:0]
	c := k.compile(n)
	if k.beyond {
		return closures{}
	}
	made := c.closures()
	if made.shared = int32(len(k.shared)); made.shared > 0 {
		made.cell, made.truth, made.text = lettingGo(made.cell), lettingGo(made.truth), lettingGo(made.text)
	}
	if r.mode == Plain && !c.own {
		made.scalars = k.ofScalars(n)
	}
	return made
}

// closures are those of a whole expression.
func (c *code) closures() closures {
	made := closures{cell: c.cell(), truth: c.truth, text: c.text}
	if c.own {
		made.own = int32(c.slot) + 1
	}
	return made
}

func (k *closureCompiler) compile(n ast.Node) code {
	switch n := n.(type) {
	case *ast.ConstantNode:
		return constantCode(CellOf(n.Value))
	case *ast.NilNode:
		return constantCode(nilCell)
	case *ast.IdentifierNode:
		return k.sharedValue(n.Value)
	case *ast.CallNode:
		return k.call(n)
	case *ast.BinaryNode:
		if n.Operator == "??" {
			return k.coalesce(n)
		}
		return k.logic(n)
	case *ast.ConditionalNode:
		return k.conditional(n)
	case *ast.ChainNode:
		return k.chain(n)
	case *ast.MemberNode:
		return k.compile(n.Node) // of a stopForm, see stopAtNil
	case *ast.ArrayNode:
		return k.list(n)
	case *ast.MapNode:
		return k.mapping(n)
	case *ast.VariableDeclaratorNode:
		return k.share(n)
	}
	k.beyond = true
	return constantCode(nilCell)
}

// operands compiles the operands of a node onto the stack, from which release
// takes them; what is made of them must not keep the slice.
func (k *closureCompiler) operands(nodes []ast.Node) []code {
	base := len(k.codes)
	k.codes = slices.Grow(k.codes, len(nodes))[:base+len(nodes)]
	for i, n := range nodes {
		c := k.compile(n)
		k.codes[base+i] = c
	}
	return k.codes[base:]
}

func (k *closureCompiler) release(operands []code) {
	clear(operands)
	k.codes = k.codes[:len(k.codes)-len(operands)]
}

// condition compiles what the rewriter has made sure of to be true or false.
func (k *closureCompiler) condition(n ast.Node) code {
	c := k.compile(n)
	if c.truth == nil {
		cell := c.cell()
		c.truth = func(m *Machine) (bool, error) {
			v, err := cell(m)
			if err == nil && v.kind != cellBool {
				err = errBroken
			}
			return v.number != 0, err
		}
	}
	return c
}

func constantCode(v Cell) code { return code{constant: true, value: v} }

// truthCode is the code of what is always true or false.
func truthCode(truth func(m *Machine) (bool, error), operands ...code) code {
	return code{truth: truth, makes: anyMakes(operands)}
}

func anyMakes(operands []code) bool {
	for _, c := range operands {
		if c.makes {
			return true
		}
	}
	return false
}

// errBroken is an error that no user is to see: it stands for a mistake here.
var errBroken = errors.New("the expression cannot be evaluated")

// recovered is deferred around what may go into the values of a host: a panic is
// an error, as it is on the VM.
func recovered(err *error) {
	if recover() != nil {
		*err = errBroken
	}
}
