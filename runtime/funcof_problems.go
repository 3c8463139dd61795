package runtime

import (
	"fmt"
	"reflect"
	"strings"

	"flowrun/runtime/internal/expression"
)

// noStruct is why FuncOf cannot read the inputs from a type.
func (p *Program) noStruct(in reflect.Type) error {
	if in.Kind() == reflect.Pointer && in.Elem().Kind() == reflect.Struct {
		return fmt.Errorf("runtime: FuncOf for the flow %q: name the struct %s itself, without the *; the function takes a pointer to it", p.name, in.Elem())
	}
	return fmt.Errorf("runtime: FuncOf takes the inputs of the flow %q from a struct with a field for each, and %s is no struct; struct{} is for none", p.name, in)
}

// unfitFields is what is wrong with the struct that FuncOf is to read the inputs from.
func (p *Program) unfitFields(in reflect.Type, problems []string) error {
	between := " "
	if len(problems) > 1 {
		between = "\n"
	}
	return fmt.Errorf("runtime: FuncOf cannot read the inputs of the flow %q from %s:%s%w", p.name, in, between, newInputError(problems))
}

// unfitTag is why a tag is none of an input's, or "".
func unfitTag(tag string) (problem string) {
	name, options, more := strings.Cut(tag, ",")
	switch {
	case tag == "":
		return `the tag flow:"" names no input: write the name of one, or leave the tag out`
	case more:
		return fmt.Sprintf("the tag flow:%q has %q behind the name of an input: write flow:%q; the flow says which inputs are required", tag, options, name)
	}
	return ""
}

// unfitResult is why the flow cannot return an Out.
func (p *Program) unfitResult(out reflect.Type, unknown bool) error {
	switch {
	case unknown:
		return fmt.Errorf("runtime: FuncOf cannot give what the flow %q returns as a value of type %s, only as "+
			"string, bool, int, float64, time.Time, time.Duration, []any, map[string]any and any", p.name, out)
	case !p.returns && out != anyType:
		return fmt.Errorf("runtime: FuncOf is to give %s, and the flow %q returns nothing: write a return in it, outside of its functions, "+
			"or have FuncOf give any, which is nil then", plainTypes[out], p.name)
	}
	return nil
}

// withoutInputs is the error of a function that is called with nil.
func (p *Program) withoutInputs(in reflect.Type) error {
	return inputError(newInputError([]string{
		fmt.Sprintf("the inputs of the flow %q are missing: a nil *%s was given, want one with its fields set", p.name, in),
	}))
}

// misreturned is the error of a flow that returned something else than its function
// gives.
func (r *run) misreturned(result expression.Cell, wanted reflect.Type) error {
	words := plainTypes[wanted]
	if !result.IsSet() {
		return &Error{
			Kind:    KindValue,
			Message: fmt.Sprintf("the flow %q ended without a return, want %s", r.program.name, words),
			Hint:    "write a return on every way to its end, or have FuncOf give any, which is nil then",
		}
	}
	other := "any, which takes everything"
	if _, isNumber := result.Number(); isNumber && wanted == reflect.TypeFor[int]() {
		other = "float64, which takes every number"
	}
	return r.flow.errorAt(r.flow.returnedAt,
		fmt.Sprintf("the flow %q returned %s, want %s", r.program.name, described(result.Value()), words),
		fmt.Sprintf("return %s here, or have FuncOf give %s", words, other))
}

// unresumable is the error of a run that is suspended and that nobody can resume.
func (r *run) unresumable() *Error {
	reason := r.suspended.reason
	if reason != "" {
		reason = fmt.Sprintf(" (%s)", cut(reason))
	}
	err := r.suspended.pass.error(KindHost, fmt.Sprintf("it suspends its run%s, which a function made by FuncOf cannot resume", reason))
	err.Hint = "call the flow by Program.Run, which gives a Snapshot for Program.Resume"
	return err
}
