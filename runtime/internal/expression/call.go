package expression

import (
	"fmt"
	"maps"
	"slices"

	"flowrun/lang"

	"github.com/expr-lang/expr/ast"
)

// builtin is a function of the language other than a predicate.
type builtin struct {
	signature string // as it is shown to the user
	min, max  int    // arguments; max < 0: any number
	kind      string // of the result, when it is always the same
	do        operation
	// light: it does not go through the lists, maps and texts that it gets, or
	// counts the work itself.
	light bool
}

// builtins are filled from the tables of each subject.
var builtins = joinTables(stringBuiltins, numberBuiltins, listBuiltins, mapBuiltins, conversionBuiltins, timeBuiltins, runBuiltins)

// written are the functions whose argument must be written as a literal.
const (
	htmlName   = "html"
	secretName = "secret"
)

func joinTables(tables ...map[string]builtin) map[string]builtin {
	all := map[string]builtin{}
	for _, table := range tables {
		maps.Copy(all, table)
	}
	return all
}

func isBuiltin(name string) bool {
	_, ok := builtins[name]
	return ok || name == htmlName || name == secretName || predicates[name] != ""
}

// Builtins lists the functions of the language, sorted.
func Builtins() []string {
	names := slices.Collect(maps.Keys(builtins))
	for name := range predicates {
		if _, both := builtins[name]; !both {
			names = append(names, name)
		}
	}
	names = append(names, htmlName, secretName)
	slices.Sort(names)
	return names
}

// Signature shows how a function of the language is called, or is "".
func Signature(name string) string {
	switch name {
	case htmlName:
		return `html("literal")`
	case secretName:
		return `secret("NAME")`
	}
	if known, ok := builtins[name]; ok {
		return known.signature
	}
	return predicates[name]
}

// extent is the range of a call, from its name to its closing parenthesis; the
// value that a pipe brings stands before it.
func (r *rewriter) extent(n ast.Node) (from, to int) {
	from, to = n.Location().From, n.Location().To
	if end := r.masked.partner(r.masked.skip(to)); end >= 0 {
		to = end + 1
	}
	return from, to
}

// callNode is a template in its mask, a method, or a function that expr does not
// know.
func (r *rewriter) callNode(n *ast.CallNode, c context) operand {
	switch callee := n.Callee.(type) {
	case *ast.MemberNode:
		return r.path(n, c)
	case *ast.IdentifierNode:
		at := callee.Location().From
		if literal, ok := r.masked.templates[at]; ok {
			return r.template(n, literal, c)
		}
		if _, ok := r.masked.literals[at]; !ok {
			return r.function(callee.Value, n, n.Arguments)
		}
		r.errorf(r.masked.span(at, callee.Location().To), "", "a string cannot be called")
		return r.bad(r.extent(n))
	}
	from, to := r.extent(n)
	r.errorf(r.masked.span(from, to), "", "this cannot be called")
	return r.bad(from, to)
}

// builtin is a call of a function that expr knows.
func (r *rewriter) builtin(n *ast.BuiltinNode) operand {
	if predicates[n.Name] != "" {
		if _, plain := builtins[n.Name]; !plain || len(n.Arguments) > 1 {
			return r.predicateCall(n)
		}
	}
	return r.function(n.Name, n, n.Arguments)
}

// function is a call of a function by name.
func (r *rewriter) function(name string, n ast.Node, arguments []ast.Node) operand {
	from, to := r.extent(n)
	whole := r.masked.span(from, to)
	if name == htmlName || name == secretName {
		if len(arguments) != 1 {
			r.errorf(whole, fmt.Sprintf(`write %s("…")`, name), "%s takes 1 argument, not %d", name, len(arguments))
			return r.bad(from, to)
		}
		if name == htmlName {
			return r.html(arguments[0], from, to)
		}
		return r.secret(arguments[0], from, to)
	}
	operands := make([]operand, len(arguments))
	for i, argument := range arguments {
		operands[i] = r.rewrite(argument, context{})
	}
	known, ok := builtins[name]
	if !ok {
		r.unknownFunction(name, r.masked.span(n.Location().From, n.Location().To))
		return r.bad(from, to)
	}
	if len(arguments) < known.min || known.max >= 0 && len(arguments) > known.max {
		r.errorf(whole, "it is "+known.signature, "%s takes %s, not %d", name, known.arity(), len(arguments))
		return r.bad(from, to)
	}
	place := r.placed
	if known.light {
		place = r.placedAsIs
	}
	f := place(from, to, operands, known.do)
	r.try(from, to, operands, known.do)
	o := operand{node: r.callOf(from, to, f, operands), from: from, to: to, kind: known.kind}
	return r.shaped(o, r.knownResult(name, arguments, operands))
}

func (b builtin) arity() string {
	switch {
	case b.max < 0:
		return "at least " + quantity(b.min, "argument")
	case b.min == b.max:
		return quantity(b.min, "argument")
	case b.max == b.min+1:
		return fmt.Sprintf("%d or %s", b.min, quantity(b.max, "argument"))
	}
	return fmt.Sprintf("%d to %s", b.min, quantity(b.max, "argument"))
}

func (r *rewriter) unknownFunction(name string, span lang.Span) {
	hint := ""
	if near := r.compiler.Suggest(name, Builtins); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	} else {
		hint = r.scope.Undeclared(name)
	}
	if _, variable := r.scope.Lookup(name); variable {
		r.errorf(span, hint, "%q is a variable and cannot be called", name)
		return
	}
	r.errorf(span, hint, "unknown function %q", name)
}
