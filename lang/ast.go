package lang

// File is the syntax tree of one source. It is complete even where the source
// has errors: what could not be read is left out.
type File struct {
	Source *Source
	// Header is nil when the file has none.
	Header *Header
	// Body holds every statement at file level in the order of the source,
	// *Input and *Function among them.
	Body *Block
	// Comments are all comments outside expressions' templates, in order.
	Comments []Comment
}

// Comment is one // or /* */ comment with its marks, or the #! line.
type Comment struct {
	Span Span
	Text string
}

// Header is `flow [TYPE] ["name"] [< settings >]`.
type Header struct {
	Span     Span
	Type     *Name          // nil: any type
	Name     *StringLiteral // nil: none
	Settings []*Setting
}

// Name is a word in the source, or a dotted name (`crm.addNote`).
type Name struct {
	Span Span
	Text string
}

// Block is a list of statements; at file level its span is the whole file,
// elsewhere it runs from `{` to `}`, both included.
type Block struct {
	Span       Span
	Statements []Statement
}

// Statement is one of *Input, *Function, *Assign, *If, *Switch, *While, *For,
// *Break, *Continue, *Stop, *Return, *Label, *Goto and *Call; in test files also of
// *Test, *Expect, *Run and *Mock.
type Statement interface {
	// Place is where the statement stands, its blocks included.
	Place() Span
	statement()
}

// Input is `input NAME [: TYPE] [= expression]`.
type Input struct {
	Span    Span
	Name    Name
	Type    *Name       // nil: any
	Default *Expression // nil: required
}

// Function is `function NAME < parameters > { body }`.
type Function struct {
	Span       Span
	Name       Name
	Parameters []*Parameter
	Body       *Block
}

// Parameter is `NAME [: TYPE] [= expression]` in a function's head.
type Parameter struct {
	Span    Span
	Name    Name
	Type    *Name       // nil: any
	Default *Expression // nil: required
}

// Assign is `target = expression`.
type Assign struct {
	Span   Span
	Target *Target
	Value  *Expression
}

// Target is what an assignment writes: `x`, `global x`, `a.b["k"][0]`.
type Target struct {
	Span   Span
	Global bool
	Name   Name
	Path   []PathStep
}

// PathStep is `.name` or `[expression]`.
type PathStep struct {
	Span  Span
	Name  string      // set for .name
	Index *Expression // set for [expression]
}

// If is `if e { } else if e { } else { }`.
type If struct {
	Span     Span
	Branches []Branch // at least one
	Else     *Block   // nil: none
}

// Branch is a condition with its block.
type Branch struct {
	Condition *Expression
	Body      *Block
}

// Switch is `switch e { case v, w { } default { } }`.
type Switch struct {
	Span    Span
	Subject *Expression
	Cases   []*Case
	Default *Block // nil: none
}

// Case is `case v, w { }`.
type Case struct {
	Span   Span
	Values []*Expression
	Body   *Block
}

// While is `while e { }`.
type While struct {
	Span      Span
	Condition *Expression
	Body      *Block
}

// For is `for x in e { }` (Key nil) or `for k, x in e { }`.
type For struct {
	Span       Span
	Key        *Name
	Item       Name
	Collection *Expression
	Body       *Block
}

// Break is `break`.
type Break struct{ Span Span }

// Continue is `continue`.
type Continue struct{ Span Span }

// Stop is `stop`.
type Stop struct{ Span Span }

// Return is `return [e]`.
type Return struct {
	Span  Span
	Value *Expression // nil: none
}

// Label is `name:`.
type Label struct {
	Span Span
	Name Name
}

// Goto is `goto name`.
type Goto struct {
	Span  Span
	Label Name
}

// Call is `[target =] component < settings > [failover { }] [catch [name] { }]`.
type Call struct {
	Span      Span
	Target    *Target // nil: none
	Component Name
	Settings  []*Setting
	Close     Span   // the `>` that ends the settings
	Failover  *Block // nil: none
	Catch     *Catch // nil: none
}

// Setting is `key: value`.
type Setting struct {
	Span  Span
	Key   Name
	Value *Expression
}

// Catch is `catch [name] { }`.
type Catch struct {
	Span Span
	Name *Name // nil: none
	Body *Block
}

func (s *Input) Place() Span    { return s.Span }
func (s *Function) Place() Span { return s.Span }
func (s *Assign) Place() Span   { return s.Span }
func (s *If) Place() Span       { return s.Span }
func (s *Switch) Place() Span   { return s.Span }
func (s *While) Place() Span    { return s.Span }
func (s *For) Place() Span      { return s.Span }
func (s *Break) Place() Span    { return s.Span }
func (s *Continue) Place() Span { return s.Span }
func (s *Stop) Place() Span     { return s.Span }
func (s *Return) Place() Span   { return s.Span }
func (s *Label) Place() Span    { return s.Span }
func (s *Goto) Place() Span     { return s.Span }
func (s *Call) Place() Span     { return s.Span }

func (*Input) statement()    {}
func (*Function) statement() {}
func (*Assign) statement()   {}
func (*If) statement()       {}
func (*Switch) statement()   {}
func (*While) statement()    {}
func (*For) statement()      {}
func (*Break) statement()    {}
func (*Continue) statement() {}
func (*Stop) statement()     {}
func (*Return) statement()   {}
func (*Label) statement()    {}
func (*Goto) statement()     {}
func (*Call) statement()     {}

// Expression is the text of one expression, captured and not yet understood:
// brackets match, strings are read, operands and operators alternate; what the
// words mean is for the runtime to say.
type Expression struct {
	// Span runs from the first to the last token, comments around it excluded.
	Span Span
	// Strings are the outermost string literals, in order.
	Strings []*StringLiteral
	rare    *rareSpans // nil: none
	// Bad is set when the text has an error that a diagnostic tells. Its
	// strings may then be incomplete, and whoever reads on reports no more
	// about it.
	Bad bool
}

// rareSpans are places that few expressions have.
type rareSpans struct{ comments, wordKeys, leastInts []Span }

// Comments are the comments between the expression's tokens.
func (e *Expression) Comments() []Span {
	if e.rare == nil {
		return nil
	}
	return e.rare.comments
}

// WordKeys are the bare map keys that elsewhere are operators or keywords of
// expressions (`{in: 1, not: 2}`).
func (e *Expression) WordKeys() []Span {
	if e.rare == nil {
		return nil
	}
	return e.rare.wordKeys
}

// LeastInts are the numbers that 64 bits hold only with the minus that stands before
// them (`-9223372036854775808`).
func (e *Expression) LeastInts() []Span {
	if e.rare == nil {
		return nil
	}
	return e.rare.leastInts
}

// StringKind tells how a literal is written.
type StringKind uint8

const (
	// Quoted is "…": escapes and interpolation.
	Quoted StringKind = iota
	// Single is '…': neither.
	Single
	// Raw is `…`: neither, over lines.
	Raw
	// TextBlock is """…""": escapes and interpolation, over lines, indentation removed.
	TextBlock
)

// StringLiteral is a string in the source, its quotes included in Span.
type StringLiteral struct {
	Span Span
	Kind StringKind
	// Parts alternate as written; two texts never stand side by side and no
	// text is empty, so the empty string has no parts.
	Parts []StringPart
}

// StringPart is a piece of text, escapes resolved and indentation removed, or
// an interpolated expression.
type StringPart struct {
	// Span is the place in the source; for an expression it runs from `${` to `}`.
	Span       Span
	Text       string
	Expression *Expression // nil: Text
}

// Template reports whether the literal interpolates anything.
func (s *StringLiteral) Template() bool {
	for _, part := range s.Parts {
		if part.Expression != nil {
			return true
		}
	}
	return false
}

// Text is the value of a literal that interpolates nothing.
func (s *StringLiteral) Text() string {
	if len(s.Parts) == 0 {
		return ""
	}
	return s.Parts[0].Text
}

// Literal is the string literal that the whole expression consists of, or nil.
func (e *Expression) Literal() *StringLiteral {
	if len(e.Strings) == 1 && e.Strings[0].Span == e.Span {
		return e.Strings[0]
	}
	return nil
}
