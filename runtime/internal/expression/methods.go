package expression

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"flowrun/runtime/value"

	"github.com/expr-lang/expr/ast"
)

// methods are those of times and durations that expr documents; nothing else
// has methods.
var methods = map[string]builtin{
	"Year":         timeMethod("int", func(t time.Time) any { return t.Year() }),
	"Month":        timeMethod("int", func(t time.Time) any { return int(t.Month()) }),
	"Day":          timeMethod("int", func(t time.Time) any { return t.Day() }),
	"Hour":         timeMethod("int", func(t time.Time) any { return t.Hour() }),
	"Minute":       timeMethod("int", func(t time.Time) any { return t.Minute() }),
	"Second":       timeMethod("int", func(t time.Time) any { return t.Second() }),
	"Weekday":      timeMethod("string", func(t time.Time) any { return t.Weekday().String() }),
	"YearDay":      timeMethod("int", func(t time.Time) any { return t.YearDay() }),
	"Unix":         timeMethod("int", func(t time.Time) any { return int(t.Unix()) }),
	"Format":       {signature: `time.Format("2006-01-02")`, min: 1, max: 1, kind: "string", do: formatTime},
	"In":           {signature: `time.In("Europe/Kyiv")`, min: 1, max: 1, kind: "time", do: timeIn},
	"Hours":        durationMethod("float", func(d time.Duration) any { return d.Hours() }),
	"Minutes":      durationMethod("float", func(d time.Duration) any { return d.Minutes() }),
	"Seconds":      durationMethod("float", func(d time.Duration) any { return d.Seconds() }),
	"Milliseconds": durationMethod("int", func(d time.Duration) any { return int(d.Milliseconds()) }),
}

func timeMethod(kind string, get func(time.Time) any) builtin {
	return builtin{kind: kind, do: func(m *Machine, operands []any) (any, error) {
		t, ok := operands[0].(time.Time)
		if !ok {
			return nil, refuse(1, "this method", "a time", operands[0])
		}
		return get(t), nil
	}}
}

func durationMethod(kind string, get func(time.Duration) any) builtin {
	return builtin{kind: kind, do: func(m *Machine, operands []any) (any, error) {
		d, ok := operands[0].(time.Duration)
		if !ok {
			return nil, refuse(1, "this method", "a duration", operands[0])
		}
		return get(d), nil
	}}
}

func formatTime(m *Machine, operands []any) (any, error) {
	t, ok := operands[0].(time.Time)
	if !ok {
		return nil, refuse(1, "Format", "a time", operands[0])
	}
	layout, err := text("Format", operands, 1)
	if err != nil {
		return nil, err
	}
	if err := m.text(4 * len(layout)); err != nil {
		return nil, err
	}
	return t.Format(layout), nil
}

func timeIn(m *Machine, operands []any) (any, error) {
	t, ok := operands[0].(time.Time)
	if !ok {
		return nil, refuse(1, "In", "a time", operands[0])
	}
	name, err := text("In", operands, 1)
	if err != nil {
		return nil, err
	}
	zone, err := loadZone(name, 2)
	if err != nil {
		return nil, err
	}
	return dated(t.In(zone))
}

// method is `receiver.Name(…)`.
func (r *rewriter) method(n *ast.CallNode, callee *ast.MemberNode, c context) operand {
	location := n.Location()
	name := r.masked.text(location.From, location.To)
	receiver := r.base(callee.Node, c)
	operands := []operand{receiver}
	for _, argument := range n.Arguments {
		operands = append(operands, r.rewrite(argument, context{}))
	}
	_, to := r.extent(n)
	span := r.masked.span(location.From, location.To)
	known, ok := methods[name]
	switch {
	case !ok:
		hint := "only times and durations have methods, such as now().Year()"
		if near := r.compiler.Suggest(name, func() []string { return slices.Collect(maps.Keys(methods)) }); near != "" {
			hint = fmt.Sprintf("did you mean %q?", near)
		} else if isBuiltin(name) {
			hint = fmt.Sprintf("%s is a function: write %s(x)", name, name)
		}
		r.errorf(span, hint, "there is no method %q", name)
		return r.bad(receiver.from, to)
	case len(n.Arguments) != known.min:
		r.errorf(span, "", "%s takes %s, not %d", name, known.arity(), len(n.Arguments))
		return r.bad(receiver.from, to)
	}
	if callee.Optional {
		operands[0].node = r.stopAtNil(receiver)
	}
	do := func(m *Machine, values []any) (any, error) {
		if values[0] == nil && c.lenient {
			return nil, nil
		}
		v, err := known.do(m, values)
		if f, ok := err.(*fault); ok && f.argument == 1 {
			return nil, faultf("%s has no method %q", value.Phrase(values[0]), name).of(1)
		}
		return v, err
	}
	f := r.placed(receiver.from, to, operands, do)
	r.try(receiver.from, to, operands, do)
	kind := known.kind
	if c.lenient || callee.Optional {
		kind = ""
	}
	return operand{node: r.callOf(receiver.from, to, f, operands), from: receiver.from, to: to, kind: kind}
}
