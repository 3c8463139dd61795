package expression

import (
	"errors"
	"regexp"
	"regexp/syntax"
	"sync/atomic"

	"flowrun/runtime/value"

	"github.com/expr-lang/expr/ast"
)

// maxPattern is the size of a regular expression in bytes.
const maxPattern = 1 << 10

// matches is `text matches pattern`. A literal pattern is compiled here, another
// one when it changes.
func (r *rewriter) matches(n *ast.BinaryNode) operand {
	left, right := r.operand(n.Left, context{}), r.operand(n.Right, context{})
	if pattern, ok := right.value.(string); ok && right.constant {
		compiled, err := compilePattern(pattern)
		if err != nil {
			r.errorf(r.span(right), "", "%v", err)
			return r.bad(left.from, right.to)
		}
		return r.apply(left.from, right.to, "bool", func(operands []any) (any, error) {
			return match(compiled, operands[0])
		}, left, right)
	}
	var last atomic.Pointer[regexp.Regexp]
	return r.apply(left.from, right.to, "bool", func(operands []any) (any, error) {
		pattern, ok := operands[1].(string)
		if !ok {
			return nil, refuse(2, "`matches`", "a string", operands[1])
		}
		compiled := last.Load()
		if compiled == nil || compiled.String() != pattern {
			var err error
			if compiled, err = compilePattern(pattern); err != nil {
				return nil, faultf("%v", err).of(2)
			}
			last.Store(compiled)
		}
		return match(compiled, operands[0])
	}, left, right)
}

func match(pattern *regexp.Regexp, v any) (any, error) {
	text, ok := v.(string)
	if !ok {
		return nil, refuse(1, "`matches`", "a string", v)
	}
	return pattern.MatchString(text), nil
}

func compilePattern(pattern string) (*regexp.Regexp, error) {
	if len(pattern) > maxPattern {
		return nil, faultf("the regular expression has %d bytes, more than %d", len(pattern), maxPattern)
	}
	compiled, err := regexp.Compile(pattern)
	if err == nil {
		return compiled, nil
	}
	var fault *syntax.Error
	if errors.As(err, &fault) {
		return nil, faultf("the regular expression has an error: %s: `%s`", fault.Code, shorten(fault.Expr))
	}
	return nil, faultf("the regular expression %s has an error", value.Phrase(pattern))
}
