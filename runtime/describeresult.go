package runtime

import "slices"

// FieldDescription tells of one field of what a component returns, or of what it
// adds to its errors.
type FieldDescription struct {
	Key  string
	Type string // in words, such as "string" or "list of maps"
	Doc  string // whole sentences
	// Fields are those of a map, or of each map of a list; nil: none.
	Fields []FieldDescription
}

// Returns describes the fields of what the component returns, for the reference.
func Returns(fields ...FieldDescription) ComponentOption {
	return func(c *Component) { c.result = fields }
}

// Raises describes the fields that the errors of the component have beside those
// of every error, for the reference.
func Raises(fields ...FieldDescription) ComponentOption {
	return func(c *Component) { c.raised = fields }
}

// Example gives a call of the component for the reference: a statement of the
// language, or several.
func Example(source string) ComponentOption {
	return func(c *Component) { c.example = source }
}

// Result is what the option Returns said.
func (c *Component) Result() []FieldDescription { return slices.Clone(c.result) }

// ErrorFields is what the option Raises said.
func (c *Component) ErrorFields() []FieldDescription { return slices.Clone(c.raised) }

// Example is what the option of that name said, or "".
func (c *Component) Example() string { return c.example }
