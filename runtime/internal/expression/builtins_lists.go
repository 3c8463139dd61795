package expression

import (
	"slices"

	"flowrun/runtime/value"
)

var listBuiltins = map[string]builtin{
	"first":   {"first(list)", 1, 1, "", end("first", func(list []any) any { return list[0] }), true},
	"last":    {"last(list)", 1, 1, "", end("last", func(list []any) any { return list[len(list)-1] }), true},
	"take":    {"take(list, count)", 2, 2, "list", take, true},
	"reverse": {"reverse(list)", 1, 1, "list", ofList("reverse", reverse), false},
	"uniq":    {"uniq(list)", 1, 1, "list", uniq, true},
	"concat":  {"concat(lists)", 1, -1, "list", concat, true},
	"flatten": {"flatten(list)", 1, 1, "list", ofList("flatten", flatten), true},
	"sort":    {`sort(list, "asc" or "desc")`, 1, 2, "list", sortList, false},
	"count":   {"count(list)", 1, 1, "int", ofList("count", countTrue), false},
}

// end gives the first or last element, nil of an empty list or of nil.
func end(name string, get func([]any) any) operation {
	return func(m *Machine, arguments []any) (any, error) {
		if arguments[0] == nil {
			return nil, nil
		}
		list, err := elements(name, arguments, 0)
		if err != nil || len(list) == 0 {
			return nil, err
		}
		return get(list), nil
	}
}

func take(m *Machine, arguments []any) (any, error) {
	list, err := elements("take", arguments, 0)
	if err != nil {
		return nil, err
	}
	n, err := integer("take", arguments, 1)
	if err != nil {
		return nil, err
	}
	if n < 0 {
		return nil, faultf("take cannot take %d elements", n).of(2)
	}
	n = min(n, len(list))
	return list[:n:n], nil
}

func reverse(m *Machine, list []any) (any, error) {
	reversed := slices.Clone(list)
	slices.Reverse(reversed)
	return reversed, m.list(len(list))
}

// uniq keeps the first of equal elements. Comparing each with all others counts
// steps.
func uniq(m *Machine, arguments []any) (any, error) {
	list, err := elements("uniq", arguments, 0)
	if err != nil {
		return nil, err
	}
	if err := m.spend(len(list) * uniqEffort); err != nil {
		return nil, err
	}
	kept := []any{}
	var others []any // those that a map cannot find
	seen := map[any]bool{}
	for _, item := range list {
		if key, ok := simpleKey(item); ok {
			if err := m.budget.SpendOn(key); err != nil {
				return nil, err
			}
			if !seen[key] {
				seen[key] = true
				kept = append(kept, item)
			}
			continue
		}
		if err := m.count(1 + len(others)); err != nil {
			return nil, err
		}
		found, err := in(m, item, others)
		if err != nil {
			return nil, err
		}
		if found == false {
			others = append(others, item)
			kept = append(kept, item)
		}
	}
	return kept, nil
}

// simpleKey gives what equal strings, bools and ints have in common; floats that
// are whole have it in common with ints.
func simpleKey(v any) (any, bool) {
	switch v := v.(type) {
	case string, bool, int:
		return v, true
	case float64:
		if v >= -1<<63 && v < 1<<63 && v == float64(int(v)) {
			return int(v), true
		}
		return v, true
	}
	return nil, false
}

func concat(m *Machine, arguments []any) (any, error) {
	size := 0
	for i := range arguments {
		list, err := elements("concat", arguments, i)
		if err != nil {
			return nil, err
		}
		size += len(list)
	}
	if err := m.list(size); err != nil {
		return nil, err
	}
	joined := make([]any, 0, size)
	for _, list := range arguments {
		joined = append(joined, list.([]any)...)
	}
	return m.joined(joined, arguments)
}

// joined measures a list that was joined of others: it nests as they do.
func (m *Machine) joined(list []any, parts []any) (any, error) {
	if len(list) < longList {
		return m.whole(list)
	}
	empty, err := m.Size([]any{})
	if err != nil {
		return nil, err
	}
	size := empty
	for _, part := range parts {
		s, err := m.Size(part)
		if err != nil {
			return nil, err
		}
		size += s - empty
	}
	if err := m.budget.CheckSize(size); err != nil {
		return nil, err
	}
	m.known.remember(list, size)
	return list, m.made(len(list) * value.PlainSize)
}

func flatten(m *Machine, list []any) (any, error) {
	flat := []any{}
	var visit func(list []any) error
	visit = func(list []any) error {
		if err := m.spend(len(list) * flattenEffort); err != nil {
			return err
		}
		for _, item := range list {
			if inner, ok := item.([]any); ok {
				if err := visit(inner); err != nil {
					return err
				}
				continue
			}
			flat = append(flat, item)
		}
		return nil
	}
	err := visit(list)
	if err != nil {
		return nil, err
	}
	return flat, m.list(len(flat))
}

func sortList(m *Machine, arguments []any) (any, error) {
	list, err := elements("sort", arguments, 0)
	if err != nil {
		return nil, err
	}
	descending, err := sortOrder("sort", arguments, 1)
	if err != nil {
		return nil, err
	}
	if err := m.list(len(list)); err != nil {
		return nil, err
	}
	sorted := slices.Clone(list)
	err = sortValues(m, "sort", sorted, descending, func(v any) any { return v })
	return sorted, err
}

func sortOrder(name string, arguments []any, i int) (descending bool, err error) {
	order, err := textOr(name, arguments, i, "asc")
	if err != nil {
		return false, err
	}
	if order != "asc" && order != "desc" {
		return false, faultf(`the order of %s is %q, want "asc" or "desc"`, name, shorten(order)).of(i + 1)
	}
	return order == "desc", nil
}

// What it costs to find out whether an element came before, to compare two elements or to copy one, in bytes.
const (
	uniqEffort       = 2048
	comparisonEffort = 320
	flattenEffort    = 512
)

// sortValues sorts by keys; equal ones keep their order.
func sortValues(m *Machine, name string, list []any, descending bool, key func(any) any) error {
	var fault error
	slices.SortStableFunc(list, func(a, b any) int {
		if fault != nil {
			return 0
		}
		if fault = m.spend(comparisonEffort); fault != nil {
			return 0
		}
		c, err := value.Compare(key(a), key(b))
		if err != nil {
			fault = faultf("%s: %v", name, err).of(1)
		}
		if descending {
			return -c
		}
		return c
	})
	return fault
}

func countTrue(m *Machine, list []any) (any, error) {
	count := 0
	for i, item := range list {
		b, ok := item.(bool)
		if !ok {
			return nil, faultf("count without a condition needs a list of bools, and element %d is %s", i, value.Phrase(item)).of(1).
				advise("len(list) is the number of elements")
		}
		if b {
			count++
		}
	}
	return count, nil
}
