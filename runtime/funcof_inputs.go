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
}

// boundField is how an input is read from a struct.
type boundField struct {
	*input
	index   []int // nil: there is no field
	pointer bool
	quick   quickKind
}

// quickKind is what a field holds that needs no conversion.
type quickKind uint8

const (
	notQuick quickKind = iota
	quickText
	quickInt
	quickBool
)

var quickKinds = map[string]quickKind{"string": quickText, "int": quickInt, "bool": quickBool}

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
	slow := slices.ContainsFunc(fields, func(b boundField) bool { return b.quick == notQuick })
	return &structInputs{fields: fields, quick: !slow}, nil
}

// taggedField is a field with a tag.
type taggedField struct {
	tag      string // the input's name
	goName   string
	exported bool
	index    []int
	pointer  bool
	kind     string // of what is in it, or behind its pointer; "" when the type does not tell
}

// taggedByType are the fields of the structs that FuncOf was given.
var taggedByType sync.Map

func taggedFields(in reflect.Type) []taggedField {
	if known, ok := taggedByType.Load(in); ok {
		return known.([]taggedField)
	}
	var fields []taggedField
	for _, field := range reflect.VisibleFields(in) {
		tag, tagged := field.Tag.Lookup("flow")
		if !tagged {
			continue
		}
		t, pointer := field.Type, field.Type.Kind() == reflect.Pointer
		if pointer {
			t = t.Elem()
		}
		fields = append(fields, taggedField{tag, field.Name, field.IsExported(), field.Index, pointer, kindOfType(t)})
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
	if !b.pointer && len(b.index) == 1 && (string(b.typ) == kind || b.typ == typeAny || b.typ == "number") {
		b.quick = quickKinds[kind]
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

// setQuickly is read and setInputs for inputs that are all quick. Where a value or a
// limit is in the way it gives up, and has done nothing.
func (r *run) setQuickly(fields []boundField, in reflect.Value) (done bool) {
	if len(r.texts) < len(fields) {
		r.texts = make([]string, len(fields))
	}
	held := 0
	for i := range fields {
		b := &fields[i]
		field, v := in.Field(b.index[0]), &r.flow.Own[b.slot]
		size := value.PlainSize
		switch b.quick {
		case quickText:
			text := &r.texts[i]
			*text = field.String()
			size = value.SizeOfText(len(*text))
			v.Put(expression.TextAt(text), size)
		case quickInt:
			v.Put(expression.IntCell(int(field.Int())), size)
		case quickBool:
			v.Put(expression.CellOf(field.Bool()), size)
		}
		if size > r.program.limits.Value {
			return r.unset(fields[:i+1])
		}
		held += size
	}
	if r.held+held > r.program.limits.Variables || !r.machine.Measured(held) {
		return r.unset(fields)
	}
	r.held += held
	return true
}

// unset takes back what setQuickly has set.
func (r *run) unset(fields []boundField) (done bool) {
	for i := range fields {
		r.flow.Own[fields[i].slot].Put(expression.Cell{}, 0)
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
