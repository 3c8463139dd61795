package expression

import (
	"strings"

	"flowrun/runtime/internal/shape"
	"flowrun/runtime/value"

	"github.com/expr-lang/expr/ast"
)

// knownVariable is what is known of a variable.
func (c *Compiler) knownVariable(name string, slot Slot) *shape.Shape {
	k := c.knowledge
	if k == nil || k.Doubted[name] {
		return nil
	}
	return k.Variable(slot)
}

// neverBool reports an operand that is never true or false; the format takes what
// it is.
func (r *rewriter) neverBool(o operand, format string) bool {
	values, certain := witnessesOf(o)
	kind := o.known().KindName()
	if r.compiler.knowledge == nil || !certain || kind == "bool" {
		return false
	}
	if kind == shape.Number {
		kind = "float"
	}
	hint := notBool(values[0]).hint
	if strings.HasPrefix(format, "`not`") {
		hint = notHint
	}
	r.errorf(r.span(o), hint, format, value.KindPhrase(kind))
	return true
}

// knownField is what is known of a field of base. It reports one that is certainly
// not there; missing says whether it may be missing.
func (r *rewriter) knownField(base operand, name string, missing bool, property operand) *shape.Shape {
	k, known := r.compiler.knowledge, base.known()
	if k == nil {
		return nil
	}
	if missing {
		r.optional(name)
	}
	if known == nil {
		return nil
	}
	field, there, certain := known.Entry(name)
	if !certain {
		if values, certain := witnessesOf(base); certain && known.Kind != "map" {
			r.reportFault(property.from, property.to, nil, noFields(values[0], name, nil))
		}
		return nil
	}
	switch {
	case !there && !missing && !k.Optional[name]:
		r.reportFault(property.from, property.to, nil, missingField(known.Kind, name, r.compiler.Suggest(name, known.Keys)))
		return nil
	case !there || k.Doubted[name]:
		return nil
	case field.Maybe && missing || known.Kind == "":
		return field.Shape.OrNil()
	}
	return field.Shape
}

// knownElement is what is known of an element of base. It reports a base without
// elements, and an index of the wrong kind; do reads the element, which is nil when
// it is missing and c lets it.
func (r *rewriter) knownElement(base, key operand, to int, c context, do operation) *shape.Shape {
	if r.compiler.knowledge == nil {
		return nil
	}
	r.optionalKey(key)
	known, kind := base.known(), base.known().KindName()
	wanted := map[string]string{"list": "int", "string": "int", "map": "string"}[kind]
	if keyKind := key.known().KindName(); wanted == "" || keyKind != wanted && keyKind != shape.Number {
		if r.try(base.from, to, []operand{base, key}, do); kind == "" {
			return nil
		}
	}
	switch {
	case kind == "string" && !c.lenient:
		return known
	case kind == "list" && !c.lenient:
		return known.Item
	case kind == "list":
		return known.Item.OrNil()
	case kind == "map":
		if name, ok := key.value.(string); ok && key.constant && !r.compiler.knowledge.Doubted[name] {
			entry, _, _ := known.Entry(name)
			return entry.Shape.OrNil()
		}
	}
	return nil
}

// knownResult is what is known of the result of a function.
func (r *rewriter) knownResult(name string, arguments []ast.Node, operands []operand) *shape.Shape {
	if r.compiler.knowledge == nil || len(operands) == 0 {
		return nil
	}
	first := operands[0].known()
	switch name {
	case "type":
		r.doubtKind(arguments[0])
	case "get":
		r.optionalKey(operands[1])
	case "first", "last":
		return first.Element().OrNil()
	case "reverse", "take", "uniq", "sort":
		if first.KindName() == "list" {
			return first
		}
	case "concat":
		joined := first
		for _, o := range operands[1:] {
			joined = shape.Join(joined, o.known())
		}
		if joined.KindName() == "list" {
			return joined
		}
	case "keys", "split", "splitAfter":
		return &shape.Shape{Kind: "list", Item: shape.OfKind("string")}
	}
	return nil
}

// knownLoop is what is known of the result of a predicate over a list, of which
// the body makes something of each element.
func knownLoop(name string, list operand, made *shape.Shape) *shape.Shape {
	switch name {
	case "filter", "sortBy":
		return &shape.Shape{Kind: "list", Item: list.known().Element()}
	case "map":
		return &shape.Shape{Kind: "list", Item: made}
	case "find", "findLast":
		return list.known().Element().OrNil()
	}
	return nil
}

// knownList is what is known of a list literal.
func (r *rewriter) knownList(items []operand) *shape.Shape {
	if r.compiler.knowledge == nil || len(items) == 0 {
		return nil
	}
	item := items[0].known()
	for _, o := range items[1:] {
		item = shape.Join(item, o.known())
	}
	return &shape.Shape{Kind: "list", Item: item}
}

// knownMap is what is known of a map literal: nothing of its keys when one of them
// is computed.
func (r *rewriter) knownMap(keys, items []operand) *shape.Shape {
	if r.compiler.knowledge == nil {
		return nil
	}
	fields := map[string]shape.Field{}
	for i, key := range keys {
		name, ok := key.value.(string)
		if !ok || !key.constant {
			return nil
		}
		fields[name] = shape.Field{Shape: items[i].known()}
	}
	return &shape.Shape{Kind: "map", Fields: fields}
}
