package expression

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"regexp/syntax"
	"sync/atomic"
	"unicode/utf8"

	"flowrun/runtime/value"

	"github.com/expr-lang/expr/ast"
)

// instructionsPerByte bounds what a pattern may stand for: repeats of repeats
// make much of a short text.
const instructionsPerByte = 8

// pattern is a compiled regular expression.
type pattern struct {
	*regexp.Regexp
	instructions int
}

// matches is `text matches pattern`. A literal pattern is compiled here, another
// one when it changes.
func (r *rewriter) matches(n *ast.BinaryNode) operand {
	left, right := r.operand(n.Left, context{}), r.operand(n.Right, context{})
	if text, ok := right.value.(string); ok && right.constant {
		compiled, err := r.compiler.pattern(text)
		if err != nil {
			f := problem(err, 0)
			r.errorf(r.span(right), f.hint, "%s", f.message)
			return r.bad(left.from, right.to)
		}
		return r.apply(left.from, right.to, "bool", func(m *Machine, operands []any) (any, error) {
			return m.match(compiled, operands[0])
		}, left, right)
	}
	var last atomic.Pointer[pattern]
	return r.apply(left.from, right.to, "bool", func(m *Machine, operands []any) (any, error) {
		text, ok := operands[1].(string)
		if !ok {
			return nil, refuse(2, "`matches`", "a string", operands[1])
		}
		compiled := last.Load()
		if compiled == nil || compiled.String() != text {
			var err error
			if compiled, err = compilePattern(text, m.limits.Pattern); err != nil {
				return nil, problem(err, 2)
			}
			if err := m.spend(compiled.instructions * compileEffort); err != nil {
				return nil, err
			}
			last.Store(compiled)
		}
		return m.match(compiled, operands[0])
	}, left, right)
}

const (
	// compileEffort is what it costs to compile an instruction, in bytes.
	compileEffort = 1 << 10
	// matchEffort is what it costs at most to try an instruction on a character.
	matchEffort = bytesPerStep / 8
	// quickMatch is how many such trials are over before anybody could want to
	// end them.
	quickMatch = 1 << 16
)

// match looks for a pattern in a text. A long search counts steps on its way.
func (m *Machine) match(p *pattern, v any) (any, error) {
	text, ok := v.(string)
	if !ok {
		return nil, refuse(1, "`matches`", "a string", v)
	}
	if (len(text)+1)*p.instructions <= quickMatch {
		return p.MatchString(text), nil
	}
	reader := &countedText{machine: m, text: text, effort: p.instructions * matchEffort}
	found := p.MatchReader(reader)
	return found, reader.err
}

// countedText is a text whose reader counts steps, and ends early when there are
// no more.
type countedText struct {
	machine *Machine
	text    string
	effort  int // for each character, in bytes
	err     error
}

func (t *countedText) ReadRune() (r rune, size int, err error) {
	if t.text == "" {
		return 0, 0, io.EOF
	}
	if t.err = t.machine.spend(t.effort); t.err != nil {
		return 0, 0, t.err
	}
	r, size = utf8.DecodeRuneInString(t.text)
	t.text = t.text[size:]
	return r, size, nil
}

func compilePattern(text string, most int) (*pattern, error) {
	if len(text) > most {
		return nil, tooLong(fmt.Sprintf("the regular expression has %d bytes, more than %s", len(text), value.FormatBytes(most)))
	}
	tree, err := syntax.Parse(text, syntax.Perl)
	var size int
	if err == nil {
		if size = instructions(tree, most*instructionsPerByte); size > most*instructionsPerByte {
			return nil, tooLong(fmt.Sprintf("the regular expression repeats too much: it stands for more than %d instructions", most*instructionsPerByte))
		}
		var compiled *regexp.Regexp
		if compiled, err = regexp.Compile(text); err == nil {
			return &pattern{compiled, size}, nil
		}
	}
	var fault *syntax.Error
	if errors.As(err, &fault) {
		return nil, faultf("the regular expression has an error: %s: `%s`", fault.Code, shorten(fault.Expr))
	}
	return nil, faultf("the regular expression %s has an error", value.Phrase(text))
}

// patternsPerFlow is how many of the longest patterns the literal ones of a flow
// may be worth together.
const patternsPerFlow = 64

// pattern compiles a literal pattern, each only once.
func (c *Compiler) pattern(text string) (*pattern, error) {
	if known := c.patterns[text]; known != nil {
		return known, nil
	}
	compiled, err := compilePattern(text, c.limits.Pattern)
	if err != nil {
		return nil, err
	}
	c.instructions += compiled.instructions
	if most := patternsPerFlow * instructionsPerByte * c.limits.Pattern; c.instructions > most {
		return nil, tooLong(fmt.Sprintf("the regular expressions of the flow stand for more than %d instructions", most))
	}
	if c.patterns == nil {
		c.patterns = map[string]*pattern{}
	}
	c.patterns[text] = compiled
	return compiled, nil
}

func tooLong(message string) error {
	return &value.LimitError{Message: message, Option: "Pattern"}
}

// instructions counts what a pattern is compiled to, roughly, up to a bit more
// than most.
func instructions(tree *syntax.Regexp, most int) int {
	count := 1
	if tree.Op == syntax.OpLiteral {
		count = len(tree.Rune)
	}
	for _, part := range tree.Sub {
		if count += instructions(part, most); count > most {
			return most + 1
		}
	}
	if tree.Op == syntax.OpRepeat {
		if count *= max(1, tree.Min, tree.Max); count > most {
			return most + 1
		}
	}
	return count
}
