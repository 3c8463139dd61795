package expression

import (
	"flowrun/runtime/value"

	"github.com/expr-lang/expr/ast"
)

// operators are those that evaluate both their operands and nothing else.
var operators = map[string]struct {
	kind string // of the result, when it is always the same
	do   func(a, b any) (any, error)
}{
	"+":          {"", add},
	"-":          {"", subtract},
	"*":          {"", multiply},
	"/":          {"", divide},
	"%":          {"int", modulo},
	"**":         {"float", power},
	"^":          {"float", power},
	"==":         {"bool", equal},
	"!=":         {"bool", unequal},
	"<":          {"bool", less},
	"<=":         {"bool", lessOrEqual},
	">":          {"bool", greater},
	">=":         {"bool", greaterOrEqual},
	"in":         {"bool", in},
	"contains":   {"bool", contains},
	"startsWith": {"bool", startsWith},
	"endsWith":   {"bool", endsWith},
	"..":         {"list", buildRange},
}

// unary is `-x`, `+x`, `!x` and `not x`; `x not in y` is not(x in y) to expr.
func (r *rewriter) unary(n *ast.UnaryNode) operand {
	o := r.operand(n.Node, context{})
	from := min(n.Location().From, o.from)
	switch n.Operator {
	case "-":
		return r.apply(from, o.to, "", func(v []any) (any, error) { return negate(v[0]) }, o)
	case "+":
		return r.apply(from, o.to, "", func(v []any) (any, error) { return plus(v[0]) }, o)
	}
	if o.literal && o.kind != "bool" {
		r.errorf(r.span(o), "", "%s where true or false is wanted", value.KindPhrase(o.kind))
	}
	return r.apply(from, o.to, "bool", func(v []any) (any, error) {
		if b, ok := v[0].(bool); ok {
			return !b, nil
		}
		f := notBool(v[0]).of(1)
		if n.Operator == "not" {
			f.hint = "`not` takes what stands next to it: write not (a == b)"
		}
		return nil, f
	}, o)
}

// binary is an operator between two operands.
func (r *rewriter) binary(n *ast.BinaryNode, c context) operand {
	switch n.Operator {
	case "&&", "and", "||", "or":
		if chain := chainedComparison(n); chain != nil {
			return r.compareChain(chain, nil)
		}
		return r.logic(n)
	case "??":
		return r.coalesce(n, c)
	case "matches":
		return r.matches(n)
	}
	left, right := r.operand(n.Left, context{}), r.operand(n.Right, context{})
	if n.Operator == ".." && r.mode == Collection && c.tail {
		return r.apply(left.from, right.to, "", func(v []any) (any, error) { return lazyRange(v[0], v[1]) }, left, right)
	}
	return r.operate(n.Operator, left, right)
}

func (r *rewriter) operate(operator string, left, right operand) operand {
	if comparison(operator) {
		r.checkComparison(operator, left, right)
	}
	known := operators[operator]
	do := known.do
	if operator == ".." {
		left.constant = false // a range of literals is built when it is wanted
	}
	return r.apply(left.from, right.to, known.kind, func(v []any) (any, error) { return do(v[0], v[1]) }, left, right)
}

// logic is `and` and `or`: the right side is evaluated only when it matters.
func (r *rewriter) logic(n *ast.BinaryNode) operand {
	left := r.condition(r.operand(n.Left, context{}))
	right := r.condition(r.operand(n.Right, context{}))
	operator := "&&"
	if n.Operator == "||" || n.Operator == "or" {
		operator = "||"
	}
	if left.constant && right.constant {
		a, _ := left.value.(bool)
		b, _ := right.value.(bool)
		return constant(operator == "&&" && a && b || operator == "||" && (a || b), "bool", left.from, right.to)
	}
	return operand{
		node: at(&ast.BinaryNode{Operator: operator, Left: left.node, Right: right.node}, left.from, right.to),
		from: left.from, to: right.to, kind: "bool",
	}
}

// coalesce is `a ?? b`.
func (r *rewriter) coalesce(n *ast.BinaryNode, c context) operand {
	left := r.operand(n.Left, context{tail: c.tail, lenient: true})
	right := r.operand(n.Right, c)
	if left.constant && right.constant {
		if left.value != nil {
			return left
		}
		return right
	}
	kind := ""
	if left.kind == right.kind {
		kind = left.kind
	}
	return operand{
		node: at(&ast.BinaryNode{Operator: "??", Left: left.node, Right: right.node}, left.from, right.to),
		from: left.from, to: right.to, kind: kind,
	}
}
