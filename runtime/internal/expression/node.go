package expression

import (
	"reflect"
	"strconv"

	"flowrun/lang"
	"flowrun/runtime/internal/shape"
	"flowrun/runtime/value"

	"github.com/expr-lang/expr/ast"
	exprbuiltin "github.com/expr-lang/expr/builtin"
	"github.com/expr-lang/expr/file"
)

// operand is a rewritten part of an expression: a tree for the VM, the
// characters it covers, and what is known of its value.
type operand struct {
	node     ast.Node
	from, to int
	kind     string // of the value, when it is known
	literal  bool   // written as a literal, with or without interpolation
	constant bool
	value    any // of a constant
	elements []Element
	shape    *shape.Shape // when more is known than the kind
	place    *place       // of an operation
}

// settled is a type that makes expr's compiler take a node's value as it is.
// Without one it would follow pointers, and secrets and records are pointers.
var settled = reflect.TypeFor[bool]()

// settling gives the nodes of a tree that type.
type settling struct{}

// Visit implements ast.Visitor.
func (settling) Visit(n *ast.Node) { (*n).SetType(settled) }

// at gives a new node its place.
func at[N ast.Node](n N, from, to int) N {
	n.SetLocation(file.Location{From: from, To: to})
	return n
}

func newFunction(name string, f function) *exprbuiltin.Function {
	return &exprbuiltin.Function{Name: name, Func: f}
}

// constant makes an operand of a value.
func (r *rewriter) constant(v any, kind string, from, to int) operand {
	node := r.compiler.nodes.constants.next()
	node.Value = v
	return operand{
		node: at(node, from, to),
		from: from, to: to, kind: kind, literal: true, constant: true, value: v,
	}
}

// call makes a node that calls f with operands and, behind them, the Machine.
func (r *rewriter) call(from, to int, f function, arguments ...ast.Node) ast.Node {
	if len(arguments) == 0 {
		return r.calling(from, to, f, r.compiler.machine)
	}
	all := r.compiler.nodes.arguments.some(len(arguments) + 1)
	copy(all, arguments)
	all[len(arguments)] = r.compiler.machine[0]
	return r.calling(from, to, f, all)
}

// callOf is call with the nodes of operands.
func (r *rewriter) callOf(from, to int, f function, operands []operand) ast.Node {
	all := r.compiler.nodes.arguments.some(len(operands) + 1)
	for i := range operands {
		all[i] = operands[i].node
	}
	all[len(operands)] = r.compiler.machine[0]
	return r.calling(from, to, f, all)
}

func (r *rewriter) calling(from, to int, f function, arguments []ast.Node) ast.Node {
	r.operations++
	nodes := &r.compiler.nodes
	name := at(nodes.name(r.functionName(f)), from, to)
	return at(nodes.call(name, arguments), from, to)
}

// operation is what an operator or builtin does with its operands.
type operation func(m *Machine, operands []any) (any, error)

// placed makes a function of an operation, whose faults get their places and
// which counts the work of going through its operands.
func (r *rewriter) placed(from, to int, operands []operand, do operation) function {
	return r.place(from, to, operands...).through(do)
}

// through gives an operation's faults their places, and counts its work.
func (p *place) through(do operation) function {
	return func(arguments ...any) (any, error) {
		last := len(arguments) - 1
		m, values := arguments[last].(*Machine), arguments[:last]
		for _, v := range values {
			if err := m.budget.SpendOn(v); err != nil {
				return nil, p.locate(err)
			}
		}
		v, err := do(m, values)
		if err != nil {
			return nil, p.locate(err)
		}
		return v, nil
	}
}

// placedAsIs is placed for an operation that does not go through lists and maps,
// or counts its work itself.
func (r *rewriter) placedAsIs(from, to int, operands []operand, do operation) function {
	p := r.place(from, to, operands...)
	return func(arguments ...any) (any, error) {
		last := len(arguments) - 1
		v, err := do(arguments[last].(*Machine), arguments[:last])
		if err != nil {
			return nil, p.locate(err)
		}
		return v, nil
	}
}

func (r *rewriter) place(from, to int, operands ...operand) *place {
	p := r.compiler.places.Next()
	p.whole = r.masked.span(from, to)
	if len(operands) > 0 {
		p.operands = r.compiler.spans.Some(len(operands))
	}
	for i := range operands {
		p.operands[i] = r.span(operands[i])
	}
	return p
}

// formed notes what the call that an operand consists of does, for the closures;
// a constant needs none.
func (r *rewriter) formed(o operand, f form) operand {
	if !o.constant {
		r.form(o.node, f)
	}
	return o
}

func (r *rewriter) form(n ast.Node, f form) {
	if call, ok := n.(*ast.CallNode); ok {
		number, _ := strconv.Atoi(call.Callee.(*ast.IdentifierNode).Value)
		r.compiler.forms[number] = f
	}
}

// apply makes an operand that applies an operation to others. When all of them
// are constants and the operation succeeds, it is a constant too.
func (r *rewriter) apply(from, to int, kind string, do operation, operands ...operand) operand {
	if v, ok := r.compiler.folded(do, operands); ok {
		return r.constant(v, value.KindOf(v), from, to)
	}
	p := r.place(from, to, operands...)
	o := operand{node: r.callOf(from, to, p.through(do), operands), from: from, to: to, kind: kind, place: p}
	if kind == "" {
		return r.shaped(o, shape.OfKind(r.tryKind(from, to, operands, do)))
	}
	r.try(from, to, operands, do)
	return o
}

// folded applies an operation to constants. What it makes of them is small:
// anything else is left to the run and its limits.
func (c *Compiler) folded(do operation, operands []operand) (any, bool) {
	for i := range operands {
		if !operands[i].constant {
			return nil, false
		}
	}
	values := make([]any, len(operands))
	for i := range operands {
		values[i] = operands[i].value
	}
	v, err := do(c.folding, values)
	return v, err == nil
}

// applyAnew is apply for an operation whose result differs from time to time.
func (r *rewriter) applyAnew(from, to int, kind string, do operation, operands ...operand) operand {
	f := r.placedAsIs(from, to, operands, do)
	return operand{node: r.callOf(from, to, f, operands), from: from, to: to, kind: kind}
}

// span is where an operand stands.
func (r *rewriter) span(o operand) lang.Span { return r.masked.span(o.from, o.to) }
