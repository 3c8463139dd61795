package value

import (
	"reflect"
	"slices"
)

// Struct is a host's struct in a run that was resumed from a snapshot: what a
// flow can read of it, as it was. A flow cannot tell it from the struct itself; a
// component that wants the Go type gets this in its place.
type Struct struct {
	goType  string // tells structs with the same fields apart
	fields  map[string]any
	faults  map[string]string // why a field cannot be read
	text    string            // of its Error or String method
	hasText bool
}

// captured reads everything that a flow could read of a host's struct.
func captured(v any) *Struct {
	if s, ok := v.(*Struct); ok {
		return s
	}
	s := &Struct{goType: goTypeOf(v), fields: map[string]any{}}
	s.text, s.hasText, _ = structText(v) // one that breaks down is none
	for _, name := range FieldNames(v) {
		field, _, err := Field(v, name)
		if err != nil {
			if s.faults == nil {
				s.faults = map[string]string{}
			}
			s.faults[name] = err.Error()
			continue
		}
		s.fields[name] = field
	}
	return s
}

func (s *Struct) field(name string) (field any, found bool, err error) {
	if fault, ok := s.faults[name]; ok {
		return nil, true, misfitf("%s", fault)
	}
	field, found = s.fields[name]
	return field, found, nil
}

func (s *Struct) names() []string {
	return slices.Sorted(func(yield func(string) bool) {
		for name := range s.fields {
			if !yield(name) {
				return
			}
		}
		for name := range s.faults {
			if !yield(name) {
				return
			}
		}
	})
}

// goTypeOf tells structs of different types apart, also where one was restored.
func goTypeOf(v any) string {
	if s, ok := v.(*Struct); ok {
		return s.goType
	}
	return reflect.TypeOf(v).String()
}
