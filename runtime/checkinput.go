package runtime

import "errors"

// ReadInput gives the value that an input takes when it is given v, as an entry of
// DecodeInputs: text for a time or a duration is read. The error says what does not
// fit; an undeclared name is one, with "did you mean".
func (p *Program) ReadInput(name string, v any) (any, error) {
	in := p.input(name)
	if in == nil {
		return nil, errors.New(p.unknownInputs(Inputs{name: nil})[0])
	}
	read, err := p.readField(name, v)
	if err != nil {
		return nil, err
	}
	return in.convert(read, true, p.limits.values())
}
