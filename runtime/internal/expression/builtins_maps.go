package expression

import (
	"maps"
	"slices"
	"unicode/utf8"

	"flowrun/runtime/value"
)

var mapBuiltins = map[string]builtin{
	"keys":      {"keys(map)", 1, 1, "list", keys, false},
	"values":    {"values(map)", 1, 1, "list", values, false},
	"toPairs":   {"toPairs(map)", 1, 1, "list", toPairs, false},
	"fromPairs": {"fromPairs(list)", 1, 1, "map", ofList("fromPairs", fromPairs), false},
	"get":       {"get(list or map, index or key)", 2, 2, "", get, true},
	"len":       {"len(text, list or map)", 1, 1, "int", length, true},
	"type":      {"type(value)", 1, 1, "string", func(m *Machine, arguments []any) (any, error) { return value.KindOf(arguments[0]), nil }, true},
}

// keyEffort is what it costs to bring one key of a map into order, in bytes.
const keyEffort = 2 << 10

// sortedEntries gives an argument that must be a map, with its keys in order.
func sortedEntries(m *Machine, name string, arguments []any) ([]string, map[string]any, error) {
	fields, err := entries(name, arguments, 0)
	if err == nil {
		err = m.spend(len(fields) * keyEffort)
	}
	if err != nil {
		return nil, nil, err
	}
	return slices.Sorted(maps.Keys(fields)), fields, nil
}

func keys(m *Machine, arguments []any) (any, error) {
	names, _, err := sortedEntries(m, "keys", arguments)
	if err != nil {
		return nil, err
	}
	list := make([]any, len(names))
	for i, name := range names {
		list[i] = name
	}
	return m.whole(list)
}

func values(m *Machine, arguments []any) (any, error) {
	names, fields, err := sortedEntries(m, "values", arguments)
	if err != nil {
		return nil, err
	}
	list := make([]any, len(names))
	for i, name := range names {
		list[i] = fields[name]
	}
	return list, m.list(len(list))
}

func toPairs(m *Machine, arguments []any) (any, error) {
	names, fields, err := sortedEntries(m, "toPairs", arguments)
	if err != nil {
		return nil, err
	}
	list := make([]any, len(names))
	for i, name := range names {
		list[i] = []any{name, fields[name]}
	}
	return m.whole(list)
}

func fromPairs(m *Machine, list []any) (any, error) {
	fields := make(map[string]any, len(list))
	for i, item := range list {
		pair, ok := item.([]any)
		if !ok || len(pair) != 2 {
			return nil, faultf("fromPairs needs pairs of a key and a value, and element %d is not one", i).of(1)
		}
		key, ok := pair[0].(string)
		if !ok {
			return nil, faultf("the key of pair %d is %s, want a string", i, value.Phrase(pair[0])).of(1)
		}
		fields[key] = pair[1]
	}
	return m.whole(fields)
}

// get is an index that gives nil for what is missing.
func get(m *Machine, arguments []any) (any, error) {
	return index(m, arguments[0], arguments[1], "", true)
}

func length(m *Machine, arguments []any) (any, error) {
	switch v := arguments[0].(type) {
	case string:
		return utf8.RuneCountInString(v), m.budget.SpendOn(v)
	case []any:
		return len(v), nil
	}
	if fields, ok := value.AsMap(arguments[0]); ok {
		return len(fields), nil
	}
	f := refuse(1, "len", "a string, a list or a map", arguments[0])
	if arguments[0] == nil {
		f.hint = "write `?? []` behind a list that may be missing"
	}
	return nil, f
}
