package runtime

import (
	"fmt"
	"reflect"
	"slices"
	"time"

	"flowrun/runtime/internal/expression"
	"flowrun/runtime/value"
)

// decodeCell is decode for what is in a Cell. Most settings are numbers and strings
// that any number and any string will do for.
func (f *field) decodeCell(target reflect.Value, c expression.Cell, resolve secrets) error {
	if f.quick {
		if _, done := putPlain(target.Addr().Interface(), &c); done {
			return nil
		}
	}
	return f.decode(target, c.Value(), resolve)
}

// in gives the field of a settings struct, to which settings is a pointer.
func (f *field) in(settings any) reflect.Value {
	fields := reflect.ValueOf(settings).Elem()
	if len(f.index) == 1 {
		return fields.Field(f.index[0])
	}
	return fields.FieldByIndex(f.index)
}

// target is a pointer to the field of a settings struct for putPlain, or nil.
func (f *field) target(settings any) any {
	if !f.quick {
		return nil
	}
	return f.in(settings).Addr().Interface()
}

// putPlain stores what is in a Cell when that needs no further look, and gives its size.
func putPlain(target any, c *expression.Cell) (size int, done bool) {
	switch target := target.(type) {
	case *string:
		text, ok := c.Text()
		if ok {
			*target = text
		}
		return value.SizeOfText(len(text)), ok
	case *int:
		n, ok := c.Int()
		if ok {
			*target = n
		}
		return value.PlainSize, ok
	case *bool:
		b, ok := c.Bool()
		if ok {
			*target = b
		}
		return value.PlainSize, ok
	case *float64:
		x, ok := c.Number()
		if ok {
			*target = x
		}
		return value.PlainSize, ok
	}
	return 0, false
}

// quickTypes are those that putPlain stores.
var quickTypes = map[reflect.Type]bool{
	reflect.TypeFor[string](): true, reflect.TypeFor[bool](): true, reflect.TypeFor[int](): true, reflect.TypeFor[float64](): true,
}

// plainDecoder stores a value into a field of the struct.
type plainDecoder func(f *field, target reflect.Value, v any) error

// plainDecoders are those of each type that takes a value as it is.
var plainDecoders = map[reflect.Type]plainDecoder{
	reflect.TypeFor[string]():         (*field).decodeString,
	reflect.TypeFor[bool]():           (*field).decodeBool,
	reflect.TypeFor[int]():            (*field).decodeInt,
	reflect.TypeFor[float64]():        (*field).decodeFloat,
	durationType:                      (*field).decodeDuration,
	timeType:                          (*field).decodeTime,
	anyType:                           (*field).decodeAny,
	reflect.TypeFor[map[string]any](): (*field).decodeMap,
	reflect.TypeFor[[]any]():          (*field).decodeList,
	reflect.TypeFor[[]string]():       (*field).decodeList,
	reflect.TypeFor[[]int]():          (*field).decodeList,
}

func (f *field) decodePlain(target reflect.Value, v any) error {
	v, err := value.Plain(v)
	if err != nil {
		return &settingError{message: fmt.Sprintf("%s: %v", f.key, err), cause: err}
	}
	return f.plain(f, target, v)
}

// wrong is the error of a value of another kind.
func (f *field) wrong(v any, hint string) error {
	return settingErrorf(hint, "%s is %s, want %s", f.key, described(v), plainTypes[f.typ])
}

func (f *field) decodeAny(target reflect.Value, v any) error {
	v = value.Clone(v)
	target.Set(reflect.ValueOf(&v).Elem())
	return nil
}

func (f *field) decodeDuration(target reflect.Value, v any) error {
	d, hint, ok := asDuration(v)
	if !ok {
		return f.wrong(v, hint)
	}
	target.SetInt(int64(d))
	return f.inRange(d.Seconds())
}

func (f *field) decodeTime(target reflect.Value, v any) error {
	t, ok := v.(time.Time)
	if !ok {
		return f.wrong(v, "")
	}
	target.Set(reflect.ValueOf(t))
	return nil
}

func (f *field) decodeString(target reflect.Value, v any) error {
	s, ok := v.(string)
	if !ok {
		return f.wrong(v, "")
	}
	if f.enum != nil && !slices.Contains(f.enum, s) {
		return settingErrorf(didYouMean(s, f.enum), "%s is %s, want %s", f.key, described(s), quotedList(f.enum))
	}
	target.SetString(s)
	return nil
}

func (f *field) decodeBool(target reflect.Value, v any) error {
	b, ok := v.(bool)
	if !ok {
		return f.wrong(v, "")
	}
	target.SetBool(b)
	return nil
}

func (f *field) decodeInt(target reflect.Value, v any) error {
	i, ok := asInt(v)
	if !ok {
		return f.wrong(v, "")
	}
	target.SetInt(int64(i))
	return f.inRange(float64(i))
}

func (f *field) decodeFloat(target reflect.Value, v any) error {
	number, ok := asFloat(v)
	if !ok {
		return f.wrong(v, "")
	}
	target.SetFloat(number)
	return f.inRange(number)
}

func (f *field) decodeMap(target reflect.Value, v any) error {
	m, ok := value.AsMap(v)
	if !ok {
		return f.wrong(v, "")
	}
	target.Set(reflect.ValueOf(value.Clone(m)))
	return nil
}

func (f *field) decodeList(target reflect.Value, v any) error {
	list, ok := v.([]any)
	if !ok {
		return f.wrong(v, "")
	}
	if f.typ.Elem() == anyType {
		target.Set(reflect.ValueOf(value.Clone(list)))
		return nil
	}
	out := reflect.MakeSlice(f.typ, len(list), len(list))
	for i, item := range list {
		switch f.typ.Elem().Kind() {
		case reflect.String:
			s, ok := item.(string)
			if !ok {
				return settingErrorf("", "%s[%d] is %s, want a string", f.key, i, value.Phrase(item))
			}
			out.Index(i).SetString(s)
		case reflect.Int:
			number, ok := asInt(item)
			if !ok {
				return settingErrorf("", "%s[%d] is %s, want an int", f.key, i, value.Phrase(item))
			}
			out.Index(i).SetInt(int64(number))
		}
	}
	target.Set(out)
	return nil
}

func (f *field) inRange(number float64) error {
	switch {
	case f.min != nil && f.max != nil && (number < *f.min || number > *f.max):
		return settingErrorf("", "%s is %v, want %v to %v", f.key, number, *f.min, *f.max)
	case f.min != nil && number < *f.min:
		return settingErrorf("", "%s is %v, want %v or more", f.key, number, *f.min)
	case f.max != nil && number > *f.max:
		return settingErrorf("", "%s is %v, want %v or less", f.key, number, *f.max)
	}
	return nil
}
