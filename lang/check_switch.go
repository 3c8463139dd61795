package lang

import (
	"fmt"
	"strconv"
	"strings"
)

// switchCases reports literal cases that are equal to earlier ones.
func (c *treeCheck) switchCases(s *Switch) {
	seen := map[string]Span{}
	for _, branch := range s.Cases {
		for _, value := range branch.Values {
			identity := c.literalIdentity(value)
			if identity == "" {
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

// literalIdentity gives the same text for literals with equal values and "" for
// what is no literal.
func (c *treeCheck) literalIdentity(e *Expression) string {
	if e.Bad {
		return ""
	}
	if literal := e.Literal(); literal != nil {
		if literal.Template() {
			return ""
		}
		return "string " + literal.Text()
	}
	text := strings.TrimSpace(strings.ReplaceAll(c.text[e.Span.Start:e.Span.End], "_", ""))
	switch text {
	case "true", "false", "nil":
		return text
	}
	sign, digits := "", text
	if strings.HasPrefix(text, "-") {
		sign, digits = "-", text[1:]
	}
	if digits == "" || !isDigit(digits[0]) && digits[0] != '.' {
		return ""
	}
	if whole, err := strconv.ParseInt(sign+digits, 0, 64); err == nil && (len(digits) == 1 || digits[0] != '0' || !isDigit(digits[1])) {
		return "number " + strconv.FormatInt(whole, 10)
	}
	if whole, err := strconv.ParseInt(sign+digits, 10, 64); err == nil {
		return "number " + strconv.FormatInt(whole, 10)
	}
	if fraction, err := strconv.ParseFloat(sign+digits, 64); err == nil {
		return "number " + strconv.FormatFloat(fraction, 'f', -1, 64)
	}
	return ""
}
