// Package shape says what is known of a value before any run: its kind, the keys
// of maps and the items of lists, as a sample of the inputs shows them.
package shape

import (
	"maps"
	"slices"

	"flowrun/lang"
	"flowrun/runtime/value"
)

// Shape is what is known of a value; nil is nothing. Shapes are not changed.
type Shape struct {
	// Kind is that of the value as package value names it, "number" for an int or a
	// float, or "" when it may be nil or of several kinds.
	Kind string
	// Fields are the keys of a map; nil: not known.
	Fields map[string]Field
	// Item is any element of a list.
	Item *Shape

	structs []any // the value is one of these
}

// Field is an entry of a map.
type Field struct {
	Shape *Shape
	Maybe bool // it need not be there
}

// Number is the kind of what is an int or a float.
const Number = "number"

// OfKind is a value of which the kind is known and nothing else.
func OfKind(kind string) *Shape {
	switch kind {
	case "", "nil", "html", "secret", "unknown":
		return nil
	}
	return &Shape{Kind: kind}
}

// Of is the shape of a value. Of nil nothing is known, since another value may
// stand there another time. What a struct of the host holds is looked at when it is
// asked for: it may lead far, and back to where it began.
func Of(v any) *Shape {
	kind := value.KindOf(v)
	s := OfKind(kind)
	switch kind {
	case "list":
		for i, item := range v.([]any) {
			if i == 0 {
				s.Item = Of(item)
			} else {
				s.Item = Join(s.Item, Of(item))
			}
			if s.Item == nil {
				break
			}
		}
	case "map":
		fields, _ := value.AsMap(v)
		s.Fields = make(map[string]Field, len(fields))
		for name, field := range fields {
			s.Fields[name] = Field{Shape: Of(field)}
		}
	case "struct":
		s.structs = []any{v}
	}
	return s
}

// KindName is the kind, "" when it is not known.
func (s *Shape) KindName() string {
	if s == nil {
		return ""
	}
	return s.Kind
}

// Element is the shape of a list's elements.
func (s *Shape) Element() *Shape {
	if s == nil {
		return nil
	}
	return s.Item
}

// Entry is what is known of an entry of a map or a field of a struct: whether it is
// there, and whether even that is known.
func (s *Shape) Entry(name string) (entry Field, there, known bool) {
	if s == nil || s.Fields == nil && s.structs == nil {
		return Field{}, false, false
	}
	if s.Fields != nil {
		entry, there = s.Fields[name]
		return entry, there, true
	}
	for i, of := range s.structs {
		v, found, err := value.Field(of, name)
		if err != nil {
			v = nil
		}
		switch {
		case found && !there:
			entry = Field{Shape: Of(v), Maybe: i > 0}
		case found:
			entry.Shape = Join(entry.Shape, Of(v))
		default:
			entry.Maybe = true
		}
		there = there || found
	}
	return entry, there, true
}

// Keys are the names of the entries in order, for "did you mean"; of more than
// lang.Suggest looks at there are none.
func (s *Shape) Keys() []string {
	var names []string
	for _, of := range s.structs {
		names = append(names, value.FieldNames(of)...)
	}
	if len(s.Fields)+len(names) > lang.MaxCandidates {
		return nil
	}
	names = append(names, slices.Collect(maps.Keys(s.Fields))...)
	slices.Sort(names)
	return slices.Compact(names)
}

// OrNil is the shape of a value that may be nil as well.
func (s *Shape) OrNil() *Shape {
	if s == nil || s.Fields == nil && s.Item == nil && s.structs == nil {
		return nil
	}
	return &Shape{Fields: s.Fields, Item: s.Item, structs: s.structs}
}

// mostStructs is how many structs are looked at to know one of them.
const mostStructs = 100

// Join is what is known of a value that has one of two shapes.
func Join(a, b *Shape) *Shape {
	if a == nil || b == nil {
		return nil
	}
	joined := &Shape{Kind: joinedKind(a.Kind, b.Kind)}
	if joined.Kind == "" && a.Kind != "" && b.Kind != "" {
		return nil
	}
	if a.Item != nil && b.Item != nil {
		joined.Item = Join(a.Item, b.Item)
	}
	if a.Fields != nil && b.Fields != nil {
		joined.Fields = joinedFields(a.Fields, b.Fields)
	}
	if a.structs != nil && b.structs != nil && len(a.structs)+len(b.structs) <= mostStructs {
		joined.structs = slices.Concat(a.structs, b.structs)
	}
	if joined.Kind == "" && joined.Item == nil && joined.Fields == nil && joined.structs == nil {
		return nil
	}
	return joined
}

func joinedKind(a, b string) string {
	isNumber := func(kind string) bool { return kind == "int" || kind == "float" || kind == Number }
	switch {
	case a == b:
		return a
	case isNumber(a) && isNumber(b):
		return Number
	}
	return ""
}

func joinedFields(a, b map[string]Field) map[string]Field {
	fields := map[string]Field{}
	for name, in := range a {
		other, both := b[name]
		if both {
			fields[name] = Field{Join(in.Shape, other.Shape), in.Maybe || other.Maybe}
		} else {
			fields[name] = Field{in.Shape, true}
		}
	}
	for name, in := range b {
		if _, both := a[name]; !both {
			fields[name] = Field{in.Shape, true}
		}
	}
	return fields
}

// Step is one step of a path that is assigned to: a key, or any index.
type Step struct {
	Name  string
	Index bool
}

// Assigned is what is known of a value after an assignment of anything along a
// path into it, which need not have happened.
func (s *Shape) Assigned(path []Step) *Shape {
	switch {
	case s == nil || len(path) == 0:
		return nil
	case path[0].Index && s.Kind == "list":
		return &Shape{Kind: s.Kind, Item: s.Item.Assigned(path[1:])}
	case path[0].Index:
		return OfKind(s.Kind)
	case s.Fields == nil:
		return s
	}
	before, there := s.Fields[path[0].Name]
	if !there && len(path) > 1 {
		return s // it fails
	}
	changed := *s
	changed.Fields = maps.Clone(s.Fields)
	changed.Fields[path[0].Name] = Field{Shape: before.Shape.Assigned(path[1:]), Maybe: before.Maybe}
	return &changed
}

// AnyField is the shape of any entry of a map.
func (s *Shape) AnyField() *Shape {
	if s == nil {
		return nil
	}
	var joined *Shape
	first := true
	for _, field := range s.Fields {
		if first {
			joined, first = field.Shape, false
		} else {
			joined = Join(joined, field.Shape)
		}
	}
	return joined
}
