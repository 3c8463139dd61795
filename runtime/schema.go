package runtime

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"time"

	"flowrun/runtime/value"
)

// schema is what a settings struct says, in the order of its fields; NewComponent
// tells what a struct may have.
type schema struct {
	typ    reflect.Type
	fields []*field
	byKey  map[string]*field // aliases included
	open   bool              // every other key is a setting, too
}

// field is one setting of a schema.
type field struct {
	key      string
	alias    string
	doc      string
	fallback string
	required bool
	min, max *float64
	enum     []string
	index    []int
	typ      reflect.Type // without the pointer
	kind     fieldKind
	nested   *schema
	plain    plainDecoder // of kindPlain
	quick    bool         // putPlain may store it
}

type fieldKind uint8

const (
	kindPlain fieldKind = iota
	kindTemplate
	kindDecoder
	kindNested
	kindPassword
	kindOutput
	kindInput
	kindOpen // of an open component
)

// SettingDecoder is a settings type that reads its value itself. What it gets is
// a value of the flow in which string literals, also those in a list or behind
// `?:`, are *Template, so that it can tell literal from dynamic text. Its error
// becomes the error of the setting; secrets in it are still references.
type SettingDecoder interface {
	DecodeSetting(v any) error
}

// ItemChecker is a SettingDecoder that takes a map, or a list of maps, and can
// tell what is wrong with one item before the run, also when the others are not
// known yet. v is the item's value when known is true; its errors are as those of
// DecodeSetting.
type ItemChecker interface {
	SettingDecoder
	CheckItem(key string, v any, known bool) error
}

// Template is a text with its literal and dynamic parts apart.
type Template = value.Template

// Password is a setting that takes a secret: a string, secret("NAME"), or a
// template with secrets in it. It prints as `***`, and where fmt may not call its
// methods, as in an unexported field, as an address.
type Password struct{ text *string }

// Reveal gives the text.
func (p Password) Reveal() string {
	if p.text == nil {
		return ""
	}
	return *p.text
}

// String is "***", or "" when there is none.
func (p Password) String() string {
	if p.Reveal() == "" {
		return ""
	}
	return "***"
}

// GoString keeps %#v from showing the text.
func (p Password) GoString() string { return strconv.Quote(p.String()) }

// MarshalJSON writes what String gives.
func (p Password) MarshalJSON() ([]byte, error) { return []byte(strconv.Quote(p.String())), nil }

// OutputVariable is a setting that names a variable which the call declares and
// fills: nil at the start of each pass, a value when the call fails.
type OutputVariable struct{ Name string }

// InputVariable is a setting that names a variable declared elsewhere.
type InputVariable struct {
	Name  string
	Value any
}

var (
	templateType = reflect.TypeFor[Template]()
	passwordType = reflect.TypeFor[Password]()
	outputType   = reflect.TypeFor[OutputVariable]()
	inputType    = reflect.TypeFor[InputVariable]()
	durationType = reflect.TypeFor[time.Duration]()
	timeType     = reflect.TypeFor[time.Time]()
	anyType      = reflect.TypeFor[any]()
	decoderType  = reflect.TypeFor[SettingDecoder]()
)

// universalKeys are the settings that every call has.
var universalKeys = func() []string {
	var keys []string
	for _, setting := range UniversalSettings() {
		keys = append(keys, setting.Key)
	}
	return keys
}()

// schemas are those of the types that were asked for, which nobody changes.
var schemas sync.Map

// schemaOf gives the schema of a settings struct.
func schemaOf(t reflect.Type) (*schema, error) {
	if known, ok := schemas.Load(t); ok {
		return known.(*schema), nil
	}
	s, err := readSchema(t)
	if err == nil {
		schemas.Store(t, s)
	}
	return s, err
}

func readSchema(t reflect.Type) (*schema, error) {
	switch {
	case t.Kind() == reflect.Pointer && t.Elem().Kind() == reflect.Struct:
		return nil, fmt.Errorf("%s is a pointer: name the struct itself, %s, which NewComponent's function gets as a pointer and NewComponentFunc's by value", t, t.Elem())
	case t.Kind() != reflect.Struct:
		return nil, fmt.Errorf("%s is not a struct: write one with a field for each setting, or struct{} for none", t)
	}
	s := &schema{typ: t, byKey: map[string]*field{}}
	for _, structField := range reflect.VisibleFields(t) {
		tag, ok := structField.Tag.Lookup("flow")
		if !ok {
			continue
		}
		f, err := fieldOf(structField, tag)
		if err != nil {
			return nil, fmt.Errorf("field %s: %w", structField.Name, err)
		}
		for _, key := range []string{f.key, f.alias} {
			if key == "" {
				continue
			}
			if s.byKey[key] != nil {
				return nil, fmt.Errorf("field %s: key %q is taken", structField.Name, key)
			}
			s.byKey[key] = f
		}
		s.fields = append(s.fields, f)
	}
	return s, nil
}

func fieldOf(structField reflect.StructField, tag string) (*field, error) {
	key, options, _ := strings.Cut(tag, ",")
	f := &field{
		key:      key,
		alias:    structField.Tag.Get("alias"),
		doc:      structField.Tag.Get("doc"),
		fallback: structField.Tag.Get("default"),
		required: options == "required",
		index:    structField.Index,
		typ:      structField.Type,
	}
	if key == "" || (options != "" && options != "required") {
		return nil, fmt.Errorf("bad flow tag %q", tag)
	}
	for _, universal := range universalKeys {
		if key == universal {
			return nil, fmt.Errorf("%q is a universal setting", key)
		}
	}
	if enum := structField.Tag.Get("enum"); enum != "" {
		f.enum = strings.Split(enum, ",")
	}
	var err error
	if f.min, err = bound(structField, "min"); err != nil {
		return nil, err
	}
	if f.max, err = bound(structField, "max"); err != nil {
		return nil, err
	}
	if f.typ.Kind() == reflect.Pointer {
		f.typ = f.typ.Elem()
	}
	return f, f.classify()
}

func bound(structField reflect.StructField, name string) (*float64, error) {
	text, ok := structField.Tag.Lookup(name)
	if !ok {
		return nil, nil
	}
	number, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return nil, fmt.Errorf("bad %s tag: %w", name, err)
	}
	return &number, nil
}

func (f *field) classify() error {
	switch {
	case f.typ == templateType:
		f.kind = kindTemplate
	case f.typ == passwordType:
		f.kind = kindPassword
	case f.typ == outputType:
		f.kind = kindOutput
	case f.typ == inputType:
		f.kind = kindInput
	case reflect.PointerTo(f.typ).Implements(decoderType):
		f.kind = kindDecoder
	case plainTypes[f.typ] != "":
		f.kind, f.plain = kindPlain, plainDecoders[f.typ]
		if f.min == nil && f.max == nil && f.enum == nil {
			f.quick = quickTypes[f.typ]
		}
	case f.typ.Kind() == reflect.Struct:
		nested, err := schemaOf(f.typ)
		if err != nil {
			return err
		}
		f.kind, f.nested = kindNested, nested
	default:
		return fmt.Errorf("type %s cannot be a setting", f.typ)
	}
	return nil
}

// plainTypes are the field types that take a value as it is, with the words for
// what they take.
var plainTypes = map[reflect.Type]string{
	reflect.TypeFor[string]():         "a string",
	reflect.TypeFor[bool]():           "true or false",
	reflect.TypeFor[int]():            "an int",
	reflect.TypeFor[float64]():        "a number",
	durationType:                      "a duration",
	timeType:                          "a time",
	anyType:                           "any value",
	reflect.TypeFor[[]any]():          "a list",
	reflect.TypeFor[map[string]any](): "a map",
	reflect.TypeFor[[]string]():       "a list of strings",
	reflect.TypeFor[[]int]():          "a list of ints",
}

// keys lists the setting keys for "did you mean", without aliases.
func (s *schema) keys() []string {
	keys := make([]string, 0, len(s.fields))
	for _, f := range s.fields {
		keys = append(keys, f.key)
	}
	return keys
}
