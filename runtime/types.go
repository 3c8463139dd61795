package runtime

import (
	"time"

	"flowrun/runtime/value"
)

// valueType is the type of an input or a parameter as the language names it.
type valueType string

const typeAny valueType = "any"

// accepts reports whether a value fits; a whole float fits an int.
func (t valueType) accepts(v any) bool {
	switch t {
	case "string":
		_, ok := v.(string)
		return ok
	case "int":
		_, ok := asInt(v)
		return ok
	case "number":
		_, ok := asFloat(v)
		return ok
	case "bool":
		_, ok := v.(bool)
		return ok
	case "list":
		_, ok := v.([]any)
		return ok
	case "map":
		_, ok := value.AsMap(v)
		return ok || value.KindOf(v) == "struct"
	case "time":
		_, ok := v.(time.Time)
		return ok
	case "duration":
		_, ok := v.(time.Duration)
		return ok
	}
	return true
}

// fit gives the value as the type has it: a whole float as an int.
func (t valueType) fit(v any) any {
	if t == "int" {
		if i, ok := asInt(v); ok {
			return i
		}
	}
	return v
}

// words says what the type takes.
func (t valueType) words() string {
	switch t {
	case "number":
		return "an int or a float"
	case typeAny:
		return "any value"
	}
	return value.KindPhrase(string(t))
}
