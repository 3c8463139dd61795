package runtime

import (
	"cmp"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"

	"flowrun/runtime/internal/expression"
	"flowrun/runtime/value"
)

// structInputs is how the inputs of a program are read from the struct of FuncOf.
type structInputs struct {
	fields []boundField // one for each input
	quick  bool         // all of them are
	whole  bool         // the struct has no other fields
}

// boundField is how an input is read from a struct.
type boundField struct {
	*input
	index   []int // nil: there is no field
	pointer bool
	quick   reflect.Type // that of a pointer to the field, when it needs no conversion
}

// quickFields are the types of pointers to fields that need no conversion. A type that is one of them by
// another name will do as well.
var quickFields = map[string][]reflect.Type{
	"string": {reflect.TypeFor[*string]()},
	"int":    {reflect.TypeFor[*int](), reflect.TypeFor[*int64](), reflect.TypeFor[*int32]()},
	"bool":   {reflect.TypeFor[*bool]()},
}

// bind finds the fields for the inputs.
func (p *Program) bind(in reflect.Type) (*structInputs, error) {
	if in.Kind() != reflect.Struct {
		return nil, p.noStruct(in)
	}
	fields := make([]boundField, len(p.inputs))
	for i, input := range p.inputs {
		fields[i].input = input
	}
	var problems []string
	for _, field := range taggedFields(in) {
		problem := unfitTag(field.tag)
		name, _, _ := strings.Cut(field.tag, ",")
		i := slices.IndexFunc(p.inputs, func(input *input) bool { return input.name == name })
		switch {
		case i >= 0:
			problem = cmp.Or(fields[i].bind(field), problem)
		case problem == "":
			problem = p.unknownInputs(Inputs{name: nil})[0]
		}
		if problem != "" {
			problems = append(problems, fmt.Sprintf("field %s: %s", field.goName, problem))
		}
	}
	for _, bound := range fields {
		if bound.index == nil && bound.fallback == nil {
			problems = append(problems, fmt.Sprintf("input %q has no field: give one that holds %s the tag flow:%q", bound.name, bound.typ.words(), bound.name))
		}
	}
	if problems != nil {
		return nil, p.unfitFields(in, problems)
	}
	slow := slices.ContainsFunc(fields, func(b boundField) bool { return b.quick == nil })
	return &structInputs{fields: fields, quick: !slow, whole: len(fields) == in.NumField()}, nil
}

// taggedField is a field with a tag.
type taggedField struct {
	tag      string // the input's name
	goName   string
	exported bool
	index    []int
	pointer  bool
	kind     string       // of what is in it, or behind its pointer; "" when the type does not tell
	quick    reflect.Type // see boundField
}

// taggedByType are the fields of the structs that FuncOf was given.
var taggedByType sync.Map

func taggedFields(in reflect.Type) []taggedField {
	if known, ok := taggedByType.Load(in); ok {
		return known.([]taggedField)
	}
	var fields []taggedField
	for _, field := range reflect.VisibleFields(in) {
		tag, ok := field.Tag.Lookup("flow")
		if !ok {
			continue
		}
		t, pointer := field.Type, field.Type.Kind() == reflect.Pointer
		if pointer {
			t = t.Elem()
		}
		tagged := taggedField{tag: tag, goName: field.Name, exported: field.IsExported(), index: field.Index, pointer: pointer, kind: kindOfType(t)}
		if i := slices.IndexFunc(quickFields[tagged.kind], reflect.PointerTo(t).ConvertibleTo); i >= 0 && !pointer && len(field.Index) == 1 {
			tagged.quick = quickFields[tagged.kind][i]
		}
		fields = append(fields, tagged)
	}
	taggedByType.Store(in, fields)
	return fields
}

// bind has the input read from a field; the problem is why it cannot.
func (b *boundField) bind(field taggedField) (problem string) {
	if b.index != nil {
		return fmt.Sprintf("input %q has another field already: take one of the two tags away", b.name)
	}
	kind := field.kind
	b.index, b.pointer = field.index, field.pointer
	switch {
	case !field.exported:
		return "it is not exported: give it a name that begins with a capital"
	case kind != "" && kindsTaken[b.typ] != nil && !slices.Contains(kindsTaken[b.typ], kind):
		return fmt.Sprintf("it is %s, and input %q wants %s", value.KindPhrase(kind), b.name, b.typ.words())
	}
	if string(b.typ) == kind || b.typ == typeAny || b.typ == "number" {
		b.quick = field.quick
	}
	return ""
}

// kindsTaken are the kinds of values of which an input of a type may take some. An input
// of another type takes any.
var kindsTaken = map[valueType][]string{
	"string": {"string"}, "bool": {"bool"}, "int": {"int", "float"}, "number": {"int", "float"},
	"time": {"time"}, "duration": {"duration", "string"}, "list": {"list"}, "map": {"map", "struct"},
}

// kindOfType is the kind of all values of a Go type, or "".
func kindOfType(t reflect.Type) string {
	switch {
	case t == timeType:
		return "time"
	case t == durationType:
		return "duration"
	case slices.ContainsFunc(textTypes, func(text reflect.Type) bool { return t.Implements(text) || reflect.PointerTo(t).Implements(text) }):
		return "" // its text, or what the text says
	}
	switch t.Kind() {
	case reflect.String:
		return "string"
	case reflect.Bool:
		return "bool"
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return "int"
	case reflect.Float32, reflect.Float64:
		return "float"
	case reflect.Map:
		return "map"
	}
	return ""
}

// textTypes are the interfaces of types whose values may become others than their Go
// kinds tell.
var textTypes = []reflect.Type{
	reflect.TypeFor[fmt.Stringer](), reflect.TypeFor[error](), reflect.TypeFor[json.Marshaler](),
}

// structCopy is what a run has of a struct, so that its variables can do with pointers to
// the texts in it.
type structCopy struct {
	of     *structInputs
	in     any // a pointer to the copy
	fields []copiedField
}

// copiedField is a field that is an input.
type copiedField struct {
	at   any // a pointer to it
	slot int // of the input
}

// copied makes a copy of a struct for the run.
func copied[In any](r *run, inputs *structInputs, in *In) *In {
	if r.given.of != inputs {
		r.given = structCopy{of: inputs, in: new(In), fields: make([]copiedField, len(inputs.fields))}
		own := reflect.ValueOf(r.given.in).Elem()
		for i, b := range inputs.fields {
			r.given.fields[i] = copiedField{own.Field(b.index[0]).Addr().Convert(b.quick).Interface(), b.slot}
		}
	}
	own := r.given.in.(*In)
	if inputs.whole {
		*own = *in
		return own
	}
	from, to := reflect.ValueOf(in).Elem(), reflect.ValueOf(own).Elem()
	for _, b := range inputs.fields { // others are nobody's business
		to.Field(b.index[0]).Set(from.Field(b.index[0]))
	}
	return own
}

// setQuickly is read and setInputs for inputs that are all quick, from the run's copy of
// the struct. Where a value or a limit is in the way it gives up, and has done nothing.
func (r *run) setQuickly() (done bool) {
	held, own, most := 0, r.flow.Own, r.program.limits.Value
	for i := range r.given.fields {
		field := &r.given.fields[i]
		v, size := &own[field.slot], value.PlainSize
		switch at := field.at.(type) {
		case *string:
			size = value.SizeOfText(len(*at))
			v.Put(expression.TextAt(at), size)
		case *int:
			v.Put(expression.IntCell(*at), size)
		case *bool:
			v.Put(expression.CellOf(*at), size)
		case *int64:
			v.Put(expression.IntCell(int(*at)), size)
		case *int32:
			v.Put(expression.IntCell(int(*at)), size)
		}
		if size > most {
			return r.unset()
		}
		held += size
	}
	if r.held+held > r.program.limits.Variables || !r.machine.Measured(held) {
		return r.unset()
	}
	r.held += held
	return true
}

// unset takes back what setQuickly has set.
func (r *run) unset() (done bool) {
	for _, field := range r.given.fields {
		r.flow.Own[field.slot].Put(expression.Cell{}, 0)
	}
	return false
}

// read checks and converts what is in the struct, one value for each input.
func (p *Program) read(fields []boundField, in reflect.Value) ([]given, *Error) {
	var problems inputProblems
	values := make([]given, len(fields))
	for i := range fields {
		raw, ok := fields[i].value(in)
		v, err := fields[i].convert(raw, ok, p.bounds)
		problems.add(err)
		values[i] = given{expression.CellOf(v), ok}
	}
	return values, problems.err()
}

// value is what the struct has for the input, if it has anything.
func (b *boundField) value(in reflect.Value) (v any, given bool) {
	if b.index == nil {
		return nil, false
	}
	field, err := in.FieldByIndexErr(b.index)
	if err != nil || b.pointer && field.IsNil() {
		return nil, false // also within an embedded struct that is nil
	}
	return field.Interface(), true
}
