package expression

import (
	"slices"

	"flowrun/lang"

	"github.com/expr-lang/expr/ast"
)

// Condition is a condition taken apart, so that one that does not hold can tell
// why.
type Condition struct {
	*Compiled
	// Operator is "and", "or" or "not" of other conditions, the operator of a
	// comparison (`==`, `contains`, `not in`, …), or "" for anything else.
	Operator string
	// Conditions are those that `and`, `or` and `not` join.
	Conditions []*Condition
	// Operands are the two sides of a comparison; of `any(list, …)` and its like,
	// the list.
	Operands []*Compiled
}

// Span is where the expression stands.
func (x *Compiled) Span() lang.Span { return x.span }

// CompileCondition is Compile in mode Plain for a condition that is to be taken
// apart.
func (c *Compiler) CompileCondition(source *lang.Source, e *lang.Expression, scope Scope) (condition *Condition, diagnostics lang.Diagnostics) {
	whole, diagnostics := c.Compile(source, e, scope, Plain)
	condition = &Condition{Compiled: whole}
	if whole.broken {
		return condition, diagnostics
	}
	// What cannot be taken apart stays whole: its errors were told by Compile.
	defer func() {
		if recover() != nil {
			condition = &Condition{Compiled: whole}
		}
	}()
	m := mask(source, e)
	tree, problem := c.parse(m)
	if problem != nil {
		return condition, diagnostics
	}
	a := anatomy{compiler: c, masked: m, scope: scope}
	parts := a.condition(tree)
	parts.Compiled = whole
	return parts, diagnostics
}

// anatomy takes a condition apart.
type anatomy struct {
	compiler *Compiler
	masked   *masked
	scope    Scope
}

// comparisons are the operators whose operands are worth showing.
var comparisons = []string{"==", "!=", "<", "<=", ">", ">=", "in", "matches", "contains", "startsWith", "endsWith"}

func (a *anatomy) condition(n ast.Node) *Condition {
	condition := &Condition{}
	switch n := n.(type) {
	case *ast.UnaryNode:
		if n.Operator != "not" && n.Operator != "!" {
			break
		}
		if inner, ok := n.Node.(*ast.BinaryNode); ok && slices.Contains(comparisons, inner.Operator) {
			condition.Operator = "not " + inner.Operator
			condition.Operands = []*Compiled{a.compile(inner.Left), a.compile(inner.Right)}
			break
		}
		condition.Operator = "not"
		condition.Conditions = []*Condition{a.condition(n.Node)}
	case *ast.BinaryNode:
		switch operator := joining(n.Operator); {
		case operator != "":
			condition.Operator = operator
			for _, part := range joined(n, operator) {
				condition.Conditions = append(condition.Conditions, a.condition(part))
			}
		case slices.Contains(comparisons, n.Operator):
			condition.Operator = n.Operator
			condition.Operands = []*Compiled{a.compile(n.Left), a.compile(n.Right)}
		}
	case *ast.BuiltinNode:
		if len(n.Arguments) > 0 {
			condition.Operands = []*Compiled{a.compile(n.Arguments[0])}
		}
	}
	condition.Compiled = a.compile(n)
	return condition
}

// joining is the word for an operator that joins conditions, or "".
func joining(operator string) string {
	switch operator {
	case "and", "&&":
		return "and"
	case "or", "||":
		return "or"
	}
	return ""
}

// joined lists the conditions of a chain of one operator.
func joined(n *ast.BinaryNode, operator string) []ast.Node {
	var parts []ast.Node
	left := ast.Node(n)
	for {
		inner, ok := left.(*ast.BinaryNode)
		if !ok || joining(inner.Operator) != operator {
			break
		}
		parts = append(parts, inner.Right)
		left = inner.Left
	}
	parts = append(parts, left)
	slices.Reverse(parts)
	return parts
}

// compile compiles a part of the condition by itself.
func (a *anatomy) compile(n ast.Node) *Compiled {
	defer clear(a.compiler.configured().Functions)
	r := &rewriter{compiler: a.compiler, masked: a.masked, scope: a.scope}
	result := r.operand(n, context{})
	compiled := &Compiled{span: r.span(result), kind: result.kind}
	switch {
	case len(r.diagnostics) > 0:
		compiled.broken = true
	case result.constant:
		compiled.constant, compiled.value = true, result.value
	default:
		compiled.onVM(r.program(result.node))
		compiled.weight = int32(r.operations / operationsPerStep)
	}
	return compiled
}
