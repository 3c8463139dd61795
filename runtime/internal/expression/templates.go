package expression

import (
	"errors"
	"fmt"
	"slices"

	"flowrun/lang"
	"flowrun/runtime/value"

	"github.com/expr-lang/expr/ast"
)

// literal is a string literal that interpolates nothing.
func (r *rewriter) literal(s *lang.StringLiteral, c context) operand {
	from, to := r.masked.char(s.Span.Start), r.masked.char(s.Span.End)
	if c.tail && r.mode == Templates {
		return r.constant(literalTemplate(s), "string", from, to)
	}
	return r.constant(s.Text(), "string", from, to)
}

func literalTemplate(s *lang.StringLiteral) *value.Template {
	t := &value.Template{Form: value.Literal}
	if text := s.Text(); text != "" {
		t.Parts = []value.Part{{Text: text}}
	}
	return t
}

// template is a string literal that interpolates; its mask is a call whose
// arguments are the interpolated expressions.
func (r *rewriter) template(n *ast.CallNode, s *lang.StringLiteral, c context) operand {
	from, to := r.masked.char(s.Span.Start), r.masked.char(s.Span.End)
	parts, operands := r.parts(n, s)
	var o operand
	if c.tail && r.mode == Templates {
		o = r.assemble(from, to, parts, operands, func(_ *Machine, t *value.Template) (any, error) { return t, nil })
	} else {
		o = r.apply(from, to, "string", func(m *Machine, values []any) (any, error) { return interpolate(m, parts, values) }, operands...)
		o = r.formed(o, &templateForm{parts: parts, place: o.place})
	}
	o.literal = true
	return o
}

// parts gives the pieces of a template without their values, and the
// expressions that give these.
func (r *rewriter) parts(n *ast.CallNode, s *lang.StringLiteral) ([]value.Part, []operand) {
	parts := make([]value.Part, 0, len(s.Parts))
	operands := r.compiler.nodes.operands.some(len(n.Arguments))[:0]
	for _, part := range s.Parts {
		if part.Expression == nil {
			parts = append(parts, value.Part{Text: part.Text})
			continue
		}
		o := r.rewrite(n.Arguments[len(operands)], context{})
		o.from, o.to = r.masked.char(part.Expression.Span.Start), r.masked.char(part.Expression.Span.End)
		operands = append(operands, o)
		parts = append(parts, value.Part{Dynamic: true, Source: r.masked.source.Slice(part.Expression.Span)})
	}
	return parts, operands
}

// assemble makes a template of its parts' values and something of the template.
func (r *rewriter) assemble(from, to int, parts []value.Part, operands []operand, finish func(*Machine, *value.Template) (any, error)) operand {
	f := r.placed(from, to, operands, func(m *Machine, values []any) (any, error) {
		t := value.NewTemplate(value.Interpolated, slices.Clone(parts), m.bounds)
		next := 0
		for i := range t.Parts {
			if !t.Parts[i].Dynamic {
				continue
			}
			if values[next] == nil {
				return nil, nilPart(t.Parts[i].Source, next)
			}
			t.Parts[i].Value = values[next]
			next++
		}
		return finish(m, t)
	})
	return operand{node: r.callOf(from, to, f, operands), from: from, to: to, kind: "string"}
}

// interpolationEffort is what it costs to join one part of a template, in bytes.
const interpolationEffort = 128

// interpolate makes a plain string of a template.
func interpolate(m *Machine, parts []value.Part, values []any) (any, error) {
	if err := m.spend(len(parts) * interpolationEffort); err != nil {
		return nil, err
	}
	var text []byte
	next := 0
	for _, part := range parts {
		piece := part.Text
		if part.Dynamic {
			v := values[next]
			next++
			var err error
			if piece, err = partText(m, part.Source, v, next); err != nil {
				return nil, err
			}
		}
		if err := m.budget.CheckText(len(text) + len(piece)); err != nil {
			return nil, err
		}
		text = append(text, piece...)
	}
	return string(text), m.made(len(text))
}

func partText(m *Machine, source string, v any, argument int) (string, error) {
	switch v.(type) {
	case nil:
		return "", nilPart(source, argument-1)
	case value.HTML:
		return "", faultf("${%s} is html, which cannot become part of a plain string", source).
			of(argument).advise(`write html("…${x}…")`)
	case *value.Secret:
		return "", faultf("${%s} is a secret, which cannot become part of a string", source).
			of(argument).advise("only a setting that takes secrets may hold it")
	}
	text, err := m.budget.Text(v)
	if err != nil {
		f := problem(err, argument)
		f.message = fmt.Sprintf("${%s}: %s", source, f.message)
		return "", f
	}
	return text, nil
}

func nilPart(source string, index int) *fault {
	shown := source
	if !isPath(source) {
		shown = "(" + source + ")"
	}
	return faultf("${%s} is nil", source).of(index + 1).advise("write ${" + shown + ` ?? "…"}`)
}

// isPath reports whether an expression needs no parentheses before `??`.
func isPath(source string) bool {
	for _, c := range source {
		switch c {
		case ' ', '\n', '+', '-', '*', '/', '%', '?', '!', '<', '>', '=', '&', '|', '^':
			return false
		}
	}
	return true
}

// What it costs to escape a part of a template, and each byte of it, in bytes.
const (
	htmlEffort     = 8 << 10
	escapingEffort = 48
)

// html is `html("…")`, whose argument must be a literal.
func (r *rewriter) html(n ast.Node, from, to int) operand {
	var s *lang.StringLiteral
	switch n := n.(type) {
	case *ast.IdentifierNode:
		s = r.masked.literals[n.Location().From]
	case *ast.CallNode:
		s = r.masked.templates[n.Location().From]
	}
	if s == nil {
		o := r.rewrite(n, context{})
		r.errorf(r.span(o), "trustedHTML(x) marks a string as safe that is so", "html needs a string literal or a text block")
		return r.bad(from, to)
	}
	if !s.Template() {
		made, err := literalTemplate(s).HTML()
		if err != nil {
			r.errorf(s.Span, "", "%v", err)
		}
		return r.constant(made, "html", from, to)
	}
	parts, operands := r.parts(n.(*ast.CallNode), s)
	if err := (&value.Template{Form: value.Interpolated, Parts: parts}).CheckHTML(); err != nil {
		r.errorf(s.Span, "", "%v", err)
		return r.bad(from, to)
	}
	o := r.assemble(from, to, parts, operands, func(m *Machine, t *value.Template) (any, error) {
		for i, part := range t.Parts {
			if _, secret := part.Value.(*value.Secret); secret {
				return nil, faultf("${%s} is a secret, which cannot become part of html", part.Source).of(dynamicIndex(t, i))
			}
		}
		if err := m.spend(htmlEffort * (1 + len(t.Parts))); err != nil {
			return nil, err
		}
		made, err := t.HTML()
		var one *value.PartError
		if errors.As(err, &one) {
			return nil, problem(err, dynamicIndex(t, one.Part))
		}
		if err != nil {
			return nil, err
		}
		if err := m.spend(len(made.Markup()) * escapingEffort); err != nil {
			return nil, err
		}
		return made, m.text(len(made.Markup()))
	})
	o.kind = "html"
	return o
}

// dynamicIndex counts the dynamic parts up to one of them.
func dynamicIndex(t *value.Template, part int) int {
	count := 0
	for _, p := range t.Parts[:part+1] {
		if p.Dynamic {
			count++
		}
	}
	return count
}

// secret is `secret("NAME")`, whose argument must be a plain literal.
func (r *rewriter) secret(n ast.Node, from, to int) operand {
	if name, ok := n.(*ast.IdentifierNode); ok {
		if s := r.masked.literals[name.Location().From]; s != nil && s.Text() != "" {
			return r.constant(&value.Secret{Name: s.Text()}, "secret", from, to)
		}
	}
	o := r.rewrite(n, context{})
	r.errorf(r.span(o), "", `the name of a secret must be a plain string, as in secret("SMTP_PASSWORD")`)
	return r.bad(from, to)
}
