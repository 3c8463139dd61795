package expression

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"flowrun/runtime/value"

	"github.com/expr-lang/expr/ast"
)

// path rewrites a member, a slice or a call of a method. Where a `?.` in it finds
// nil, all of it is nil; expr would end that at an index, so that a?.b[0] fails
// where a is nil.
func (r *rewriter) path(n ast.Node, c context) operand {
	if !c.joined {
		c.joined = true
		if joined, chained := unchain(n); chained {
			o := r.path(joined, c)
			o.node = at(&ast.ChainNode{Node: o.node}, o.from, o.to)
			return o
		}
	}
	switch n := n.(type) {
	case *ast.MemberNode:
		return r.member(n, c)
	case *ast.SliceNode:
		return r.slice(n, c)
	case *ast.CallNode:
		if callee, ok := n.Callee.(*ast.MemberNode); ok {
			return r.method(n, callee, c)
		}
	}
	c.joined = false
	return r.rewrite(n, c)
}

// unchain gives a path without the nodes with which expr ends its chains.
func unchain(n ast.Node) (joined ast.Node, chained bool) {
	switch n := n.(type) {
	case *ast.ChainNode:
		joined, _ = unchain(n.Node)
		return joined, true
	case *ast.MemberNode:
		if base, chained := unchain(n.Node); chained {
			changed := *n
			changed.Node = base
			return &changed, true
		}
	case *ast.SliceNode:
		if base, chained := unchain(n.Node); chained {
			changed := *n
			changed.Node = base
			return &changed, true
		}
	case *ast.CallNode:
		if callee, ok := n.Callee.(*ast.MemberNode); ok {
			if base, chained := unchain(callee); chained {
				changed := *n
				changed.Callee = base
				return &changed, true
			}
		}
	}
	return n, false
}

// base rewrites what stands before a member, an index or a slice.
func (r *rewriter) base(n ast.Node, c context) operand {
	o := r.path(n, context{lenient: c.lenient, joined: true})
	o.from, o.to = r.masked.widen(o.from, o.to)
	return o
}

// member is `a.b`, `a?.b`, `a[b]` or `a?.[b]`.
func (r *rewriter) member(n *ast.MemberNode, c context) operand {
	base := r.base(n.Node, c)
	location := n.Location()
	indexed := r.masked.at(location.From) == '['
	source := r.masked.text(base.from, base.to)
	if n.Optional {
		base.node = r.stopAtNil(base)
	}
	if !indexed {
		name := n.Property.(*ast.StringNode).Value
		missing := c.lenient || n.Optional
		property := operand{from: location.From, to: location.To}
		known := r.knownField(base, name, missing, property)
		f := r.placedAsIs(property.from, property.to, nil, func(m *Machine, operands []any) (any, error) {
			return field(m, operands[0], name, source, missing)
		})
		o := operand{node: r.call(property.from, property.to, f, base.node), from: base.from, to: location.To}
		return r.shaped(r.formed(o, &fieldForm{name: name}), known)
	}
	key := r.rewrite(n.Property, context{})
	to := r.masked.partner(location.From) + 1
	do := func(m *Machine, operands []any) (any, error) {
		return index(m, operands[0], operands[1], source, c.lenient)
	}
	known := r.knownElement(base, key, to, c, do)
	f := r.placedAsIs(base.from, to, []operand{base, key}, do)
	o := operand{node: r.call(base.from, to, f, base.node, key.node), from: base.from, to: to}
	return r.shaped(r.formed(o, &indexForm{}), known)
}

// stopAtNil makes the rest of a chain be jumped over when base is nil. Only a
// member of expr's own can do that, so this one fetches the base out of a list
// that holds nothing else.
func (r *rewriter) stopAtNil(base operand) ast.Node {
	boxed := r.call(base.from, base.to, func(operands ...any) (any, error) {
		if operands[0] == nil {
			return nil, nil
		}
		return operands, nil
	}, base.node)
	r.form(boxed, &stopForm{})
	first := at(&ast.ConstantNode{Value: 0}, base.from, base.to)
	return at(&ast.MemberNode{Node: boxed, Property: first, Optional: true}, base.from, base.to)
}

// field reads an entry by name; missing says whether it may be missing.
func field(m *Machine, base any, name, source string, missing bool) (any, error) {
	if fields, ok := base.(map[string]any); ok {
		if v, ok := fields[name]; ok {
			return v, nil
		}
	}
	if base == nil {
		if missing {
			return nil, nil
		}
		return nil, faultf("%s is nil, so it has no %q", shorten(source), shorten(name)).advise(fmt.Sprintf("%s?.%s gives nil then", shorten(source), shorten(name)))
	}
	v, found, err := m.budget.Field(base, name)
	switch {
	case err != nil:
		return nil, noFields(base, name, err)
	case found:
		return v, nil
	case missing:
		return nil, nil
	}
	near, err := m.budget.Suggest(name, base)
	if err != nil {
		return nil, err
	}
	return nil, missingField(value.KindOf(base), name, near)
}

// missingField is the fault of a map or a struct that lacks an entry; near is one
// that it has and that may have been meant, or "".
func missingField(kind, name, near string) *fault {
	what, part := "the map", "key"
	if kind == "struct" {
		what, part = "the struct", "field"
	}
	name = shorten(name)
	f := faultf("%s has no %s %q", what, part, name)
	if near != "" {
		f.hint = fmt.Sprintf("did you mean %q?", near)
	} else {
		f.hint = fmt.Sprintf("?.%s gives nil when it is missing", name)
	}
	return f
}

func noFields(base any, name string, err error) *fault {
	if value.KindOf(base) == "struct" {
		return faultf("%v", err)
	}
	name = shorten(name)
	f := faultf("%s has no field %q", value.Phrase(base), name)
	switch base.(type) {
	case []any:
		f.hint = fmt.Sprintf("write list[0].%s, or map(list, .%s)", name, name)
	}
	return f
}

// shorten keeps the source of an expression short in messages.
func shorten(source string) string {
	const most, glance = 40, 1 << 10
	if len(source) > glance {
		source = strings.ToValidUTF8(source[:glance], "") + "…"
	}
	source = strings.Join(strings.Fields(source), " ")
	if utf8.RuneCountInString(source) <= most {
		return source
	}
	return string([]rune(source)[:most-1]) + "…"
}

// index reads an element of a list, a character of a string, an entry of a map.
func index(m *Machine, base, key any, source string, lenient bool) (any, error) {
	switch base := base.(type) {
	case nil:
		if lenient {
			return nil, nil
		}
		return nil, faultf("%s is nil, so it has no elements", shorten(source)).of(1)
	case []any:
		at, ok, err := position(key, len(base), "list", "element")
		if err != nil || !ok {
			return nil, outside(err, lenient)
		}
		return base[at], nil
	case string:
		if err := m.budget.SpendOn(base); err != nil {
			return nil, err
		}
		count := utf8.RuneCountInString(base)
		at, ok, err := position(key, count, "string", "character")
		if err != nil || !ok {
			return nil, outside(err, lenient)
		}
		return characters(base, count, at, at+1), nil
	}
	if _, ok := value.AsMap(base); !ok && value.KindOf(base) != "struct" {
		return nil, faultf("%s has no elements", value.Phrase(base)).of(1)
	}
	name, ok := key.(string)
	if !ok {
		return nil, faultf("the keys of a map are strings, not %s", plural(key)).of(2)
	}
	v, _, err := m.budget.Field(base, name)
	return v, err
}

// plural names the kind of a value for a comparison with other kinds.
func plural(v any) string {
	switch kind := value.KindOf(v); kind {
	case "nil", "html":
		return kind
	default:
		return kind + "s"
	}
}

// outside lets an index that is out of range pass left of `??`.
func outside(err error, lenient bool) error {
	if f, ok := err.(*fault); ok && lenient && f.argument == 0 {
		return nil
	}
	return err
}

// position turns an index into an offset; negative ones count from the end.
func position(key any, length int, what, part string) (offset int, ok bool, err error) {
	at, isInt := key.(int)
	if !isInt {
		return 0, false, faultf("the index of a %s is an int, not %s", what, value.Phrase(key)).of(2)
	}
	offset = at
	if at < 0 {
		offset += length
	}
	if offset < 0 || offset >= length {
		return 0, false, faultf("index %d is out of range: the %s has %s", at, what, quantity(length, part))
	}
	return offset, true, nil
}

// characters cuts a string of count characters by character.
func characters(s string, count, from, to int) string {
	if count == len(s) {
		return s[from:to]
	}
	start, end := 0, len(s)
	at := 0
	for i := range s {
		if at == from {
			start = i
		}
		if at == to {
			end = i
			break
		}
		at++
	}
	if from >= count {
		start = len(s)
	}
	return s[start:end]
}

// slice is `a[from:to]`, where each end may be left out.
func (r *rewriter) slice(n *ast.SliceNode, c context) operand {
	base := r.base(n.Node, c)
	to := r.masked.partner(n.Location().From) + 1
	source := r.masked.text(base.from, base.to)
	operands := []operand{base}
	for _, end := range []ast.Node{n.From, n.To} {
		if end != nil {
			operands = append(operands, r.rewrite(end, context{}))
		}
	}
	hasFrom, hasTo := n.From != nil, n.To != nil
	do := func(m *Machine, values []any) (any, error) {
		var ends [2]any
		rest := values[1:]
		if hasFrom {
			ends[0], rest = rest[0], rest[1:]
		}
		if hasTo {
			ends[1] = rest[0]
		}
		return cut(m, values[0], ends, [2]bool{hasFrom, hasTo}, source, c.lenient)
	}
	r.try(base.from, to, operands, do)
	o := r.applyAnew(base.from, to, "", do, operands...)
	if kind := base.known().KindName(); kind == "list" || kind == "string" {
		o = r.shaped(o, base.known())
	}
	return o
}

// cut takes a part of a list or a string. As in expr, negative ends count from
// the end and what lies outside is cut off.
func cut(m *Machine, base any, ends [2]any, given [2]bool, source string, lenient bool) (any, error) {
	var length int
	switch base := base.(type) {
	case []any:
		length = len(base)
	case string:
		if err := m.budget.SpendOn(base); err != nil {
			return nil, err
		}
		length = utf8.RuneCountInString(base)
	case nil:
		if lenient {
			return nil, nil
		}
		return nil, faultf("%s is nil, which cannot be sliced", shorten(source)).of(1)
	default:
		return nil, faultf("%s cannot be sliced", value.Phrase(base)).of(1)
	}
	limits := [2]int{0, length}
	for i, end := range ends {
		if !given[i] {
			continue
		}
		n, ok := end.(int)
		if !ok {
			argument := 2
			if i == 1 && given[0] {
				argument = 3
			}
			return nil, faultf("the ends of a slice are ints, not %s", value.Phrase(end)).of(argument)
		}
		if n < 0 {
			n += length
		}
		limits[i] = max(0, min(n, length))
	}
	from, to := min(limits[0], limits[1]), limits[1]
	if list, ok := base.([]any); ok {
		return list[from:to:to], nil
	}
	return characters(base.(string), length, from, to), nil
}
