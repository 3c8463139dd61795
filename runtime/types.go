package runtime

import (
	"time"

	"flowrun/runtime/value"
)

// valueType is the type of an input or a parameter as the language names it.
type valueType string

const typeAny valueType = "any"

// accepts reports whether take would take the value.
func (t valueType) accepts(v any) bool {
	_, ok := t.take(v)
	return ok
}

// take gives a value as the type has it: a whole float as an int, a string like
// "1h30m" as a duration, every other value as it is when it is of the type.
func (t valueType) take(v any) (taken any, ok bool) {
	switch t {
	case "string":
		_, ok = v.(string)
	case "int":
		return asInt(v)
	case "number":
		_, ok = asFloat(v)
	case "bool":
		_, ok = v.(bool)
	case "list":
		_, ok = v.([]any)
	case "map":
		_, ok = value.AsMap(v)
		ok = ok || value.KindOf(v) == "struct"
	case "time":
		_, ok = v.(time.Time)
	case "duration":
		d, _, ok := asDuration(v)
		return d, ok
	default:
		ok = true
	}
	return v, ok
}

// words says what the type takes.
func (t valueType) words() string {
	switch t {
	case "number":
		return "an int or a float"
	case "duration":
		return `a duration like "1h30m"`
	case typeAny:
		return "any value"
	}
	return value.KindPhrase(string(t))
}
