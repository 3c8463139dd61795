package lang

import (
	"fmt"
	"unicode/utf8"
)

// operand reads a token where a value must begin.
func (c *capture) operand() {
	at, ch := c.pos, c.peek()
	switch {
	case nameEnd(c.parser.text, at) > at:
		c.operandWord()
		return
	case c.last == afterPipe:
		c.pipeLeadsNowhere()
	}
	switch ch {
	case '"', '\'', '`':
		c.stringLiteral()
	case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		c.number()
	case '(':
		c.open(group)
	case '[':
		c.open(list)
	case '{':
		c.openMap()
	case ')', ']', '}':
		c.closeEarly()
	case '!', '+', '-':
		if ch == '!' && byteAt(c.parser.text, at+1) == '=' {
			c.operatorFirst(2)
			return
		}
		c.prefix(1)
	case '#':
		c.element()
	case '.':
		c.leadingDot()
	case ',':
		c.commaEarly()
	case ';':
		c.semicolon()
	case ':':
		c.colonEarly()
	case '>':
		if c.context == inSetting && c.outside() {
			c.ended = true
			return
		}
		c.operatorFirst(operatorLength(c.parser.text, at))
	case '*', '/', '%', '^', '<', '=', '|', '?', '&':
		c.operatorFirst(operatorLength(c.parser.text, at))
	default:
		c.unexpected()
	}
}

// operandWord reads a name, literal or prefix where a value must begin.
func (c *capture) operandWord() {
	at := c.pos
	word := c.word()
	end := at + len(word)
	class := classOf(word)
	switch {
	case c.isMapKey(end):
		if class&wordOperator != 0 || word == "not" || word == "if" || word == "else" || word == "let" {
			c.keys = append(c.keys, Span{at, end})
		}
		c.take(afterLiteral, len(word))
	case c.last == afterPipe:
		if class != 0 || byteAt(c.parser.text, c.next(end)) != '(' {
			c.pipeLeadsNowhere()
		}
		c.take(afterName, len(word))
	case class == 0:
		c.take(afterName, len(word))
	case word == "true" || word == "false" || word == "nil":
		c.take(afterLiteral, len(word))
	case word == "not":
		c.prefix(len(word))
	case class&wordOperator != 0:
		c.operatorFirst(len(word))
	default:
		c.keywordInside(word)
		c.take(afterName, len(word))
	}
}

// keywordInside reports a keyword that stands in an expression.
func (c *capture) keywordInside(word string) {
	span := Span{c.pos, c.pos + len(word)}
	switch word {
	case "let":
		c.sequel = true
		c.fail(span, "`let` is not part of the language", "assign the value in a statement of its own")
	case "if", "else":
		c.fail(span, fmt.Sprintf("`%s` cannot stand in an expression", word), "write condition ? value : other")
	default:
		c.fail(span, fmt.Sprintf("`%s` is a keyword, not a value", word), "")
	}
}

// isMapKey reports whether the word that ends at an offset is the bare key of a
// map's entry.
func (c *capture) isMapKey(end int) bool {
	top := c.top()
	if top.role != mapping || top.keyed || c.last != afterOpening && c.last != afterComma {
		return false
	}
	return byteAt(c.parser.text, c.next(end)) == ':'
}

// beginsSetting reports whether the word that ends at an offset is the key of
// the next setting.
func (c *capture) beginsSetting(end int) bool {
	return c.context == inSetting && c.outside() && c.top().ternaries == 0 &&
		byteAt(c.parser.text, skipBlanks(c.parser.text, end)) == ':'
}

// prefix reads `!`, `not`, `+` or `-` before its operand. Each nests like a
// bracket, so a run of them is bounded in the same way.
func (c *capture) prefix(length int) {
	if c.last != afterPrefix {
		c.prefixes = 0
	}
	c.prefixes++
	if c.prefixes+len(c.brackets)-1 > c.limits.Brackets {
		c.tooDeep(c.pos, length)
		return
	}
	c.take(afterPrefix, length)
}

func (c *capture) pipeLeadsNowhere() {
	c.fail(Span{c.lastAt, c.end}, "a pipe must lead to a function call", "write value | function()")
}

// element reads `#` or `#name`, the element that a predicate looks at.
func (c *capture) element() {
	at := c.pos
	c.pos = nameEnd(c.parser.text, at+1)
	if !c.inParentheses() {
		hint := "# is the element inside filter(…), map(…) and their like"
		if c.context == inStatement || c.context == inSetting {
			hint += "; comments begin with //"
		}
		c.fail(Span{at, c.pos}, "# stands outside a predicate", hint)
	}
	c.took(afterPointer, at)
}

func (c *capture) inParentheses() bool {
	for i := range c.brackets {
		if role := c.brackets[i].role; role == group || role == call {
			return true
		}
	}
	return false
}

// leadingDot reads `.5` or a predicate's `.field`.
func (c *capture) leadingDot() {
	at := c.pos
	switch next := byteAt(c.parser.text, at+1); {
	case isDigit(next):
		c.number()
	case next == '.' || !c.inParentheses():
		c.operatorFirst(operatorLength(c.parser.text, at))
	default:
		c.member(1)
	}
}

// operatorFirst reports an operator that has nothing on its left.
func (c *capture) operatorFirst(length int) {
	at := c.pos
	token := c.parser.text[at : at+length]
	if c.last == afterNothing || c.last == afterOpening || c.last == afterComma {
		c.fail(Span{at, at + length}, fmt.Sprintf("a value is missing before `%s`", token), "")
	} else {
		c.fail(Span{at, at + length}, fmt.Sprintf("a value is missing between %s and `%s`", shown(c.parser.text[c.lastAt:c.end]), token), "")
	}
	c.take(afterOperator, length)
}

// unexpected reports a character that begins no token.
func (c *capture) unexpected() {
	span, summary, hint := unexpectedCharacter(c.parser.text, c.pos)
	c.fail(span, summary, hint)
	if c.parser.text[c.pos] == '$' {
		if end := nameEnd(c.parser.text, c.pos+1); end > c.pos+1 {
			c.take(afterName, end-c.pos)
			return
		}
	}
	_, size := utf8.DecodeRuneInString(c.parser.text[c.pos:])
	c.take(afterName, size)
}
