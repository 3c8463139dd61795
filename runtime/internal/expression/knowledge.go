package expression

import (
	"errors"
	"maps"
	"slices"
	"time"

	"flowrun/runtime/internal/shape"
	"flowrun/runtime/value"

	"github.com/expr-lang/expr/ast"
)

// Knowledge is what a Compiler knows of the values of variables. With it, an
// operation that fails for every value of the known shapes is an error of the
// expression.
type Knowledge struct {
	// Variable gives the shape of a variable of the scope in which an expression is
	// compiled; nil when it is not known.
	Variable func(Slot) *shape.Shape
	// Optional are the keys that expressions have asked for where they may be
	// missing: by `?.`, `["key"]`, `in` or left of `??`. They are no mistake anywhere.
	Optional map[string]bool
	// Doubted are the keys whose kind expressions have asked for by type(…).
	Doubted map[string]bool

	trials int // that were made
}

// NewKnowledge makes one that has seen no expression yet.
func NewKnowledge(variable func(Slot) *shape.Shape) *Knowledge {
	return &Knowledge{Variable: variable, Optional: map[string]bool{}, Doubted: map[string]bool{}}
}

// Learn gives the compiler what is known. The expressions that it compiles add
// to Optional and Doubted.
func (c *Compiler) Learn(k *Knowledge) { c.knowledge = k }

// Shape is what is known of the expression's value.
func (x *Compiled) Shape() *shape.Shape {
	if x == nil || x.details == nil {
		return nil
	}
	return x.details.shape
}

// learned is what a Compiler with knowledge knows of an operand's value.
func (c *Compiler) learned(o *operand) *shape.Shape {
	if c.knowledge == nil {
		return nil
	}
	return o.known()
}

// known is what is known of an operand's value.
func (o operand) known() *shape.Shape {
	if o.shape == nil {
		return shape.OfKind(o.kind)
	}
	return o.shape
}

// shaped adds what is known of an operand's value.
func (r *rewriter) shaped(o operand, s *shape.Shape) operand { return r.compiler.shaped(o, s) }

func (c *Compiler) shaped(o operand, s *shape.Shape) operand {
	if c.knowledge == nil || s == nil {
		return o
	}
	o.shape = s
	if o.kind == "" && s.Kind != shape.Number && s.Kind != "struct" && s.Kind != "range" {
		o.kind = s.Kind
	}
	return o
}

// optional notes that an expression allows for a key to be missing.
func (r *rewriter) optional(key string) {
	if k := r.compiler.knowledge; k != nil {
		k.Optional[key] = true
	}
}

// optionalKey is optional for a key that is a literal.
func (r *rewriter) optionalKey(key operand) {
	if name, ok := key.value.(string); ok && key.constant {
		r.optional(name)
	}
}

// doubtKind notes that an expression asks for the kind of a member.
func (r *rewriter) doubtKind(n ast.Node) {
	k := r.compiler.knowledge
	if k == nil {
		return
	}
	if chain, ok := n.(*ast.ChainNode); ok {
		n = chain.Node
	}
	switch n := n.(type) {
	case *ast.MemberNode:
		if name, ok := n.Property.(*ast.StringNode); ok {
			k.Doubted[name.Value] = true
		}
	case *ast.IdentifierNode:
		k.Doubted[n.Value] = true
	}
}

// witnesses are values of each kind that stand for all of them: an operation that
// fails for each of them fails by their kind.
var witnesses = map[string][]any{
	"bool":     {true, false},
	"int":      {0, 1, -1, 2},
	"float":    {0.0, 1.0, -1.5},
	"string":   {"", "1", "a", "1h", "UTC", "2026-11-23"},
	"time":     {time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)},
	"duration": {time.Duration(0), time.Hour},
	"list":     {[]any{}, []any{1}, []any{"a"}, []any{true}, []any{[]any{"a", 1}}, []any{map[string]any{}}},
	"map":      {map[string]any{}, map[string]any{"a": 1}},
}

// anything are witnesses of a value of which nothing is known; nil, which is the
// least likely to be meant, is the last.
var anything = func() []any {
	var all []any
	for _, kind := range slices.Sorted(maps.Keys(witnesses)) {
		all = append(all, witnesses[kind]...)
	}
	return append(all, value.TrustedHTML("a"), &value.Secret{Name: "A"}, nil)
}()

// anythingLike is anything in an order that begins with values of each kind.
var anythingLike = func() map[string][]any {
	like := map[string][]any{}
	for kind := range witnesses {
		of := func(v any) bool { return value.KindOf(v) == kind }
		others := slices.DeleteFunc(slices.Clone(anything), of)
		like[kind] = slices.Concat(witnesses[kind], others)
	}
	like[shape.Number] = like["int"]
	return like
}()

// Witnesses are values that stand for all of a kind: what takes none of them takes
// no value of the kind. Of a kind that is not known there are none.
func Witnesses(kind string) []any {
	if kind == shape.Number {
		return append(append([]any{}, witnesses["int"]...), witnesses["float"]...)
	}
	return witnesses[kind]
}

// mostTrials bounds how often one operation is tried, and allTrials how often those
// of a whole flow are: a large one is not worth waiting for.
const (
	mostTrials = 1000
	allTrials  = 1_000_000
)

// witnessesOf are values that stand for those that an operand may have; certain
// reports that its kind is known, and not only written.
func witnessesOf(o operand) (values []any, certain bool) {
	if o.constant {
		return []any{o.value}, false
	}
	if values = Witnesses(o.known().KindName()); values != nil {
		return values, true
	}
	return anything, false
}

// valuesOf are the witnesses of operands, and whether the kind of one is certain. What
// may be anything is first taken to be like that one: the first failure is told.
func valuesOf(operands []operand) (values [][]any, known bool) {
	values = make([][]any, len(operands))
	var unknown []int
	like := anything
	for i, o := range operands {
		var certain bool
		values[i], certain = witnessesOf(o)
		switch {
		case certain && !known:
			known, like = true, anythingLike[o.known().KindName()]
		case !certain && !o.constant:
			unknown = append(unknown, i)
		}
	}
	for _, i := range unknown {
		values[i] = like
	}
	return values, known
}

// try reports an operation that fails whatever its operands are, given what is
// known of them.
func (r *rewriter) try(from, to int, operands []operand, do operation) {
	r.results(from, to, operands, do, false)
}

// tryKind is try, and gives the kind of the result when that is always the same.
func (r *rewriter) tryKind(from, to int, operands []operand, do operation) (kind string) {
	results := r.results(from, to, operands, do, true)
	switch {
	case len(results) == 2 && results["int"] && results["float"]:
		return shape.Number
	case len(results) == 1:
		for kind = range results {
		}
	}
	return kind
}

// results are the kinds of the results of an operation, or one of them unless all
// are wanted; none when nothing is certain.
func (r *rewriter) results(from, to int, operands []operand, do operation, all bool) map[string]bool {
	k := r.compiler.knowledge
	if k == nil {
		return nil
	}
	values, known := valuesOf(operands)
	trials := 1
	for _, of := range values {
		if trials *= len(of); trials > mostTrials {
			return nil
		}
	}
	if !known || k.trials > allTrials {
		return nil
	}
	results := map[string]bool{}
	var first error
	for trial := range trials {
		arguments := make([]any, len(values))
		for i, of := range values {
			arguments[i] = of[trial%len(of)]
			trial /= len(of)
		}
		k.trials++
		v, err := r.compiler.tried(do, arguments)
		switch {
		case errors.Is(err, errUncertain):
			return nil
		case err == nil:
			results[value.KindOf(v)] = true
			if !all {
				return results
			}
		case first == nil:
			first = err
		}
	}
	if len(results) == 0 && first != nil {
		r.reportFault(from, to, operands, first)
	}
	return results
}

// errUncertain is the outcome of a trial that says nothing about a run.
var errUncertain = errors.New("uncertain")

// tried applies an operation to values. Of what asks the run for something, or is
// too large for the narrow limits of a trial, the outcome is uncertain.
func (c *Compiler) tried(do operation, arguments []any) (v any, err error) {
	defer func() {
		if recover() != nil {
			err = errUncertain
		}
	}()
	c.folding.fresh = 0
	v, err = do(c.folding, arguments)
	if limit := (*value.LimitError)(nil); errors.As(err, &limit) {
		return nil, errUncertain
	}
	return v, err
}

// reportFault reports what an operation finds wrong with its operands, as a run
// would.
func (r *rewriter) reportFault(from, to int, operands []operand, err error) {
	p := &place{whole: r.masked.span(from, to)}
	for _, o := range operands {
		p.operands = append(p.operands, r.span(o))
	}
	var placed *Error
	if errors.As(p.locate(err), &placed) {
		r.errorf(placed.Span, placed.Hint, "%s", placed.Message)
	}
}
