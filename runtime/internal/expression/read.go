package expression

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/expr-lang/expr/ast"
	exprbuiltin "github.com/expr-lang/expr/builtin"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser/operator"
)

// reader reads the masked text of a common expression into the very tree that
// expr's parser makes of it, in a fraction of the time: names, numbers, operators,
// parentheses, members, indexes, lists and calls. Anything else, and anything that
// is in error, makes it give up, and expr's parser reads the text.
type reader struct {
	*masked
	nodes *nodes
	pos   int // of the next character
	token token
	stuck bool // it has given up
}

// token is a word or a mark of the text.
type token struct {
	kind     tokenKind
	from, to int
	text     string // of a word or an operator
}

type tokenKind uint8

const (
	tokenEnd      tokenKind = iota
	tokenName               // a name, or a string literal in its mask
	tokenNumber             // an int or a float in decimal digits
	tokenOperator           // a mark or a word, brackets among them
)

// read gives the tree, or nil.
func (m *masked) read(nodes *nodes) ast.Node {
	r := &reader{masked: m, nodes: nodes}
	r.next()
	n := r.expression(0)
	if r.stuck || r.token.kind != tokenEnd {
		return nil
	}
	return n
}

func (r *reader) giveUp() {
	r.stuck = true
	r.token = token{}
}

// next reads a token.
func (r *reader) next() {
	r.pos = r.skip(r.pos)
	from := r.pos
	r.token = token{from: from}
	if r.stuck || from >= len(r.chars) {
		return
	}
	c := r.chars[from]
	switch {
	case '0' <= c && c <= '9':
		r.number()
	case isWord(c):
		r.word()
	default:
		r.operator()
	}
	r.token.to = r.pos
}

// word reads a name or an operator that is a word.
func (r *reader) word() {
	from := r.pos
	for isWord(r.at(r.pos)) {
		r.pos++
	}
	if r.chars[from] == placeholder {
		r.token.kind, r.token.text = tokenName, placeholders(r.pos-from)
		for _, c := range r.chars[from:r.pos] {
			if c != placeholder {
				r.giveUp()
			}
		}
		return
	}
	text := r.text(from, r.pos) // the mask leaves names as they are
	r.token.kind, r.token.text = tokenName, text
	switch text { // and they name no variable, see plainName
	case "in", "or", "and", "matches", "contains", "startsWith", "endsWith", "not":
		r.token.kind = tokenOperator
	case "let":
		r.giveUp()
	}
}

// manyPlaceholders is the name of a string literal in its mask, cut to its length.
var manyPlaceholders = strings.Repeat(string(placeholder), 64)

func placeholders(count int) string {
	const size = len(string(placeholder))
	if count*size <= len(manyPlaceholders) {
		return manyPlaceholders[:count*size]
	}
	return strings.Repeat(string(placeholder), count)
}

// number reads digits, and a fraction behind them.
func (r *reader) number() {
	from := r.pos
	r.digits()
	if r.at(r.pos) == '.' && r.at(r.pos+1) != '.' {
		r.pos++
		if !isDigit(r.at(r.pos)) {
			r.giveUp()
		}
		r.digits()
	}
	if c := r.at(r.pos); isWord(c) || c == '$' || r.pos-from > 15 {
		r.giveUp()
	}
	r.token.kind, r.token.text = tokenNumber, r.text(from, r.pos)
}

func (r *reader) digits() {
	for isDigit(r.at(r.pos)) {
		r.pos++
	}
}

func isDigit(c rune) bool { return '0' <= c && c <= '9' }

// operator reads a mark.
func (r *reader) operator() {
	r.token.kind = tokenOperator
	from := r.pos
	c, second := r.chars[from], r.at(from+1)
	r.pos++
	switch c {
	case '(', ')', '[', ']', ',', '+', '-', '%', '^':
	case '/':
		if second == '/' || second == '*' {
			r.giveUp()
		}
	case '&', '!', '=', '*', '<', '>':
		if second == '&' || second == '=' || second == '*' {
			r.pos++
		}
	case '|', '?':
		if r.pos++; second != c {
			r.giveUp()
		}
	case '.':
		if isDigit(second) {
			r.giveUp()
		} else if second == '.' {
			r.pos++
		}
	default:
		r.giveUp()
		return
	}
	r.token.text = mark(c, r.text(from, r.pos))
}

// mark is the text of a mark, which in a string's mask is not that of the source.
func mark(c rune, source string) string {
	switch c {
	case '(':
		return "("
	case ')':
		return ")"
	case '[':
		return "["
	case ']':
		return "]"
	case ',':
		return ","
	}
	return source
}

// is reports whether the token is this operator.
func (r *reader) is(text string) bool { return r.token.kind == tokenOperator && r.token.text == text }

// take reads an operator, without which the reader gives up.
func (r *reader) take(text string) {
	if !r.is(text) {
		r.giveUp()
		return
	}
	r.next()
}

func (t token) location() file.Location { return file.Location{From: t.from, To: t.to} }

// placed gives a node its place.
func placed[N ast.Node](n N, t token) ast.Node {
	n.SetLocation(t.location())
	return n
}

// expression reads operators that bind at least so tightly, and their operands.
func (r *reader) expression(precedence int) ast.Node {
	left := r.operand()
	before := ""
	for !r.stuck && r.token.kind == tokenOperator {
		op := r.token
		known, ok := operator.Binary[op.text]
		if op.text == "not" || before == "??" && op.text != "??" && ok && known.Precedence >= precedence {
			r.giveUp()
			break
		}
		if !ok || known.Precedence < precedence {
			break
		}
		r.next()
		switch {
		case operator.IsComparison(op.text):
			left = r.comparison(left, op, known.Precedence)
		case known.Associativity == operator.Left:
			left = placed(r.nodes.binary(op.text, left, r.expression(known.Precedence+1)), op)
		default:
			left = placed(r.nodes.binary(op.text, left, r.expression(known.Precedence)), op)
		}
		before = op.text
	}
	return left
}

// comparison reads `a < b < c` as `a < b && b < c`, both on the same node b.
func (r *reader) comparison(left ast.Node, op token, precedence int) ast.Node {
	var whole ast.Node
	for {
		right := r.expression(precedence + 1)
		one := placed(r.nodes.binary(op.text, left, right), op)
		if whole == nil {
			whole = one
		} else {
			whole = placed(r.nodes.binary("&&", whole, one), op)
		}
		left, op = right, r.token
		if r.stuck || op.kind != tokenOperator || !operator.IsComparison(op.text) {
			return whole
		}
		r.next()
	}
}

// operand reads a value with what belongs to it.
func (r *reader) operand() ast.Node {
	t := r.token
	switch t.kind {
	case tokenName:
		return r.named()
	case tokenNumber:
		r.next()
		if r.is(".") || r.is("[") {
			r.giveUp()
		}
		return placed(r.numberNode(t.text), t)
	case tokenEnd:
		r.giveUp()
		return &ast.NilNode{}
	}
	switch t.text {
	case "not", "!", "-", "+":
		r.next()
		n := placed(&ast.UnaryNode{Operator: t.text, Node: r.expression(operator.Unary[t.text].Precedence)}, t)
		if r.is(".") || r.is("[") {
			r.giveUp()
		}
		return n
	case "(":
		r.next()
		n := r.expression(0)
		r.take(")")
		return r.path(n)
	case "[":
		r.next()
		n := placed(&ast.ArrayNode{Nodes: r.list("]")}, t)
		return r.path(n)
	}
	r.giveUp()
	return &ast.NilNode{}
}

func (r *reader) numberNode(text string) ast.Node {
	if strings.Contains(text, ".") {
		n, err := strconv.ParseFloat(text, 64)
		if err != nil {
			r.giveUp()
		}
		return &ast.FloatNode{Value: n}
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		r.giveUp()
	}
	node := r.nodes.integers.next()
	node.Value = n
	return node
}

// named reads a name, a call, or a word that is a value.
func (r *reader) named() ast.Node {
	t := r.token
	r.next()
	var constant ast.Node
	switch t.text {
	case "true", "false":
		constant = &ast.BoolNode{Value: t.text == "true"}
	case "nil":
		constant = &ast.NilNode{}
	}
	switch {
	case constant != nil:
		if r.is(".") || r.is("[") || r.is("(") {
			r.giveUp()
		}
		return placed(constant, t)
	case !r.is("("):
		return r.path(placed(r.nodes.name(t.text), t))
	}
	number, known := exprbuiltin.Index[t.text]
	if known && exprbuiltin.Builtins[number].Predicate || predicates[t.text] != "" {
		r.giveUp()
		return &ast.NilNode{}
	}
	r.next()
	arguments := r.list(")")
	if known {
		return r.path(placed(&ast.BuiltinNode{Name: t.text, Arguments: arguments}, t))
	}
	callee := placed(r.nodes.name(t.text), t)
	return r.path(placed(r.nodes.call(callee, arguments), t))
}

// list reads expressions up to the closing bracket.
func (r *reader) list(closing string) []ast.Node {
	var room [8]ast.Node
	nodes := room[:0]
	for !r.stuck && !r.is(closing) {
		if len(nodes) > 0 {
			r.take(",")
		}
		nodes = append(nodes, r.expression(0))
	}
	r.take(closing)
	kept := r.nodes.arguments.some(len(nodes))
	copy(kept, nodes)
	return kept
}

// path reads the members and indexes behind a value.
func (r *reader) path(n ast.Node) ast.Node {
	for !r.stuck {
		t := r.token
		switch {
		case r.is("."):
			r.next()
			name := r.token
			if name.kind != tokenName || !unicode.IsLetter(r.at(name.from)) && r.at(name.from) != '_' {
				r.giveUp()
				break
			}
			if r.next(); r.is("(") {
				r.giveUp()
				break
			}
			n = placed(r.nodes.member(n, placed(r.nodes.text(name.text), name)), name)
		case r.is("["):
			r.next()
			n = placed(r.nodes.member(n, r.expression(0)), t)
			r.take("]")
		default:
			return n
		}
	}
	return n
}
