package expression

import (
	"errors"
	"fmt"
	"math"

	"flowrun/runtime/internal/shape"
	"flowrun/runtime/value"

	"github.com/expr-lang/expr/ast"
)

// binaryOperation evaluates both its operands and does nothing else.
type binaryOperation struct {
	kind string // of the result, when it is always the same
	do   operation
}

func binaryOperator(kind string, do func(m *Machine, a, b any) (any, error)) binaryOperation {
	return binaryOperation{kind, func(m *Machine, v []any) (any, error) { return do(m, v[0], v[1]) }}
}

var operators = map[string]binaryOperation{
	"+":          binaryOperator("", add),
	"-":          binaryOperator("", subtract),
	"*":          binaryOperator("", multiply),
	"/":          binaryOperator("", divide),
	"%":          binaryOperator("int", modulo),
	"**":         binaryOperator("float", power),
	"^":          binaryOperator("float", power),
	"==":         binaryOperator("bool", equal),
	"!=":         binaryOperator("bool", unequal),
	"<":          binaryOperator("bool", less),
	"<=":         binaryOperator("bool", lessOrEqual),
	">":          binaryOperator("bool", greater),
	">=":         binaryOperator("bool", greaterOrEqual),
	"in":         binaryOperator("bool", in),
	"contains":   binaryOperator("bool", contains),
	"startsWith": binaryOperator("bool", startsWith),
	"endsWith":   binaryOperator("bool", endsWith),
	"..":         binaryOperator("list", buildRange),
}

const notHint = "`not` takes what stands next to it: write not (a == b)"

// unary is `-x`, `+x`, `!x` and `not x`; `x not in y` is not(x in y) to expr.
func (r *rewriter) unary(n *ast.UnaryNode) operand {
	if least, ok := r.leastInt(n); ok {
		return least
	}
	o := r.operand(n.Node, context{})
	from := min(n.Location().From, o.from)
	switch n.Operator {
	case "-":
		return r.formed(r.apply(from, o.to, "", func(m *Machine, v []any) (any, error) { return negate(v[0]) }, o), &negationForm{})
	case "+":
		return r.apply(from, o.to, "", func(m *Machine, v []any) (any, error) { return plus(v[0]) }, o)
	}
	if o.literal && o.kind != "bool" {
		r.errorf(r.span(o), "", "`%s` needs true or false, not %s", n.Operator, value.KindPhrase(o.kind))
	}
	if r.neverBool(o, "`"+n.Operator+"` needs true or false, not %s") {
		return r.bad(from, o.to)
	}
	return r.formed(r.apply(from, o.to, "bool", func(m *Machine, v []any) (any, error) {
		if b, ok := v[0].(bool); ok {
			return !b, nil
		}
		f := notBool(v[0]).of(1)
		f.message = fmt.Sprintf("`%s` needs true or false, not %s", n.Operator, described(v[0]))
		if n.Operator == "not" {
			f.hint = notHint
		}
		return nil, f
	}, o), &notForm{})
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
	case "in":
		if ends, ok := n.Right.(*ast.BinaryNode); ok && ends.Operator == ".." {
			return r.inRange(n.Left, ends)
		}
	}
	left, right := r.operand(n.Left, context{}), r.operand(n.Right, context{})
	if n.Operator == "in" {
		r.optionalKey(left)
	}
	if n.Operator == ".." && r.mode == Collection && c.tail {
		return r.apply(left.from, right.to, "", func(m *Machine, v []any) (any, error) { return lazyRange(v[0], v[1]) }, left, right)
	}
	return r.operate(n.Operator, left, right)
}

func (r *rewriter) operate(operator string, left, right operand) operand {
	if comparison(operator) {
		r.checkComparison(operator, left, right)
	}
	if operator == ".." {
		left.constant = false // a range of literals is built when it is wanted
	}
	known := operators[operator]
	o := r.apply(left.from, right.to, known.kind, known.do, left, right)
	if o.constant {
		return o
	}
	form := r.compiler.nodes.operators.next()
	form.operator, form.place = operator, o.place
	return r.formed(o, form)
}

// inRange is `x in a..b`, for which no list is built.
func (r *rewriter) inRange(needle ast.Node, ends *ast.BinaryNode) operand {
	x, from, to := r.operand(needle, context{}), r.operand(ends.Left, context{}), r.operand(ends.Right, context{})
	return r.apply(x.from, to.to, "bool", func(m *Machine, v []any) (any, error) {
		ends, err := bounds(v[1], v[2])
		if err != nil {
			var f *fault
			if errors.As(err, &f) {
				return nil, f.of(f.argument + 1)
			}
			return nil, err
		}
		if isOpaque(v[0]) {
			return nil, faultf("%s cannot be compared", value.Phrase(v[0])).of(1)
		}
		switch x := v[0].(type) {
		case int:
			return ends.From <= x && x <= ends.To, nil
		case float64:
			return x == math.Trunc(x) && between(x, ends), nil
		}
		return false, nil
	}, x, from, to)
}

func between(x float64, ends value.Range) bool {
	low, _ := value.Compare(ends.From, x)
	high, _ := value.Compare(x, ends.To)
	return low <= 0 && high <= 0
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
		return r.constant(operator == "&&" && a && b || operator == "||" && (a || b), "bool", left.from, right.to)
	}
	return operand{
		node: at(r.compiler.nodes.binary(operator, left.node, right.node), left.from, right.to),
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
	return r.shaped(operand{
		node: at(&ast.BinaryNode{Operator: "??", Left: left.node, Right: right.node}, left.from, right.to),
		from: left.from, to: right.to, kind: kind,
	}, shape.Join(left.known(), right.known()))
}
