package value

import (
	"maps"
	"reflect"
	"slices"
	"sync"
)

// AsMap gives the fields of a map or a record, which the caller must not change.
func AsMap(v any) (map[string]any, bool) {
	switch v := v.(type) {
	case map[string]any:
		return v, true
	case *Record:
		return v.Fields, true
	}
	return nil, false
}

// Field reads an entry of a map or a record, or an exported field of a struct.
// Its error says that v has no fields, or what in a struct cannot be read.
func Field(v any, name string) (field any, found bool, err error) { return standard.Field(v, name) }

// Field is the function Field; what a struct holds is converted within the
// bounds of the budget.
func (b *Budget) Field(v any, name string) (field any, found bool, err error) {
	if m, ok := AsMap(v); ok {
		field, found = m[name]
		return field, found, nil
	}
	if s, ok := v.(*Struct); ok {
		if field, found, err = s.field(name); err == nil && found {
			field, err = b.From(field) // which costs what it did for the struct itself
		}
		return field, found, err
	}
	if v == nil || !isStruct(reflect.TypeOf(v)) || KindOf(v) != "struct" {
		return nil, false, misfitf("%s has no fields", Phrase(v))
	}
	r := reflect.Indirect(reflect.ValueOf(v))
	index, ok := fieldsOf(r.Type()).index[name]
	if !ok {
		return nil, false, nil
	}
	part, err := r.FieldByIndexErr(index)
	if err != nil {
		return nil, true, nil // inside an embedded struct that is nil
	}
	field, err = b.From(part.Interface())
	if err != nil {
		return nil, true, within(name, err)
	}
	return field, true, nil
}

// FieldNames lists what Field finds, sorted.
func FieldNames(v any) []string {
	if m, ok := AsMap(v); ok {
		return slices.Sorted(maps.Keys(m))
	}
	if s, ok := v.(*Struct); ok {
		return s.names()
	}
	if KindOf(v) == "struct" {
		t := reflect.TypeOf(v)
		if t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		return slices.Clone(fieldsOf(t).names)
	}
	return nil
}

// FewFieldNames is FieldNames, in any order, of a value that has at most so many
// fields; it gives nothing for a larger one.
func FewFieldNames(v any, most int) []string {
	if m, ok := AsMap(v); ok {
		if len(m) > most {
			return nil
		}
		return slices.Collect(maps.Keys(m))
	}
	names := FieldNames(v)
	if len(names) > most {
		return nil
	}
	return names
}

// structFields are the exported fields of a struct type, those of embedded
// structs among them. As in expr, a tag `expr:"name"` renames a field and
// `expr:"-"` hides it.
type structFields struct {
	index map[string][]int
	names []string // sorted
}

var structTypes sync.Map // reflect.Type to *structFields

func fieldsOf(t reflect.Type) *structFields {
	if known, ok := structTypes.Load(t); ok {
		return known.(*structFields)
	}
	fields := &structFields{index: map[string][]int{}}
	for _, f := range reflect.VisibleFields(t) {
		if !f.IsExported() || !reachable(t, f.Index) {
			continue
		}
		name := f.Name
		switch tag := f.Tag.Get("expr"); tag {
		case "":
		case "-":
			continue
		default:
			name = tag
		}
		fields.index[name] = f.Index
	}
	fields.names = slices.Sorted(maps.Keys(fields.index))
	known, _ := structTypes.LoadOrStore(t, fields)
	return known.(*structFields)
}

// reachable reports whether reflection may read a promoted field: not through
// an embedded pointer to an unexported struct.
func reachable(t reflect.Type, index []int) bool {
	for _, i := range index[:len(index)-1] {
		f := t.Field(i)
		t = f.Type
		if t.Kind() == reflect.Pointer {
			if !f.IsExported() {
				return false
			}
			t = t.Elem()
		}
	}
	return true
}
