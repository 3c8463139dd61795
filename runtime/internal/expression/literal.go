package expression

import (
	"strconv"

	"flowrun/lang"
)

// literal compiles an expression that is one string without interpolation, one
// short int, true, false or nil; it is nil for any other.
func (c *Compiler) literal(source *lang.Source, e *lang.Expression, mode Mode) *Compiled {
	if e.Bad {
		return nil
	}
	var o operand
	if s := e.Literal(); s != nil {
		if s.Template() {
			return nil
		}
		o = operand{kind: "string", value: s.Text()}
		if mode == Templates {
			o.value = literalTemplate(s)
		}
	} else if text := source.Slice(e.Span); text == "true" || text == "false" {
		o = operand{kind: "bool", value: text == "true"}
	} else if text == "nil" {
		o = operand{kind: "nil"}
	} else if isShortInt(text) {
		n, _ := strconv.Atoi(text)
		o = operand{kind: "int", value: n}
	} else {
		return nil
	}
	compiled := c.compiled.Next()
	compiled.span, compiled.kind, compiled.constant, compiled.value = e.Span, o.kind, true, o.value
	compiled.detail(nil, c.learned(&o))
	return compiled
}

// isShortInt reports whether a text is nothing but digits, and fits.
func isShortInt(text string) bool {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return 0 < len(text) && len(text) <= 15
}
