package expression

import (
	"sync"

	"flowrun/lang"

	"github.com/expr-lang/expr/ast"
)

// What the compilation of an expression makes and nobody keeps is used again for
// the next one: a flow has many expressions, most of them short.

// chunk hands out values of one type that are taken back.
type chunk[T any] struct {
	values []T
	used   int
	filled int // how many hold something, used or taken back
}

// next gives a value, which may still hold what it held. A chunk that was too small is
// followed by a larger one.
func (c *chunk[T]) next() *T {
	if c.used == len(c.values) {
		c.values, c.used, c.filled = make([]T, min(256, max(16, 2*len(c.values)))), 0, 0
	}
	c.used++
	return &c.values[c.used-1]
}

// some gives several side by side.
func (c *chunk[T]) some(count int) []T {
	if count > len(c.values)-c.used {
		const size = 32
		c.values, c.used, c.filled = make([]T, max(size, count)), 0, 0
	}
	c.used += count
	return c.values[c.used-count : c.used : c.used]
}

// reuse takes everything back of the chunk at hand.
func (c *chunk[T]) reuse() { c.filled, c.used = max(c.filled, c.used), 0 }

// clean empties what was taken back.
func (c *chunk[T]) clean() {
	clear(c.values[:c.filled])
	c.filled = 0
}

// nodes are those of the tree that is compiled. A program of the VM keeps them.
type nodes struct {
	names     chunk[ast.IdentifierNode]
	calls     chunk[ast.CallNode]
	constants chunk[ast.ConstantNode]
	binaries  chunk[ast.BinaryNode]
	integers  chunk[ast.IntegerNode]
	members   chunk[ast.MemberNode]
	texts     chunk[ast.StringNode]
	arguments chunk[ast.Node]
	// Nobody keeps these.
	operators chunk[operatorForm]
	operands  chunk[operand]
}

func (n *nodes) reuse() {
	n.names.reuse()
	n.calls.reuse()
	n.constants.reuse()
	n.binaries.reuse()
	n.integers.reuse()
	n.members.reuse()
	n.texts.reuse()
	n.arguments.reuse()
	n.operators.reuse()
	n.operands.reuse()
}

func (n *nodes) clean() {
	n.names.clean()
	n.calls.clean()
	n.constants.clean()
	n.binaries.clean()
	n.integers.clean()
	n.members.clean()
	n.texts.clean()
	n.arguments.clean()
	n.operators.clean()
	n.operands.clean()
}

func (n *nodes) name(text string) *ast.IdentifierNode {
	node := n.names.next()
	node.Value = text
	return node
}

func (n *nodes) call(callee ast.Node, arguments []ast.Node) *ast.CallNode {
	node := n.calls.next()
	node.Callee, node.Arguments = callee, arguments
	return node
}

func (n *nodes) binary(operator string, left, right ast.Node) *ast.BinaryNode {
	node := n.binaries.next()
	node.Operator, node.Left, node.Right = operator, left, right
	return node
}

func (n *nodes) member(base, property ast.Node) *ast.MemberNode {
	node := n.members.next()
	node.Node, node.Property = base, property
	return node
}

func (n *nodes) text(text string) *ast.StringNode {
	node := n.texts.next()
	node.Value = text
	return node
}

// workshop is what the compilation of one expression leaves to the next, also of
// another flow.
type workshop struct {
	functions []function // that the expression being compiled calls, by number
	forms     []form     // of the calls, by the number of their function
	masked    masked
	rewriter  rewriter
	closures  closureCompiler
	nodes     nodes
	machine   []ast.Node // the one node that reads the Machine
}

var workshops = sync.Pool{New: func() any {
	return &workshop{machine: []ast.Node{at(&ast.IdentifierNode{Value: "$env"}, 0, 0)}}
}}

// Release is the end of the flow's compilation: nobody uses the Compiler any more.
func (c *Compiler) Release() {
	c.forget()
	c.folding.Release()
	c.rewriter = rewriter{slots: c.rewriter.slots[:0]}
	if cap(c.masked.chars) > mostKept || cap(c.functions) > mostKept/32 || cap(c.closures.codes) > mostKept/64 || cap(c.rewriter.slots) > mostKept/32 {
		return
	}
	c.empty()
	workshops.Put(c.workshop)
	*c = Compiler{}
}

// forget drops the functions of the expression that was compiled.
func (c *Compiler) forget() {
	if c.config != nil {
		clear(c.config.Functions)
	}
	clear(c.functions)
	clear(c.forms)
	c.functions, c.forms = c.functions[:0], c.forms[:0]
}

// mask masks an expression in the room that the one before has left.
func (c *Compiler) mask(source *lang.Source, e *lang.Expression) *masked {
	c.clean()
	c.masked.cover(source, e)
	return &c.masked
}

// clean forgets the text of an expression.
func (w *workshop) clean() {
	m := &w.masked
	clear(m.literals)
	clear(m.templates)
	m.chars, m.bytes, m.bad = m.chars[:0], nil, false
	m.words, m.leasts, m.closing = nil, nil, nil
}

// empty leaves nothing in the workshop but room.
func (w *workshop) empty() {
	w.clean()
	w.masked.source = nil
	w.nodes.clean()
	w.closures = closureCompiler{codes: w.closures.codes[:0]}
}
