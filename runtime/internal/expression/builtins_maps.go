package expression

import (
	"maps"
	"slices"
	"unicode/utf8"

	"flowrun/runtime/value"
)

var mapBuiltins = map[string]builtin{
	"keys":      {"keys(map)", 1, 1, "list", keys, nil},
	"values":    {"values(map)", 1, 1, "list", values, nil},
	"toPairs":   {"toPairs(map)", 1, 1, "list", toPairs, nil},
	"fromPairs": {"fromPairs(list)", 1, 1, "map", ofList("fromPairs", fromPairs), nil},
	"get":       {"get(list or map, index or key)", 2, 2, "", get, nil},
	"len":       {"len(text, list or map)", 1, 1, "int", length, nil},
	"type":      {"type(value)", 1, 1, "string", func(arguments []any) (any, error) { return value.KindOf(arguments[0]), nil }, nil},
}

// sortedEntries gives an argument that must be a map, with its keys in order.
func sortedEntries(name string, arguments []any) ([]string, map[string]any, error) {
	m, err := entries(name, arguments, 0)
	if err != nil {
		return nil, nil, err
	}
	return slices.Sorted(maps.Keys(m)), m, nil
}

func keys(arguments []any) (any, error) {
	names, _, err := sortedEntries("keys", arguments)
	list := make([]any, len(names))
	for i, name := range names {
		list[i] = name
	}
	return list, err
}

func values(arguments []any) (any, error) {
	names, m, err := sortedEntries("values", arguments)
	list := make([]any, len(names))
	for i, name := range names {
		list[i] = m[name]
	}
	return list, err
}

func toPairs(arguments []any) (any, error) {
	names, m, err := sortedEntries("toPairs", arguments)
	list := make([]any, len(names))
	for i, name := range names {
		list[i] = []any{name, m[name]}
	}
	return list, err
}

func fromPairs(list []any) (any, error) {
	m := make(map[string]any, len(list))
	for i, item := range list {
		pair, ok := item.([]any)
		if !ok || len(pair) != 2 {
			return nil, faultf("fromPairs needs pairs of a key and a value, and element %d is not one", i).of(1)
		}
		key, ok := pair[0].(string)
		if !ok {
			return nil, faultf("the key of pair %d is %s, want a string", i, value.Phrase(pair[0])).of(1)
		}
		m[key] = pair[1]
	}
	return m, nil
}

// get is an index that gives nil for what is missing.
func get(arguments []any) (any, error) {
	return index(arguments[0], arguments[1], "", true)
}

func length(arguments []any) (any, error) {
	switch v := arguments[0].(type) {
	case string:
		return utf8.RuneCountInString(v), nil
	case []any:
		return len(v), nil
	}
	if m, ok := value.AsMap(arguments[0]); ok {
		return len(m), nil
	}
	f := refuse(1, "len", "a string, a list or a map", arguments[0])
	if arguments[0] == nil {
		f.hint = "write `?? []` behind a list that may be missing"
	}
	return nil, f
}
