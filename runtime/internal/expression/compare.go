package expression

import (
	"strconv"
	"strings"

	"flowrun/runtime/value"

	"github.com/expr-lang/expr/ast"
)

func comparison(operator string) bool {
	return ordering(operator) || operator == "==" || operator == "!="
}

func ordering(operator string) bool {
	switch operator {
	case "<", "<=", ">", ">=":
		return true
	}
	return false
}

// checkComparison reports literals of different kinds, and those that have no
// order.
func (r *rewriter) checkComparison(operator string, left, right operand) {
	if !left.literal || !right.literal {
		return
	}
	a, b := comparable(left.kind), comparable(right.kind)
	if a != b {
		r.errorf(r.masked.span(left.from, right.to), "", "%s and %s cannot be compared", value.KindPhrase(left.kind), value.KindPhrase(right.kind))
		return
	}
	if ordering(operator) && a != "number" && a != "string" {
		r.errorf(r.masked.span(left.from, right.to), "", "%s and %s have no order", value.KindPhrase(left.kind), value.KindPhrase(right.kind))
	}
}

// comparable joins the kinds that compare with each other.
func comparable(kind string) string {
	if kind == "int" || kind == "float" {
		return "number"
	}
	return kind
}

// chainedComparison gives the comparisons of `a < b < c` in order, or nil. expr
// parses it as `a < b && b < c` in which both stand on the same node b.
func chainedComparison(n *ast.BinaryNode) []*ast.BinaryNode {
	right, ok := n.Right.(*ast.BinaryNode)
	if !ok || n.Operator != "&&" || !ordering(right.Operator) {
		return nil
	}
	left, ok := n.Left.(*ast.BinaryNode)
	if !ok {
		return nil
	}
	if ordering(left.Operator) {
		if left.Right == right.Left {
			return []*ast.BinaryNode{left, right}
		}
		return nil
	}
	chain := chainedComparison(left)
	if chain == nil || chain[len(chain)-1].Right != right.Left {
		return nil
	}
	return append(chain, right)
}

// compareChain compares each two neighbours, each evaluated once: `a < b < c` is
// `let t = b; a < t && t < c`.
func (r *rewriter) compareChain(chain []*ast.BinaryNode, left *operand) operand {
	n := chain[0]
	if left == nil {
		first := r.operand(n.Left, context{})
		left = &first
	}
	right := r.operand(n.Right, context{})
	if len(chain) == 1 {
		return r.operate(n.Operator, *left, right)
	}
	shared := right
	if !right.constant {
		r.variables++
		name := "shared" + strconv.Itoa(r.variables)
		shared.node = at(&ast.IdentifierNode{Value: name}, right.from, right.to)
		first := r.operate(n.Operator, *left, shared)
		again := shared
		again.node = at(&ast.IdentifierNode{Value: name}, right.from, right.to)
		rest := r.compareChain(chain[1:], &again)
		both := at(&ast.BinaryNode{Operator: "&&", Left: first.node, Right: rest.node}, left.from, rest.to)
		return operand{
			node: at(&ast.VariableDeclaratorNode{Name: name, Value: right.node, Expr: both}, left.from, rest.to),
			from: left.from, to: rest.to, kind: "bool",
		}
	}
	first := r.operate(n.Operator, *left, shared)
	rest := r.compareChain(chain[1:], &shared)
	return operand{
		node: at(&ast.BinaryNode{Operator: "&&", Left: first.node, Right: rest.node}, left.from, rest.to),
		from: left.from, to: rest.to, kind: "bool",
	}
}

func equal(m *Machine, a, b any) (any, error) { return m.budget.Equal(a, b) }

func unequal(m *Machine, a, b any) (any, error) {
	same, err := m.budget.Equal(a, b)
	return !same, err
}

func less(_ *Machine, a, b any) (any, error) {
	c, err := order(a, b)
	return c < 0, err
}

func lessOrEqual(_ *Machine, a, b any) (any, error) {
	c, err := order(a, b)
	return c <= 0, err
}

func greater(_ *Machine, a, b any) (any, error) {
	c, err := order(a, b)
	return c > 0, err
}

func greaterOrEqual(_ *Machine, a, b any) (any, error) {
	c, err := order(a, b)
	return c >= 0, err
}

// order compares two values and adds a hint to the error for those that have no
// order.
func order(a, b any) (int, error) {
	if x, ok := a.(int); ok {
		if y, ok := b.(int); ok {
			switch {
			case x < y:
				return -1, nil
			case x > y:
				return 1, nil
			}
			return 0, nil
		}
	}
	c, err := value.Compare(a, b)
	if err == nil {
		return c, nil
	}
	f := faultf("%v", err)
	switch {
	case a == nil || b == nil:
		f.hint = "write `?? 0` behind what may be missing"
	case isText(a) && isNumber(b) || isNumber(a) && isText(b):
		f.hint = "int(x) and float(x) make a number of a string"
	}
	return 0, f
}

func isText(v any) bool {
	_, ok := v.(string)
	return ok
}

func isNumber(v any) bool {
	switch v.(type) {
	case int, float64:
		return true
	}
	return false
}

// in looks for an element of a list, a key of a map or a field of a struct.
func in(m *Machine, needle, collection any) (any, error) {
	if list, ok := collection.([]any); ok {
		for _, item := range list {
			same, err := m.budget.Equal(item, needle)
			if err != nil || same {
				return same, err
			}
		}
		return false, nil
	}
	if _, ok := value.AsMap(collection); ok || value.KindOf(collection) == "struct" {
		key, ok := needle.(string)
		if !ok {
			if isOpaque(needle) {
				return nil, faultf("%s cannot be compared", value.Phrase(needle)).of(1)
			}
			return false, nil
		}
		_, found, err := value.Field(collection, key)
		return found, err
	}
	f := faultf("`in` needs a list or a map on its right, not %s", value.Phrase(collection)).of(2)
	switch collection.(type) {
	case string:
		f.hint = "for a part of a string write: text contains part"
	case nil:
		f.hint = "write `?? []` behind a list that may be missing"
	}
	return nil, f
}

func contains(_ *Machine, a, b any) (any, error) { return search("contains", strings.Contains, a, b) }
func startsWith(_ *Machine, a, b any) (any, error) {
	return search("startsWith", strings.HasPrefix, a, b)
}
func endsWith(_ *Machine, a, b any) (any, error) { return search("endsWith", strings.HasSuffix, a, b) }

func search(operator string, find func(string, string) bool, a, b any) (any, error) {
	text, ok := a.(string)
	if !ok {
		f := refuse(1, "`"+operator+"`", "a string", a)
		if _, list := a.([]any); list && operator == "contains" {
			f.hint = "for an element of a list write: element in list"
		}
		return nil, f
	}
	part, ok := b.(string)
	if !ok {
		return nil, refuse(2, "`"+operator+"`", "a string", b)
	}
	return find(text, part), nil
}
