package lang

// The statements that stand in test files (*_test.flow) only.

// Test is `test "name" [< settings >] { … }`, at file level.
type Test struct {
	Span     Span
	Name     *StringLiteral
	Settings []*Setting
	Body     *Block
}

// Expect is `expect condition`.
type Expect struct {
	Span      Span
	Condition *Expression
}

// Run is `[target =] run "file" < inputs > [catch [name] { }]`.
type Run struct {
	Span    Span
	Target  *Target // nil: none
	Keyword Span    // `run`
	File    *StringLiteral
	Inputs  []*Setting
	Close   Span   // the `>` that ends the inputs
	Catch   *Catch // nil: none
}

// Mock is `mock component < settings >`.
type Mock struct {
	Span      Span
	Component Name
	Settings  []*Setting
	Close     Span // the `>` that ends the settings
}

func (s *Test) Place() Span   { return s.Span }
func (s *Expect) Place() Span { return s.Span }
func (s *Run) Place() Span    { return s.Span }
func (s *Mock) Place() Span   { return s.Span }

func (*Test) statement()   {}
func (*Expect) statement() {}
func (*Run) statement()    {}
func (*Mock) statement()   {}
