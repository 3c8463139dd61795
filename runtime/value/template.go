package value

// Template is a text at the place where it stands, with its literal and its
// dynamic parts apart, so that a component can quote or escape each dynamic part
// for the place it lands in (an address, HTML, Markdown).
type Template struct {
	Form  Form
	Parts []Part

	budget *Budget // nil: the default bounds
}

// NewTemplate makes a template whose text may be as large as budget allows.
func NewTemplate(form Form, parts []Part, budget *Budget) *Template {
	return &Template{Form: form, Parts: parts, budget: budget}
}

func (t *Template) bounds() *Budget {
	if t.budget == nil {
		return standard
	}
	return t.budget
}

// Form tells how a template was written.
type Form uint8

const (
	// Literal is a string literal that interpolates nothing.
	Literal Form = iota
	// Interpolated is a string literal with at least one ${…}.
	Interpolated
	// Bare is any other expression; its value is the only part.
	Bare
)

// Part is literal text, or the value of an expression with its source text.
type Part struct {
	Text    string // literal text, Dynamic false
	Dynamic bool
	Value   any    // Dynamic true; never nil in an Interpolated template
	Source  string // the expression as written, for messages
}

// Alone gives the value of a template that consists of one dynamic part and no
// text, `to: list` or `to: "${list}"`.
func (t *Template) Alone() (any, bool) {
	if len(t.Parts) == 1 && t.Parts[0].Dynamic {
		return t.Parts[0].Value, true
	}
	return nil, false
}
