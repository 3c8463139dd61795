package expression

import (
	"flowrun/lang"

	"github.com/expr-lang/expr/ast"
)

// What the compilation of an expression makes and nobody keeps is used again for
// the next one, and what is kept is made in chunks: a flow has many expressions,
// most of them short.

// chunk hands out values of one type.
type chunk[T any] struct {
	values []T
	used   int
}

func (c *chunk[T]) next() *T {
	const size = 16
	if c.used == len(c.values) {
		c.values, c.used = make([]T, size), 0
	}
	c.used++
	return &c.values[c.used-1]
}

// some gives several side by side.
func (c *chunk[T]) some(count int) []T {
	if count > len(c.values)-c.used {
		const size = 32
		c.values, c.used = make([]T, max(size, count)), 0
	}
	c.used += count
	return c.values[c.used-count : c.used : c.used]
}

// reuse takes everything back of the chunk at hand.
func (c *chunk[T]) reuse() {
	clear(c.values[:c.used])
	c.used = 0
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
}

func (n *nodes) reuse() {
	n.names.reuse()
	n.calls.reuse()
	n.constants.reuse()
	n.binaries.reuse()
	n.integers.reuse()
	n.members.reuse()
	n.texts.reuse()
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

// mask masks an expression in the room that the one before has left.
func (c *Compiler) mask(source *lang.Source, e *lang.Expression) *masked {
	m := &c.masked
	clear(m.literals)
	clear(m.templates)
	*m = masked{chars: m.chars[:0], literals: m.literals, templates: m.templates}
	m.cover(source, e)
	return m
}
