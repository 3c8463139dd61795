package runtime

import (
	"maps"
	"slices"
)

// ReadInputs reads inputs as a command line gives them: from document, a JSON
// object or nil (see DecodeInputs), and from texts by name (see ParseInput),
// which win over the document's entries. Missing, unknown and unfit ones make one
// *InputError, in the order of the flow's declarations; the inputs are given then,
// too, for CheckInputs.
func (p *Program) ReadInputs(document []byte, texts map[string]string) (Inputs, error) {
	fields := map[string]any{}
	if document != nil {
		var err error
		if fields, err = p.decodeObject(document); err != nil {
			return nil, err
		}
	}
	for name := range texts {
		delete(fields, name)
	}
	inputs := Inputs{}
	faults := map[string]string{}
	keep := func(name string, v any, err error) {
		inputs[name] = v
		if err != nil {
			faults[name] = err.Error()
		}
	}
	for name, v := range fields {
		v, err := p.readField(name, v)
		keep(name, v, err)
	}
	for name, text := range texts {
		if p.input(name) == nil {
			inputs[name] = text
			continue
		}
		v, err := p.ParseInput(name, text)
		keep(name, v, err)
	}
	if problems := p.inputProblems(inputs, faults); problems != nil {
		return inputs, newInputError(problems)
	}
	return inputs, nil
}

// inputProblems lists what is wrong with inputs; faults are what is known of
// some of them already.
func (p *Program) inputProblems(inputs Inputs, faults map[string]string) []string {
	var problems []string
	for _, in := range p.inputs {
		problem, known := faults[in.name]
		if !known {
			raw, given := inputs[in.name]
			if _, err := in.convert(raw, given, p.limits.values()); err != nil {
				problem = err.Error()
			}
		}
		if problem != "" {
			problems = append(problems, problem)
		}
	}
	unknown := Inputs(maps.Clone(inputs))
	for _, in := range p.inputs {
		delete(unknown, in.name)
	}
	return slices.Concat(problems, p.unknownInputs(unknown))
}
