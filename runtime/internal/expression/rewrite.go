package expression

import (
	"fmt"

	"flowrun/lang"
	"flowrun/runtime/internal/shape"
	"flowrun/runtime/value"

	"github.com/expr-lang/expr/ast"
)

// rewriter makes of expr's tree another one in which our operations stand in
// place of expr's, anew, since expr shares nodes between two comparisons.
type rewriter struct {
	compiler    *Compiler
	masked      *masked
	scope       Scope
	mode        Mode
	diagnostics lang.Diagnostics
	slots       []Slot
	variables   int
	operations  int
	predicates  []predicate // around the place that is rewritten
	looped      bool        // there is a predicate in it
}

// context tells what is wanted of a part of an expression.
type context struct {
	// tail: its value is that of the whole expression or a part of its list.
	tail bool
	// lenient: it is left of `??`, so what is missing in it is nil.
	lenient bool
	// joined: the chains of the path that it belongs to have been joined.
	joined bool
}

func (r *rewriter) errorf(span lang.Span, hint, format string, args ...any) {
	r.diagnostics = append(r.diagnostics, lang.Diagnostic{
		Source: r.masked.source, Span: span, Summary: fmt.Sprintf(format, args...), Hint: hint,
	})
}

// bad stands for a part that has been reported.
func (r *rewriter) bad(from, to int) operand {
	return operand{node: at(&ast.NilNode{}, from, to), from: from, to: to}
}

// rewrite rewrites a node and everything below it.
func (r *rewriter) rewrite(n ast.Node, c context) operand {
	from, to := n.Location().From, n.Location().To
	switch n := n.(type) {
	case *ast.NilNode:
		return r.constant(nil, "nil", from, to)
	case *ast.BoolNode:
		return r.constant(n.Value, "bool", from, to)
	case *ast.IntegerNode:
		if r.masked.leasts[from] {
			return r.leastWithoutMinus(from, to)
		}
		return r.constant(n.Value, "int", from, to)
	case *ast.FloatNode:
		return r.constant(n.Value, "float", from, to)
	case *ast.IdentifierNode:
		return r.identifier(n, c)
	case *ast.UnaryNode:
		return r.unary(n)
	case *ast.BinaryNode:
		return r.binary(n, c)
	case *ast.ConditionalNode:
		return r.conditional(n, c)
	case *ast.ChainNode, *ast.MemberNode, *ast.SliceNode:
		return r.path(n, c)
	case *ast.CallNode:
		return r.callNode(n, c)
	case *ast.BuiltinNode:
		return r.builtin(n)
	case *ast.PointerNode:
		return r.pointer(n)
	case *ast.ArrayNode:
		return r.list(n, c)
	case *ast.MapNode:
		return r.mapping(n, c)
	case *ast.VariableDeclaratorNode:
		r.errorf(r.masked.span(from, to), "assign the value in a statement of its own", "`let` is not part of the language")
	case *ast.SequenceNode:
		r.errorf(r.masked.span(from, to), "", "an expression cannot consist of several")
	default:
		r.errorf(r.masked.span(from, to), "", "this cannot stand in an expression")
	}
	return r.bad(from, to)
}

// operand rewrites a node below another and covers its parentheses.
func (r *rewriter) operand(n ast.Node, c context) operand {
	o := r.rewrite(n, c)
	o.from, o.to = r.masked.widen(o.from, o.to)
	return o
}

// identifier is a name, or a string literal in its mask.
func (r *rewriter) identifier(n *ast.IdentifierNode, c context) operand {
	from, to := n.Location().From, n.Location().To
	if literal, ok := r.masked.literals[from]; ok {
		return r.literal(literal, c)
	}
	slot, ok := r.scope.Lookup(n.Value)
	if !ok {
		r.unknownName(n.Value, r.masked.span(from, to))
		return r.bad(from, to)
	}
	return r.variable(n.Value, slot, c, from, to)
}

func (r *rewriter) unknownName(name string, span lang.Span) {
	hint := r.scope.Undeclared(name)
	if hint == "" {
		if near := r.compiler.Suggest(name, r.scope.Names); near != "" {
			hint = fmt.Sprintf("did you mean %q?", near)
		} else if isBuiltin(name) {
			hint = fmt.Sprintf("%s is a function: write %s(…)", name, name)
		}
	}
	r.errorf(span, hint, "%s is not declared", name)
}

func (r *rewriter) variable(name string, slot Slot, c context, from, to int) operand {
	r.reads(slot)
	form := r.compiler.names.Next()
	form.slot, form.lenient, form.name, form.span = slot, c.lenient, name, r.masked.span(from, to)
	o := r.formed(operand{node: r.call(from, to, nil), from: from, to: to}, form)
	return r.shaped(o, r.compiler.knownVariable(name, slot))
}

// evaluate reads the variable for the VM; the last argument is the Machine.
func (v *variableForm) evaluate(arguments ...any) (any, error) {
	m := arguments[len(arguments)-1].(*Machine)
	if found := m.frame.Variable(v.slot); found.IsSet() {
		return found.Value(), nil
	}
	if v.lenient {
		return nil, nil
	}
	message, hint := m.frame.Explain.Unset(v.slot, v.name)
	return nil, (&place{whole: v.span}).locate(&fault{message: message, hint: hint})
}

func (r *rewriter) reads(slot Slot) {
	for _, known := range r.slots {
		if known == slot {
			return
		}
	}
	r.slots = append(r.slots, slot)
}

// conditional is `c ? a : b`; of `a ?: b` expr makes `a ? a : b` with one node.
func (r *rewriter) conditional(n *ast.ConditionalNode, c context) operand {
	condition := r.condition(r.operand(n.Cond, context{}))
	var then operand
	if n.Exp1 == n.Cond {
		then = r.constant(true, "bool", condition.from, condition.to)
	} else {
		then = r.operand(n.Exp1, c)
	}
	otherwise := r.operand(n.Exp2, c)
	kind := ""
	if then.kind == otherwise.kind {
		kind = then.kind
	}
	if holds, ok := condition.value.(bool); ok && condition.constant && then.constant && otherwise.constant {
		if holds {
			return then
		}
		return otherwise
	}
	return r.shaped(operand{
		node: at(&ast.ConditionalNode{Ternary: true, Cond: condition.node, Exp1: then.node, Exp2: otherwise.node}, condition.from, otherwise.to),
		from: condition.from, to: otherwise.to, kind: kind,
	}, shape.Join(then.known(), otherwise.known()))
}

// condition makes sure that an operand is true or false.
func (r *rewriter) condition(o operand) operand {
	if o.kind == "bool" {
		return o
	}
	if o.literal {
		r.errorf(r.span(o), "", "the condition is %s, want true or false", value.KindPhrase(o.kind))
		return o
	}
	if r.neverBool(o, "the condition is %s, want true or false") {
		return o
	}
	checked := r.apply(o.from, o.to, "bool", func(m *Machine, operands []any) (any, error) {
		if b, ok := operands[0].(bool); ok {
			return b, nil
		}
		return nil, notBool(operands[0])
	}, o)
	return r.formed(checked, &conditionForm{})
}

func notBool(v any) *fault {
	f := faultf("the condition is %s, want true or false", described(v))
	switch v.(type) {
	case nil:
		f.hint = "compare it (`x != nil`), or write `?? false`"
	case string:
		f.hint = `compare it: x != ""`
	case int, float64:
		f.hint = "compare it: x != 0"
	case []any, map[string]any, *value.Record:
		f.hint = "compare its length: len(x) > 0"
	}
	return f
}

// within is the context of what a list or a map holds.
func (r *rewriter) within(c context) context {
	return context{tail: c.tail && r.mode == Templates}
}

// list is `[a, b]`.
func (r *rewriter) list(n *ast.ArrayNode, c context) operand {
	from := n.Location().From
	if literal, ok := r.masked.literals[from]; ok {
		return r.literal(literal, c)
	}
	to := r.masked.partner(from) + 1
	c = r.within(c)
	nodes := make([]ast.Node, len(n.Nodes))
	var elements []Element
	operands := make([]operand, len(n.Nodes))
	items := make([]any, len(n.Nodes))
	allConstant := true
	for i, item := range n.Nodes {
		o := r.rewrite(item, c)
		operands[i], nodes[i], items[i] = o, o.node, o.value
		elements = append(elements, r.element(o, o))
		allConstant = allConstant && o.constant
	}
	known := r.knownList(operands)
	if allConstant {
		o := r.constant(items, "list", from, to)
		o.elements = elements
		return r.shaped(o, known)
	}
	node := r.composed(at(&ast.ArrayNode{Nodes: nodes}, from, to), from, to)
	return r.shaped(operand{node: node, from: from, to: to, kind: "list", literal: true, elements: elements}, known)
}

// composed makes sure that a list or a map, put together by expr's VM, keeps to
// the limits of a value.
func (r *rewriter) composed(node ast.Node, from, to int) ast.Node {
	f := r.placedAsIs(from, to, nil, func(m *Machine, operands []any) (any, error) { return m.whole(operands[0]) })
	return r.call(from, to, f, node)
}

// element describes an item of a list or map literal that begins with key.
func (r *rewriter) element(key, item operand) Element {
	return Element{Key: "", Start: r.span(key), Value: item.value, Constant: item.constant, Kind: item.known().KindName(), Span: r.span(item), Elements: item.elements}
}

// mapping is `{a: 1, "b": 2, (key): 3}`.
func (r *rewriter) mapping(n *ast.MapNode, c context) operand {
	from := n.Location().From
	to := r.masked.partner(from) + 1
	c = r.within(c)
	pairs := make([]ast.Node, len(n.Pairs))
	items := map[string]any{}
	var elements []Element
	keys, operands := make([]operand, len(n.Pairs)), make([]operand, len(n.Pairs))
	allConstant := true
	for i, pair := range n.Pairs {
		pair := pair.(*ast.PairNode)
		key := r.mapKey(pair.Key)
		item := r.rewrite(pair.Value, c)
		if name, ok := key.value.(string); ok && key.constant {
			if _, twice := items[name]; twice {
				r.errorf(r.span(key), "", "the key %q stands twice in this map", name)
			}
			items[name] = item.value
			element := r.element(key, item)
			element.Key = name
			elements = append(elements, element)
		}
		keys[i], operands[i] = key, item
		allConstant = allConstant && key.constant && item.constant
		pairs[i] = at(&ast.PairNode{Key: key.node, Value: item.node}, key.from, key.to)
	}
	known := r.knownMap(keys, operands)
	if allConstant {
		o := r.constant(items, "map", from, to)
		o.elements = elements
		return r.shaped(o, known)
	}
	node := r.composed(at(&ast.MapNode{Pairs: pairs}, from, to), from, to)
	return r.shaped(operand{node: node, from: from, to: to, kind: "map", literal: true, elements: elements}, known)
}

func (r *rewriter) mapKey(n ast.Node) operand {
	from, to := n.Location().From, n.Location().To
	if name, ok := n.(*ast.StringNode); ok {
		key := name.Value
		if literal, ok := r.masked.literals[from]; ok {
			key = literal.Text()
		} else if word, ok := r.masked.words[from]; ok {
			key = word
		}
		return r.constant(key, "string", from, to)
	}
	key := r.operand(n, context{})
	return r.apply(key.from, key.to, "string", func(m *Machine, operands []any) (any, error) {
		if s, ok := operands[0].(string); ok {
			return s, nil
		}
		return nil, faultf("the key of a map must be a string, not %s", value.Phrase(operands[0])).advise("string(x) makes a string of a number")
	}, key)
}
