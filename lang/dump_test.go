package lang_test

import (
	"fmt"
	"strings"

	"flowrun/lang"
)

// dump writes a tree as one line a node, without positions.
func dump(file *lang.File) string {
	d := dumper{source: file.Source}
	if header := file.Header; header != nil {
		d.line(0, "flow%s%s", d.typeOf(header.Type), d.named(header.Name))
		d.settings(1, header.Settings)
	}
	d.block(0, file.Body)
	return d.text.String()
}

type dumper struct {
	source *lang.Source
	text   strings.Builder
}

func (d *dumper) line(depth int, format string, args ...any) {
	d.text.WriteString(strings.Repeat("  ", depth))
	fmt.Fprintf(&d.text, format, args...)
	d.text.WriteByte('\n')
}

func (d *dumper) typeOf(name *lang.Name) string {
	if name == nil {
		return ""
	}
	return " " + name.Text
}

func (d *dumper) named(name *lang.StringLiteral) string {
	if name == nil {
		return ""
	}
	return fmt.Sprintf(" %q", name.Text())
}

func (d *dumper) settings(depth int, settings []*lang.Setting) {
	for _, setting := range settings {
		d.line(depth, "%s: %s", setting.Key.Text, d.expression(setting.Value))
	}
}

// expression writes the text of an expression on one line; a string is written
// as its parts, an expression in error with a `!`.
func (d *dumper) expression(e *lang.Expression) string {
	if e == nil {
		return "-"
	}
	var b strings.Builder
	if e.Bad {
		b.WriteString("!")
	}
	at := e.Span.Start
	for _, literal := range e.Strings {
		b.WriteString(d.source.Text[at:literal.Span.Start])
		b.WriteString(d.literal(literal))
		at = literal.Span.End
	}
	b.WriteString(d.source.Text[at:max(at, e.Span.End)])
	return strings.ReplaceAll(b.String(), "\n", "⏎")
}

func (d *dumper) literal(literal *lang.StringLiteral) string {
	var b strings.Builder
	b.WriteString("«")
	for _, part := range literal.Parts {
		if part.Expression == nil {
			quoted := fmt.Sprintf("%q", part.Text)
			b.WriteString(quoted[1 : len(quoted)-1])
			continue
		}
		b.WriteString("{" + d.expression(part.Expression) + "}")
	}
	b.WriteString("»")
	return b.String()
}

func (d *dumper) target(t *lang.Target) string {
	var b strings.Builder
	if t.Global {
		b.WriteString("global ")
	}
	b.WriteString(t.Name.Text)
	for _, step := range t.Path {
		if step.Index != nil {
			b.WriteString("[" + d.expression(step.Index) + "]")
		} else {
			b.WriteString("." + step.Name)
		}
	}
	return b.String()
}

func (d *dumper) block(depth int, block *lang.Block) {
	for _, statement := range block.Statements {
		d.statement(depth, statement)
	}
}

func (d *dumper) statement(depth int, statement lang.Statement) {
	switch s := statement.(type) {
	case *lang.Input:
		d.line(depth, "input %s%s = %s", s.Name.Text, d.typeOf(s.Type), d.expression(s.Default))
	case *lang.Function:
		d.line(depth, "function %s", s.Name.Text)
		for _, parameter := range s.Parameters {
			d.line(depth+1, "parameter %s%s = %s", parameter.Name.Text, d.typeOf(parameter.Type), d.expression(parameter.Default))
		}
		d.block(depth+1, s.Body)
	case *lang.Assign:
		d.line(depth, "%s = %s", d.target(s.Target), d.expression(s.Value))
	case *lang.If:
		for _, branch := range s.Branches {
			d.line(depth, "if %s", d.expression(branch.Condition))
			d.block(depth+1, branch.Body)
		}
		if s.Else != nil {
			d.line(depth, "else")
			d.block(depth+1, s.Else)
		}
	case *lang.Switch:
		d.line(depth, "switch %s", d.expression(s.Subject))
		for _, c := range s.Cases {
			values := make([]string, len(c.Values))
			for i, value := range c.Values {
				values[i] = d.expression(value)
			}
			d.line(depth, "case %s", strings.Join(values, ", "))
			d.block(depth+1, c.Body)
		}
		if s.Default != nil {
			d.line(depth, "default")
			d.block(depth+1, s.Default)
		}
	case *lang.While:
		d.line(depth, "while %s", d.expression(s.Condition))
		d.block(depth+1, s.Body)
	case *lang.For:
		key := ""
		if s.Key != nil {
			key = s.Key.Text + ", "
		}
		d.line(depth, "for %s%s in %s", key, s.Item.Text, d.expression(s.Collection))
		d.block(depth+1, s.Body)
	case *lang.Break:
		d.line(depth, "break")
	case *lang.Continue:
		d.line(depth, "continue")
	case *lang.Stop:
		d.line(depth, "stop")
	case *lang.Return:
		d.line(depth, "return %s", d.expression(s.Value))
	case *lang.Label:
		d.line(depth, "label %s", s.Name.Text)
	case *lang.Goto:
		d.line(depth, "goto %s", s.Label.Text)
	case *lang.Call:
		d.call(depth, s)
	case *lang.Test:
		d.line(depth, "test %q", s.Name.Text())
		d.settings(depth+1, s.Settings)
		d.block(depth+1, s.Body)
	case *lang.Expect:
		d.line(depth, "expect %s", d.expression(s.Condition))
	case *lang.Mock:
		d.line(depth, "mock %s", s.Component.Text)
		d.settings(depth+1, s.Settings)
	case *lang.Run:
		target := ""
		if s.Target != nil {
			target = d.target(s.Target) + " = "
		}
		d.line(depth, "%srun %q", target, s.File.Text())
		d.settings(depth+1, s.Inputs)
		d.catch(depth, s.Catch)
	default:
		d.line(depth, "unknown %T", s)
	}
}

func (d *dumper) call(depth int, s *lang.Call) {
	target := ""
	if s.Target != nil {
		target = d.target(s.Target) + " = "
	}
	d.line(depth, "%scall %s", target, s.Component.Text)
	d.settings(depth+1, s.Settings)
	if s.Failover != nil {
		d.line(depth, "failover")
		d.block(depth+1, s.Failover)
	}
	d.catch(depth, s.Catch)
}

func (d *dumper) catch(depth int, catch *lang.Catch) {
	if catch != nil {
		d.line(depth, "catch%s", d.typeOf(catch.Name))
		d.block(depth+1, catch.Body)
	}
}
