package lang

import (
	"fmt"
	"strconv"
	"strings"
)

// switchCases reports literal cases that are equal to earlier ones.
func (c *treeCheck) switchCases(s *Switch) {
	seen := map[literalIdentity]Span{}
	for _, branch := range s.Cases {
		for _, value := range branch.Values {
			identity, literal := c.identityOf(value)
			if !literal {
				continue
			}
			if first, twice := seen[identity]; twice {
				c.failAt(value.Span, fmt.Sprintf("the case %s is there twice", shown(c.text[value.Span.Start:value.Span.End])), c.firstOn(first))
				continue
			}
			seen[identity] = value.Span
		}
		c.block(branch.Body)
	}
	if s.Default != nil {
		c.block(s.Default)
	}
}

// literalIdentity is the same for literals with equal values.
type literalIdentity struct {
	kind literalKind
	text string
}

type literalKind uint8

const (
	wordLiteral literalKind = iota // true, false or nil
	stringLiteral
	numberLiteral
)

// identityOf gives the identity of an expression that is a literal.
func (c *treeCheck) identityOf(e *Expression) (identity literalIdentity, literal bool) {
	if e.Bad {
		return identity, false
	}
	if s := e.Literal(); s != nil {
		return literalIdentity{stringLiteral, s.Text()}, !s.Template()
	}
	text := strings.TrimSpace(strings.ReplaceAll(c.text[e.Span.Start:e.Span.End], "_", ""))
	switch text {
	case "true", "false", "nil":
		return literalIdentity{wordLiteral, text}, true
	}
	sign, digits := "", text
	if strings.HasPrefix(text, "-") {
		sign, digits = "-", text[1:]
	}
	if digits == "" || !isDigit(digits[0]) && digits[0] != '.' {
		return identity, false
	}
	if whole, err := strconv.ParseInt(sign+digits, 0, 64); err == nil && (len(digits) == 1 || digits[0] != '0' || !isDigit(digits[1])) {
		return literalIdentity{numberLiteral, strconv.FormatInt(whole, 10)}, true
	}
	if whole, err := strconv.ParseInt(sign+digits, 10, 64); err == nil {
		return literalIdentity{numberLiteral, strconv.FormatInt(whole, 10)}, true
	}
	if fraction, err := strconv.ParseFloat(sign+digits, 64); err == nil {
		return literalIdentity{numberLiteral, strconv.FormatFloat(fraction, 'f', -1, 64)}, true
	}
	return identity, false
}
