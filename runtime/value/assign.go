package value

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// AssignmentError is an assignment along a path that cannot be done.
type AssignmentError struct {
	Message string
	Hint    string // what to write instead; may be empty
}

func (e *AssignmentError) Error() string { return e.Message }

// Assign gives root, the value of the variable called name, with v at the end of
// a path of map keys (string) and list indexes (int); root itself stays as it
// is, and nothing else that holds a part of it changes. The last key may be new
// in its map; everything before it must be there. Indexes count from 0 and must
// lie inside the list. What a host's struct holds cannot be assigned. The error
// is an *AssignmentError that says what was found where.
//
// growth is by how many bytes root grew, as Size counts them. That v is too
// large, or nests too deep where it is put, is a *LimitError.
func (b *Budget) Assign(name string, root any, path []any, v any) (changed any, growth int, err error) {
	a := &assignment{budget: b, name: name, path: path, v: v}
	m := measure{budget: b, left: b.bytes()}
	if err := m.add(v, len(path)); err != nil {
		return nil, 0, err
	}
	a.growth = b.bytes() - m.left
	changed, err = a.into(root, 0)
	return changed, a.growth, err
}

// assignment is what Assign is to do.
type assignment struct {
	budget *Budget
	name   string
	path   []any
	v      any
	growth int
}

// into assigns into the container that stands before the step with index at.
func (a *assignment) into(container any, at int) (any, error) {
	if at == len(a.path) {
		return a.v, a.replace(container)
	}
	if err := a.budget.SpendOn(container); err != nil {
		return nil, err
	}
	if list, ok := container.([]any); ok {
		return a.item(list, at)
	}
	fields, ok := AsMap(container)
	if !ok {
		return nil, a.noContainer(container, at)
	}
	key, ok := a.path[at].(string)
	if !ok {
		return nil, a.failed(at+1, "", "the keys of a map are strings, not %s", Phrase(a.path[at]))
	}
	inner, found := fields[key]
	if !found && at < len(a.path)-1 {
		empty := "{}"
		if _, isIndex := a.path[at+1].(int); isIndex {
			empty = "[…]"
		}
		hint := fmt.Sprintf("assign `%s = %s` first", a.text(at+1), empty)
		near, err := a.budget.Suggest(key, container)
		if err != nil {
			return nil, err
		}
		if near != "" {
			hint = fmt.Sprintf("did you mean %q?", near)
		}
		return nil, a.failed(len(a.path), hint, "there is no %s", a.text(at+1))
	}
	if record, ok := container.(*Record); ok {
		a.growth -= textSize + len(record.Text) // what is assigned to is a map
	}
	if !found {
		a.growth += entrySize + len(key) + PlainSize // for the nil that v replaces
	}
	inner, err := a.into(inner, at+1)
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

// replace takes away what the value at the end of the path counted.
func (a *assignment) replace(old any) error {
	size, err := a.budget.Size(old)
	a.growth -= size
	return err
}

func (a *assignment) item(list []any, at int) (any, error) {
	index, ok := a.path[at].(int)
	if !ok {
		return nil, a.failed(at+1, "", "the index of a list is an int, not %s", Phrase(a.path[at]))
	}
	if index < 0 || index >= len(list) {
		return nil, a.failed(at+1, "concat(list, [element]) appends", "%s", bounds(len(list)))
	}
	inner, err := a.into(list[index], at+1)
	if err != nil {
		return nil, err
	}
	changed := slices.Clone(list)
	changed[index] = inner
	return changed, nil
}

func (a *assignment) noContainer(container any, at int) error {
	what := Phrase(container)
	if KindOf(container) == "struct" {
		what = "a struct of the host, which a flow cannot change"
	}
	return a.failed(at+1, "", "%s is %s", a.text(at), what)
}

// failed makes the error of an assignment to the first steps of the path.
func (a *assignment) failed(steps int, hint, format string, args ...any) error {
	return &AssignmentError{
		Message: fmt.Sprintf("%s cannot be assigned: %s", a.text(steps), fmt.Sprintf(format, args...)),
		Hint:    hint,
	}
}

// text writes the variable and the first steps of the path as a flow does.
func (a *assignment) text(steps int) string {
	return pathText(append([]any{a.name}, a.path[:steps]...))
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

// stepText writes a map's key as a step of a path, a long one shortened.
func stepText(key string) string {
	key = shorten(key)
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
