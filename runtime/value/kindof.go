package value

import (
	"reflect"
	"time"
)

// KindOf names the kind of a value as the language calls it: nil, bool, int,
// float, string, time, duration, list, map, html, secret; "struct" for a Go
// struct of the host and "range" for a Range.
func KindOf(v any) string {
	switch v := v.(type) {
	case nil:
		return "nil"
	case bool:
		return "bool"
	case int:
		return "int"
	case float64:
		return "float"
	case string, *Template:
		return "string"
	case time.Time:
		return "time"
	case time.Duration:
		return "duration"
	case []any:
		return "list"
	case map[string]any, *Record:
		return "map"
	case HTML:
		return "html"
	case *Secret:
		return "secret"
	case Range:
		return "range"
	default:
		if isStruct(reflect.TypeOf(v)) {
			return "struct"
		}
		return "unknown"
	}
}

// Phrase is the kind of a value with its article, for messages: "a string",
// "an int", "nil".
func Phrase(v any) string { return KindPhrase(KindOf(v)) }

// KindPhrase puts the article before the name of a kind.
func KindPhrase(kind string) string {
	switch kind {
	case "nil", "html":
		return kind
	case "int", "unknown":
		return "an " + kind
	}
	return "a " + kind
}

func isStruct(t reflect.Type) bool {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.Kind() == reflect.Struct
}
