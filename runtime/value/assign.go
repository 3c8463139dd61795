package value

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"flowrun/lang"
)

// Assign gives root with v at the end of a path of map keys (string) and list
// indexes (int); root itself stays as it is, and nothing else that holds a part
// of it changes. The last key may be new in its map; everything before it must
// be there. Indexes count from 0 and must lie inside the list. What a host's
// struct holds cannot be assigned. An error says what was found where.
func Assign(root any, path []any, v any) (any, error) {
	return assign(root, path, 0, v)
}

func assign(container any, path []any, at int, v any) (any, error) {
	if at == len(path) {
		return v, nil
	}
	if list, ok := container.([]any); ok {
		return assignItem(list, path, at, v)
	}
	fields, ok := AsMap(container)
	if !ok {
		return nil, cannotAssign(path, at, container)
	}
	key, ok := path[at].(string)
	if !ok {
		return nil, fmt.Errorf("%s cannot be assigned: the keys of a map are strings, not %s", pathText(path[:at+1]), Phrase(path[at]))
	}
	inner, found := fields[key]
	if !found && at < len(path)-1 {
		return nil, missing(fields, path, at, key)
	}
	inner, err := assign(inner, path, at+1, v)
	if err != nil {
		return nil, err
	}
	changed := maps.Clone(fields)
	if changed == nil {
		changed = map[string]any{}
	}
	changed[key] = inner
	return changed, nil
}

func assignItem(list []any, path []any, at int, v any) (any, error) {
	index, ok := path[at].(int)
	if !ok {
		return nil, fmt.Errorf("%s cannot be assigned: the index of a list is an int, not %s", pathText(path[:at+1]), Phrase(path[at]))
	}
	if index < 0 || index >= len(list) {
		return nil, fmt.Errorf("%s cannot be assigned: %s", pathText(path[:at+1]), bounds(len(list)))
	}
	inner, err := assign(list[index], path, at+1, v)
	if err != nil {
		return nil, err
	}
	changed := slices.Clone(list)
	changed[index] = inner
	return changed, nil
}

func bounds(length int) string {
	switch length {
	case 0:
		return "the list is empty"
	case 1:
		return "the list has 1 element, with index 0"
	}
	return fmt.Sprintf("the list has %d elements, with indexes 0 to %d", length, length-1)
}

func cannotAssign(path []any, at int, container any) error {
	where := "the variable"
	if at > 0 {
		where = pathText(path[:at])
	}
	what := Phrase(container)
	if KindOf(container) == "struct" {
		what = "a struct of the host, which a flow cannot change"
	}
	return fmt.Errorf("%s cannot be assigned: %s is %s", pathText(path[:at+1]), where, what)
}

func missing(fields map[string]any, path []any, at int, key string) error {
	hint := fmt.Sprintf("assign %s = {} first", pathText(path[:at+1]))
	if near := lang.Suggest(key, slices.Sorted(maps.Keys(fields))); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	return fmt.Errorf("%s cannot be assigned: there is no %q (%s)", pathText(path), key, hint)
}

// pathText writes a path as a flow does: `a.b["odd key"][0]`.
func pathText(path []any) string {
	var b strings.Builder
	for _, step := range path {
		switch step := step.(type) {
		case string:
			text := stepText(step)
			if b.Len() > 0 && !strings.HasPrefix(text, "[") {
				b.WriteByte('.')
			}
			b.WriteString(text)
		case int:
			fmt.Fprintf(&b, "[%d]", step)
		default:
			b.WriteString("[…]")
		}
	}
	return b.String()
}

// stepText writes a map's key as a step of a path.
func stepText(key string) string {
	for i, r := range key {
		if r != '_' && !unicode.IsLetter(r) && (i == 0 || !unicode.IsDigit(r)) {
			return "[" + strconv.Quote(key) + "]"
		}
	}
	if key == "" {
		return `[""]`
	}
	return key
}
