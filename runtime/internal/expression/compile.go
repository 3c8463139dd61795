package expression

import (
	"strconv"

	"flowrun/internal/slab"
	"flowrun/lang"
	"flowrun/runtime/internal/shape"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/compiler"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/vm"
)

// Compiler compiles the expressions of one flow, one after another.
type Compiler struct {
	*workshop
	config  *conf.Config // of expr, made when it is wanted
	limits  Limits
	folding *Machine
	onVM    bool // everything

	compiled slab.Slab[Compiled]
	places   slab.Slab[place]
	spans    slab.Slab[lang.Span]
	reads    []Slot // by the expression compiled last
	names    slab.Slab[variableForm]

	knowledge    *Knowledge          // nil: none
	patterns     map[string]*pattern // the literal ones, by their text
	instructions int                 // of all of them
	suggesting   int                 // pairs of characters compared for suggestions
}

// NewCompiler makes a Compiler. It is not for concurrent use.
func NewCompiler(limits Limits) *Compiler {
	limits = limits.withDefaults()
	return &Compiler{workshop: workshops.Get().(*workshop), limits: limits, folding: newFolding(limits)}
}

// Expect makes room for the expressions of a source of so many bytes.
func (c *Compiler) Expect(bytes int) {
	c.compiled.Expect(bytes / 28)
	c.names.Expect(bytes / 40)
	c.places.Expect(bytes / 80)
	c.spans.Expect(bytes / 36)
}

// configured gives the configuration of expr.
func (c *Compiler) configured() *conf.Config {
	if c.config == nil {
		c.config = conf.CreateNew()
		c.config.Optimize = false
		c.config.Strict = false
		c.config.DisableIfOperator = true
		c.config.MaxNodes = 0 // lang bounds the tokens
	}
	return c.config
}

// OnVM has everything evaluated on expr's VM from now on, so that tests can hold
// the closures to it.
func (c *Compiler) OnVM() { c.onVM = true }

// Compiled is an expression that is ready to be evaluated. It is immutable and
// may be used by any number of Machines at once.
type Compiled struct {
	span     lang.Span
	kind     string   // of the value, when it is known
	value    any      // of a constant
	details  *details // nil: none
	code     closures // for what they can do
	weight   int32    // steps that an evaluation takes for its length
	constant bool
	prepare  bool // there is something to be done before each evaluation
	broken   bool // it did not compile
}

// closures evaluate an expression.
type closures struct {
	cell    func(m *Machine) (Cell, error)
	truth   func(m *Machine) (bool, error)   // of what is always true or false
	text    func(m *Machine) (string, error) // of what is always a text that it makes
	scalars Scalars                          // where it may be enough
	shared  int32                            // how many values stand between comparisons
	own     int32                            // one more than the slot of the variable that is all of it; 0: there is more
}

// details are what few expressions have.
type details struct {
	program  *vm.Program // for what closures cannot do
	elements []Element
	shape    *shape.Shape // when there is knowledge
}

// onVM has an expression evaluated by a program of expr's VM.
func (x *Compiled) onVM(program *vm.Program) {
	if x.details == nil {
		x.details = &details{}
	}
	x.details.program = program
}

// detail notes details where there are any.
func (x *Compiled) detail(elements []Element, known *shape.Shape) {
	if elements != nil || known != nil {
		x.details = &details{elements: elements, shape: known}
	}
}

// Constant gives the value of an expression that consists of literals and
// operators on them. In mode Templates a string literal gives a *value.Template.
func (x *Compiled) Constant() (any, bool) {
	if x == nil || !x.constant {
		return nil, false
	}
	return x.value, true
}

// Own gives the slot of the variable that the expression is, where it is nothing but a
// variable of the place where it stands.
func (x *Compiled) Own() (slot Slot, ok bool) { return Slot(x.code.own - 1), x.code.own > 0 }

// MakesText reports whether the expression makes a text each time.
func (x *Compiled) MakesText() bool { return x.code.text != nil }

// Kind is the kind of the expression's value when it is known before it is
// evaluated, else "".
func (x *Compiled) Kind() string {
	if x == nil {
		return ""
	}
	return x.kind
}

// Element is an item of a list or map literal.
type Element struct {
	Key      string    // of a map's item
	Start    lang.Span // of the key, or of a list's item
	Span     lang.Span // of the value
	Constant bool
	Value    any       // of a constant
	Kind     string    // of the value, when it is known
	Elements []Element // of a value that is a list or map literal itself
}

// Elements lists the items of an expression that is a list or map literal; map
// keys in parentheses are left out.
func (x *Compiled) Elements() []Element {
	if x == nil || x.details == nil {
		return nil
	}
	return x.details.elements
}

// Reads lists the variables that the expression compiled last reads, each once, until
// the next one is compiled; none when it is faulty.
func (c *Compiler) Reads() []Slot { return c.reads }

// Compile compiles an expression, resolving its names in scope. The diagnostics
// are the errors that it has; of an expression that lang has reported already
// there are none. The result is never nil: evaluating a faulty one fails.
func (c *Compiler) Compile(source *lang.Source, e *lang.Expression, scope Scope, mode Mode) (compiled *Compiled, diagnostics lang.Diagnostics) {
	c.reads = nil
	if simple := c.literal(source, e, mode); simple != nil {
		return simple, nil
	}
	if simple := c.plainName(source, e, scope); simple != nil {
		return simple, nil
	}
	broken := func() *Compiled { return &Compiled{span: e.Span, broken: true} }
	defer func() {
		// Nothing here panics on any text that lang accepts, as far as tests and
		// fuzzing tell; should expr do so, it costs the flow and not the process.
		if recover() != nil {
			compiled, diagnostics = broken(), lang.Diagnostics{{
				Source: source, Span: e.Span, Summary: "the expression cannot be compiled",
			}}
		}
	}()
	defer c.forget()
	m := c.mask(source, e)
	if m.bad {
		return broken(), nil
	}
	tree, err := c.parse(m)
	if err != nil {
		return broken(), lang.Diagnostics{*err}
	}
	r := &c.rewriter
	*r = rewriter{compiler: c, masked: m, scope: scope, mode: mode, slots: r.slots[:0]}
	defer c.nodes.reuse()
	result := r.rewrite(tree, context{tail: true})
	if len(r.diagnostics) > 0 {
		return broken(), r.diagnostics
	}
	compiled = c.compiled.Next()
	compiled.span, compiled.kind = e.Span, result.kind
	compiled.detail(result.elements, c.learned(&result))
	c.reads = r.slots
	if result.constant {
		compiled.constant, compiled.value = true, result.value
		return compiled, nil
	}
	if compiled.code = r.closures(result.node); compiled.code.cell == nil {
		compiled.onVM(r.program(result.node))
	}
	compiled.weight = int32(r.operations / operationsPerStep)
	compiled.prepare = compiled.weight > 0 || compiled.code.shared > 0
	if len(r.diagnostics) > 0 {
		c.reads = nil
		return broken(), r.diagnostics
	}
	return compiled, nil
}

// parse gives the tree of the masked text; what the reader does not know is for
// expr's parser.
func (c *Compiler) parse(m *masked) (ast.Node, *lang.Diagnostic) {
	if tree := m.read(&c.nodes); tree != nil {
		return tree, nil
	}
	tree, err := parser.ParseWithConfig(m.String(), c.configured())
	if err == nil {
		return tree.Node, nil
	}
	return nil, m.syntaxError(err)
}

// function is what a node of the tree is compiled to; nil for a variable, which
// its form reads.
type function = func(arguments ...any) (any, error)

// functionName registers a function for the VM and gives the name that calls it.
// The functions of an expression are known to all of its programs.
func (r *rewriter) functionName(f function) string {
	name := strconv.Itoa(len(r.compiler.functions))
	r.compiler.functions = append(r.compiler.functions, f)
	r.compiler.forms = append(r.compiler.forms, nil)
	return name
}

// program compiles a rewritten tree for the VM.
func (r *rewriter) program(node ast.Node) *vm.Program {
	config := r.compiler.configured()
	known := config.Functions
	for number := len(known); number < len(r.compiler.functions); number++ {
		name, f := strconv.Itoa(number), r.compiler.functions[number]
		if f == nil {
			f = r.compiler.forms[number].(*variableForm).evaluate
		}
		known[name] = newFunction(name, f)
	}
	ast.Walk(&node, settling{})
	program, err := compiler.Compile(&parser.Tree{Node: node, Source: file.NewSource("")}, config)
	forget(node)
	r.compiler.nodes = nodes{} // the program keeps some of them
	if err != nil {
		r.errorf(r.masked.span(0, len(r.masked.chars)), "", "the expression cannot be compiled")
	}
	return program
}

// forget drops what hangs on a compiled node, since the VM's program keeps the
// node and a flow has many expressions.
func forget(node ast.Node) {
	switch n := node.(type) {
	case *ast.CallNode:
		n.Callee, n.Arguments = nil, nil
	case *ast.BinaryNode:
		n.Left, n.Right = nil, nil
	case *ast.ConditionalNode:
		n.Cond, n.Exp1, n.Exp2 = nil, nil, nil
	case *ast.ChainNode:
		n.Node = nil
	case *ast.BuiltinNode:
		n.Arguments = nil
	case *ast.VariableDeclaratorNode:
		n.Value, n.Expr = nil, nil
	}
}
