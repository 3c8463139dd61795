package expression

import (
	"math"

	"flowrun/lang"

	"github.com/expr-lang/expr/ast"
)

// leastInt lets expr read a number that it would refuse: as another one of the
// same length, which the rewriter knows by its place.
func (m *masked) leastInt(number lang.Span) {
	from, to := m.char(number.Start), m.char(number.End)
	if m.leasts == nil {
		m.leasts = map[int]bool{}
	}
	m.leasts[from] = true
	for i := from; i < to; i++ {
		if c := m.chars[i]; '1' <= c && c <= '9' {
			m.chars[i] = '1'
			if m.chars[from] == '0' { // 0x8…, 0o1…, 0b1…
				m.chars[i] = '0'
			}
			return
		}
	}
}

// leastInt gives the least int, whose digits alone do not fit into 64 bits.
func (r *rewriter) leastInt(n *ast.UnaryNode) (operand, bool) {
	number, ok := n.Node.(*ast.IntegerNode)
	if !ok || n.Operator != "-" || !r.masked.leasts[number.Location().From] {
		return operand{}, false
	}
	return r.constant(math.MinInt, "int", n.Location().From, number.Location().To), true
}

// leastWithoutMinus reports the number where the minus before it belongs to more
// than the number, as in -9223372036854775808 ** 2.
func (r *rewriter) leastWithoutMinus(from, to int) operand {
	span := r.masked.span(from, to)
	r.errorf(span, "put the number and its minus in parentheses", "the number `%s` is beyond 64 bits", r.masked.source.Slice(span))
	return r.bad(from, to)
}
