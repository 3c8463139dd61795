package expression

import (
	"fmt"
	"slices"
	"strconv"

	"flowrun/lang"
	"flowrun/runtime/internal/shape"
	"flowrun/runtime/value"

	"github.com/expr-lang/expr/ast"
)

// predicates are the functions that take an expression over the elements of a
// list, with how they are shown to the user. Their loops run on expr's VM; what
// is done with each element is wrapped so that it counts a step and gives true
// or false where that is wanted.
var predicates = map[string]string{
	"all":           "all(list, condition)",
	"any":           "any(list, condition)",
	"none":          "none(list, condition)",
	"one":           "one(list, condition)",
	"filter":        "filter(list, condition)",
	"find":          "find(list, condition)",
	"findIndex":     "findIndex(list, condition)",
	"findLast":      "findLast(list, condition)",
	"findLastIndex": "findLastIndex(list, condition)",
	"count":         "count(list, condition)",
	"map":           "map(list, value)",
	"sum":           "sum(list, number)",
	"groupBy":       "groupBy(list, key)",
	"sortBy":        `sortBy(list, key, "asc" or "desc")`,
	"reduce":        "reduce(list, value, initial)",
}

// predicate is one whose body is rewritten.
type predicate struct {
	name    string
	element *shape.Shape // what is known of the elements
}

func (p predicate) wantsBool() bool {
	switch p.name {
	case "map", "sum", "groupBy", "sortBy", "reduce":
		return false
	}
	return true
}

// predicateCall is a call of one of the predicates.
func (r *rewriter) predicateCall(n *ast.BuiltinNode) operand {
	from, to := r.extent(n)
	name := n.Name
	list := r.listOperand(name, r.rewrite(n.Arguments[0], context{}))
	if name == "reduce" && len(n.Arguments) == 2 {
		list.node = r.call(list.from, list.to, r.placedAsIs(list.from, list.to, nil, notEmpty), list.node)
	}
	var last *operand
	if len(n.Arguments) == 3 {
		o := r.rewrite(n.Arguments[2], context{})
		last = &o
	}
	loop := name
	switch name {
	case "sum", "groupBy", "sortBy":
		loop = "map"
	}
	var initial ast.Node
	if name == "reduce" && last != nil {
		initial = last.node
	}
	body, made := r.body(predicate{name, list.known().Element()}, n.Arguments[1].(*ast.PredicateNode))
	node := r.loop(loop, list.node, body, initial, from, to)
	result := operand{node: node, from: from, to: to, kind: predicateKind(name)}
	result = r.shaped(result, knownLoop(name, list, made))
	switch name {
	case "map":
		result.node = r.composed(node, from, to)
	case "sum":
		result.node = r.call(from, to, r.placed(from, to, nil, sum), node)
	case "groupBy":
		result.node = r.call(from, to, r.placed(from, to, nil, groupPairs), node)
	case "sortBy":
		if last == nil {
			result.node = r.call(from, to, r.placed(from, to, nil, sortPairs), node)
			break
		}
		f := r.placed(from, to, []operand{list, *last}, sortPairs)
		result.node = r.call(from, to, f, node, last.node)
	}
	return result
}

func predicateKind(name string) string {
	switch name {
	case "all", "any", "none", "one":
		return "bool"
	case "filter", "map", "sortBy":
		return "list"
	case "count":
		return "int"
	case "groupBy":
		return "map"
	}
	return ""
}

// listOperand makes sure that a predicate goes over a list.
func (r *rewriter) listOperand(name string, o operand) operand {
	if o.constant {
		if _, ok := o.value.([]any); !ok {
			r.errorf(r.span(o), "", "%s needs a list, not %s", name, value.KindPhrase(o.kind))
		}
		return o
	}
	if o.kind == "list" {
		return o
	}
	do := func(m *Machine, operands []any) (any, error) {
		if list, ok := operands[0].([]any); ok {
			return list, nil
		}
		return nil, refuse(1, name, "a list", operands[0])
	}
	r.try(o.from, o.to, []operand{o}, do)
	f := r.placedAsIs(o.from, o.to, []operand{o}, do)
	o.node = r.call(o.from, o.to, f, o.node)
	return o
}

func notEmpty(_ *Machine, operands []any) (any, error) {
	if len(operands[0].([]any)) == 0 {
		return nil, faultf("reduce has nothing to begin with: the list is empty").advise("give the initial value: reduce(list, #acc + #, 0)")
	}
	return operands[0], nil
}

// body rewrites what a predicate does with each element.
func (r *rewriter) body(p predicate, n *ast.PredicateNode) (body ast.Node, made *shape.Shape) {
	name := p.name
	r.predicates = append(r.predicates, p)
	before := r.operations
	o := r.operand(n.Node, context{})
	steps := 1 + (r.operations-before)/operationsPerStep
	r.predicates = r.predicates[:len(r.predicates)-1]
	var do operation
	switch {
	case p.wantsBool():
		if o.literal && o.kind != "bool" {
			r.errorf(r.span(o), "", "the condition of %s is %s, want true or false", name, value.KindPhrase(o.kind))
		} else {
			r.neverBool(o, "the condition of "+name+" is %s, want true or false")
		}
		do = func(m *Machine, values []any) (any, error) {
			if b, ok := values[0].(bool); ok {
				return b, m.count(steps)
			}
			f := notBool(values[0])
			f.message = fmt.Sprintf("the condition of %s is %s, want true or false", name, described(values[0]))
			return nil, f
		}
	case name == "groupBy" || name == "sortBy":
		element := operand{node: at(&ast.PointerNode{}, o.from, o.to), from: o.from, to: o.to}
		counted := r.applyAnew(o.from, o.to, "", keyed(name, steps+1), o, element)
		return at(&ast.PredicateNode{Node: counted.node}, o.from, o.to), o.known()
	default:
		do = func(m *Machine, values []any) (any, error) { return values[0], m.count(steps) }
	}
	counted := r.applyAnew(o.from, o.to, "", do, o)
	return at(&ast.PredicateNode{Node: counted.node}, o.from, o.to), o.known()
}

// loop makes the node over which expr's VM goes through a list. Inside another
// predicate it becomes a program of its own, which a VM of the next level runs.
func (r *rewriter) loop(name string, list, body, initial ast.Node, from, to int) ast.Node {
	r.looped = true
	nested := len(r.predicates) > 0
	outerList, outerInitial := list, initial
	if nested {
		list = r.handed(0, from, to)
		if initial != nil {
			initial = r.handed(1, from, to)
		}
	}
	arguments := []ast.Node{list, body}
	var variable string
	if initial != nil {
		// expr evaluates the initial value inside the loop, where # is another.
		r.variables++
		variable = "initial" + strconv.Itoa(r.variables)
		arguments = append(arguments, at(&ast.IdentifierNode{Value: variable}, from, to))
	}
	var node ast.Node = at(&ast.BuiltinNode{Name: name, Arguments: arguments}, from, to)
	if variable != "" {
		node = at(&ast.VariableDeclaratorNode{Name: variable, Value: initial, Expr: node}, from, to)
	}
	if !nested {
		return node
	}
	program := r.program(node)
	nodes := []ast.Node{outerList}
	if outerInitial != nil {
		nodes = append(nodes, outerInitial)
	}
	return r.call(from, to, func(operands ...any) (any, error) {
		last := len(operands) - 1
		m := operands[last].(*Machine)
		m.handed = [2]any{}
		copy(m.handed[:], operands[:last])
		return m.run(program)
	}, nodes...)
}

// handed reads what the outer level left for this one.
func (r *rewriter) handed(which, from, to int) ast.Node {
	return r.call(from, to, func(operands ...any) (any, error) {
		return operands[0].(*Machine).handed[which], nil
	})
}

// pointer is `#`, `#index` or `#acc`.
func (r *rewriter) pointer(n *ast.PointerNode) operand {
	from := n.Location().From
	to := n.Location().To
	if n.Name != "" {
		to += len(n.Name)
	}
	if r.masked.at(from) == '.' {
		to = from
	}
	if len(r.predicates) == 0 {
		r.errorf(r.masked.span(from, max(to, from+1)), "it is the element inside filter(…), map(…) and their like", "# stands outside a predicate")
		return r.bad(from, to)
	}
	inner := r.predicates[len(r.predicates)-1]
	kind := ""
	switch n.Name {
	case "":
	case "index":
		kind = "int"
	case "acc":
		if inner.name != "reduce" {
			r.errorf(r.masked.span(from, to), "", "#acc is known in reduce only, not in %s", inner.name)
			return r.bad(from, to)
		}
	default:
		known := []string{"index"}
		if inner.name == "reduce" {
			known = append(known, "acc")
		}
		hint := "# is the element, #index its index"
		if near := lang.Suggest(n.Name, known); near != "" {
			hint = fmt.Sprintf("did you mean #%s?", near)
		}
		r.errorf(r.masked.span(from, to), hint, "unknown name #%s", n.Name)
		return r.bad(from, to)
	}
	o := operand{node: at(&ast.PointerNode{Name: n.Name}, from, to), from: from, to: to, kind: kind}
	if n.Name == "" {
		return r.shaped(o, inner.element)
	}
	return o
}

// pair is an element with the key that groupBy or sortBy gave it.
type pair struct{ key, element any }

func keyed(name string, steps int) operation {
	return func(m *Machine, values []any) (any, error) {
		if name == "groupBy" {
			if _, err := groupKey(values[0]); err != nil {
				return nil, err
			}
		}
		return pair{values[0], values[1]}, m.count(steps)
	}
}

// groupKey makes the key of a group: maps have string keys.
func groupKey(v any) (string, error) {
	switch v.(type) {
	case string, int, float64, bool:
		return value.Text(v)
	}
	return "", refuse(1, "the key of groupBy", "a string, a number or a bool", v).of(1)
}

func groupPairs(m *Machine, operands []any) (any, error) {
	groups := map[string]any{}
	for _, item := range operands[0].([]any) {
		p := item.(pair)
		key, err := groupKey(p.key)
		if err != nil {
			return nil, err
		}
		group, _ := groups[key].([]any)
		groups[key] = append(group, p.element)
	}
	return groups, nil
}

func sortPairs(m *Machine, operands []any) (any, error) {
	pairs := slices.Clone(operands[0].([]any))
	descending, err := sortOrder("sortBy", operands, 1)
	if err != nil {
		return nil, err
	}
	if err := sortValues(m, "sortBy", pairs, descending, func(v any) any { return v.(pair).key }); err != nil {
		return nil, err
	}
	for i, p := range pairs {
		pairs[i] = p.(pair).element
	}
	return pairs, nil
}
