package runtime

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"flowrun/lang"
	"flowrun/runtime/internal/expression"
	"flowrun/runtime/value"
)

// Inputs are the values that a host gives a run, by the names of the flow's
// input declarations.
type Inputs map[string]any

// input is a declaration `input NAME [: TYPE] [= expression]`.
type input struct {
	name     string
	span     lang.Span
	typ      valueType
	slot     int
	fallback *evaluated // nil: required
}

// InputDeclaration is an input of a Program.
type InputDeclaration struct {
	Name     string
	Type     string // as the flow names it; "any" when it names none
	Required bool
}

// Inputs lists the inputs that the flow declares, in order.
func (p *Program) Inputs() []InputDeclaration {
	declarations := make([]InputDeclaration, len(p.inputs))
	for i, in := range p.inputs {
		declarations[i] = InputDeclaration{Name: in.name, Type: string(in.typ), Required: in.fallback == nil}
	}
	return declarations
}

// InputError lists what is wrong with the inputs of a run, at most 20 problems and
// how many more there are.
type InputError struct {
	Problems []string

	broken error // the first *PanicError among the reasons
}

// Unwrap gives the *PanicError of an input's own method, if any.
func (e *InputError) Unwrap() error { return e.broken }

// Error lists the problems, a line each.
func (e *InputError) Error() string { return strings.Join(e.Problems, "\n") }

// mostProblems is how many problems of inputs are told.
const mostProblems = 20

// newInputError keeps the first of the problems, and says how many more there are.
func newInputError(problems []string) *InputError {
	if more := len(problems) - mostProblems; more > 1 {
		problems = append(problems[:mostProblems:mostProblems], fmt.Sprintf("and %d problems more", more))
	}
	return &InputError{Problems: problems}
}

// given is the value of an input, or that there is none.
type given struct {
	value expression.Cell
	is    bool
}

// converted checks and converts the values that the host gave, one for each input;
// it takes room for them.
func (p *Program) converted(inputs Inputs, room []given) ([]given, *Error) {
	var problems inputProblems
	known := 0
	for _, in := range p.inputs {
		raw, ok := inputs[in.name]
		if ok {
			known++
		}
		v, err := in.convert(raw, ok, p.bounds)
		problems.add(err)
		room = append(room, given{expression.CellOf(v), ok})
	}
	if known < len(inputs) {
		problems.found = append(problems.found, p.unknownInputs(inputs)...)
	}
	return room, problems.err()
}

// inputProblems are what is wrong with the inputs of a run.
type inputProblems struct {
	found  []string
	limit  *Error // that the first of those exceeds which exceed one
	broken error  // the first *PanicError among the reasons
}

// add adds a problem; nil is none.
func (p *inputProblems) add(err error) {
	if err == nil {
		return
	}
	p.found = append(p.found, err.Error())
	if p.limit == nil {
		p.limit = limitError(err)
	}
	p.broken = cmp.Or(p.broken, panicIn(err))
}

func (p *inputProblems) err() *Error {
	if p.found == nil {
		return nil
	}
	all := newInputError(p.found)
	all.broken = p.broken
	err := inputError(all)
	if p.limit != nil {
		err.Kind, err.Hint = KindResource, p.limit.Hint
	}
	return err
}

// convert checks and converts the value that the host gave for the input, or
// that it gave none.
func (in *input) convert(raw any, given bool, budget *value.Budget) (any, error) {
	if !given {
		if in.fallback == nil {
			return nil, fmt.Errorf("input %q is missing, want %s", in.name, in.typ.words())
		}
		return nil, nil
	}
	v, err := budget.From(raw)
	if err != nil {
		return nil, fmt.Errorf("input %q cannot be used: %w", in.name, err)
	}
	taken, ok := in.typ.take(v)
	if !ok {
		return nil, fmt.Errorf("input %q is %s, want %s", in.name, described(v), in.typ.words())
	}
	return taken, nil
}

func (p *Program) unknownInputs(given Inputs) []string {
	names := make([]string, len(p.inputs))
	for i, in := range p.inputs {
		names[i] = in.name
	}
	var problems []string
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if slices.Contains(names, name) {
			continue
		}
		problem := fmt.Sprintf("unknown input %q", cut(name))
		if hint := didYouMean(name, names); hint != "" {
			problem += ", " + hint
		} else if len(names) == 0 {
			problem += ", the flow has no inputs"
		}
		problems = append(problems, problem)
	}
	return problems
}

// setInputs gives the flow's variables their first values: inputs, then
// defaults, which may use the inputs before them.
func (r *run) setInputs(values []given) *Error {
	var faults []*Error
	for i, in := range r.program.inputs {
		c := values[i].value
		if !values[i].is {
			v, err := r.defaultOf(in)
			if err != nil && !err.catchable() {
				return err
			}
			if err != nil {
				err.Kind = KindInput
				faults = append(faults, err)
				continue
			}
			c = expression.CellOf(v)
		}
		if err := r.setInput(in, c); err != nil {
			return err
		}
	}
	switch len(faults) {
	case 0:
		return nil
	case 1:
		return faults[0]
	}
	problems := make([]string, len(faults))
	for i, fault := range faults {
		problems[i] = fault.Error()
	}
	return inputError(newInputError(problems))
}

func (r *run) setInput(in *input, c expression.Cell) *Error {
	if err := r.flow.storeCell(reference{slot: in.slot}, c); err != nil {
		return r.flow.problem(err, in.span, "")
	}
	return nil
}

// defaultOf evaluates the default of an input.
func (r *run) defaultOf(in *input) (any, *Error) {
	v, err := r.flow.eval(in.fallback)
	if err != nil {
		return nil, err
	}
	taken, ok := in.typ.take(v)
	if !ok {
		message := fmt.Sprintf("the default of input %q is %s, want %s", in.name, described(v), in.typ.words())
		return nil, r.flow.errorAt(in.fallback.span, message, "")
	}
	return taken, nil
}

// inputError makes one error of all problems.
func inputError(all *InputError) *Error {
	return &Error{Kind: KindInput, Message: all.Error(), Cause: all}
}

// ParseInput reads the text of an input as a command line gives it, by the
// input's type: list and map as JSON, any as JSON or else as text, time as RFC
// 3339 or `YYYY-MM-DD[ hh:mm[:ss]]` in the flow's time zone, duration as
// `1h30m`. An undeclared name is an error with "did you mean".
func (p *Program) ParseInput(name, text string) (any, error) {
	in := p.input(name)
	if in == nil {
		return nil, errors.New(p.unknownInputs(Inputs{name: nil})[0])
	}
	v, err := p.parse(in.typ, text)
	if err != nil {
		return nil, fmt.Errorf("input %q is %q, want %s", name, cut(text), err)
	}
	return v, nil
}

// longestCited is how much of the text of an input a message cites, in characters.
const longestCited = 200

// cut shortens a text that is too long to be cited.
func cut(text string) string {
	if len(text) <= longestCited {
		return text
	}
	characters := []rune(text[:min(len(text), utf8.UTFMax*(longestCited+1))])
	if len(characters) <= longestCited {
		return text
	}
	return string(characters[:longestCited]) + "…"
}

func (p *Program) input(name string) *input {
	for _, in := range p.inputs {
		if in.name == name {
			return in
		}
	}
	return nil
}

// parse reads text by type; its error says what is wanted.
func (p *Program) parse(t valueType, text string) (any, error) {
	wanted := errors.New(t.words())
	switch t {
	case "string":
		return text, nil
	case "int":
		if i, err := strconv.Atoi(text); err == nil {
			return i, nil
		}
		if n, err := strconv.ParseFloat(text, 64); err == nil && t.accepts(n) {
			return int(n), nil
		}
		return nil, errors.New("a whole number of at most 64 bits")
	case "number":
		if i, err := strconv.Atoi(text); err == nil {
			return i, nil
		}
		if n, err := strconv.ParseFloat(text, 64); err == nil && n-n == 0 {
			return n, nil
		}
		return nil, errors.New("a number")
	case "bool":
		if text == "true" || text == "false" {
			return text == "true", nil
		}
		return nil, errors.New("true or false")
	case "time":
		return p.parseTime(text)
	case "duration":
		d, err := value.ParseDuration(text)
		if err != nil {
			return nil, wanted
		}
		return d, nil
	case "list", "map":
		v, err := p.limits.values().ParseJSON(text)
		if err != nil {
			return nil, fmt.Errorf("%w as JSON: %v", wanted, err)
		}
		if !t.accepts(v) {
			return nil, fmt.Errorf("%w as JSON", wanted)
		}
		return v, nil
	}
	if v, err := p.limits.values().ParseJSON(text); err == nil {
		return v, nil
	}
	return text, nil
}

var timeLayouts = []string{time.RFC3339Nano, "2006-01-02", "2006-01-02 15:04", "2006-01-02 15:04:05"}

func (p *Program) parseTime(text string) (any, error) {
	t, err := parseTime(text, p.location)
	if err != nil {
		return nil, err
	}
	return t, nil
}

func parseTime(text string, location *time.Location) (time.Time, error) {
	for _, layout := range timeLayouts {
		if t, err := time.ParseInLocation(layout, text, location); err == nil {
			return t, nil
		}
	}
	return time.Time{}, errors.New(`a time like "2026-11-23T09:00:00Z", "2026-11-23" or "2026-11-23 09:00"`)
}

// DecodeInputs reads inputs from a JSON object. JSON has no times and no
// durations: where the flow declares one, a string is read as ParseInput does.
func (p *Program) DecodeInputs(document []byte) (Inputs, error) {
	fields, err := p.decodeObject(document)
	if err != nil {
		return nil, err
	}
	inputs := Inputs{}
	var problems []string
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if inputs[name], err = p.readField(name, fields[name]); err != nil {
			problems = append(problems, err.Error())
		}
	}
	if problems != nil {
		return nil, newInputError(problems)
	}
	return inputs, nil
}

func (p *Program) decodeObject(document []byte) (map[string]any, error) {
	v, err := p.limits.values().ParseJSON(string(document))
	if limit := limitError(err); limit != nil {
		return nil, fmt.Errorf("the inputs cannot be used: %w; %s", err, limit.Hint)
	}
	if err != nil {
		return nil, fmt.Errorf("inputs are not JSON: %w", err)
	}
	fields, ok := v.(map[string]any)
	if !ok {
		return nil, errors.New("inputs must be a JSON object with a key for each input")
	}
	return fields, nil
}

// readField reads an entry of a JSON object by the type of its input.
func (p *Program) readField(name string, v any) (any, error) {
	text, isText := v.(string)
	if in := p.input(name); in != nil && isText && (in.typ == "time" || in.typ == "duration") {
		return p.ParseInput(name, text)
	}
	return v, nil
}
