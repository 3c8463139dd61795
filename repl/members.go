package repl

import (
	"slices"
	"strconv"
	"strings"

	"flowrun/lang"
	"flowrun/reference"
	"flowrun/runtime/value"
)

// members are the keys of the map that stands before the dot.
func (r *REPL) members(c *cursor) []Candidate {
	name, steps := c.path()
	if name == "" {
		return nil
	}
	v, known := r.session.Variable(name)
	if !known || !v.HasValue {
		return nil
	}
	at := v.Value
	for _, step := range steps {
		at = step(at)
	}
	fields, _ := value.AsMap(at)
	var candidates []Candidate
	for key, item := range fields {
		if lang.IsName(key) {
			candidates = append(candidates, Candidate{key, value.Glance(item)})
		}
	}
	return candidates
}

// step leads from a value into it; to nil where there is nothing.
type step func(any) any

func field(key string) step {
	return func(at any) any {
		fields, _ := value.AsMap(at)
		return fields[key]
	}
}

func item(i int) step {
	return func(at any) any {
		items, _ := at.([]any)
		if i >= len(items) {
			return nil
		}
		return items[i]
	}
}

// path reads the variable before the dot, and the keys and indexes behind it, as in
// `order.items[0].`. The name is "" where something else stands there.
func (c *cursor) path() (name string, steps []step) {
	for i := len(c.before) - 2; i >= 0; {
		switch {
		case isWord(c.before[i].Kind):
			if i == 0 || c.textOf(i-1) != "." && c.textOf(i-1) != "?." {
				slices.Reverse(steps)
				return c.textOf(i), steps
			}
			steps = append(steps, field(c.textOf(i)))
			i -= 2
		case i >= 3 && c.textOf(i) == "]" && c.textOf(i-2) == "[":
			inside := c.index(i - 1)
			if inside == nil {
				return "", nil
			}
			steps = append(steps, inside)
			i -= 3
		default:
			return "", nil
		}
	}
	return "", nil
}

// index is the step of a number or a plain string in brackets; nil for another token.
func (c *cursor) index(i int) step {
	text := c.textOf(i)
	switch c.before[i].Kind {
	case lang.NumberToken:
		if at, err := strconv.Atoi(text); err == nil {
			return item(at)
		}
	case lang.TextToken:
		key, quoted := strings.CutPrefix(text, `"`)
		key, closed := strings.CutSuffix(key, `"`)
		if quoted && closed && !strings.ContainsAny(key, `"\`) {
			return field(key)
		}
	}
	return nil
}

// documented are the names that :doc takes: what can be called, and behind the dot of
// a component its settings.
func (r *REPL) documented(begin string) []Candidate {
	var candidates []Candidate
	for _, name := range r.callableNames() {
		candidates = append(candidates, Candidate{Text: name})
	}
	if strings.Contains(begin, ".") {
		for _, name := range reference.Names(r.engine.Components(), begin) {
			candidates = append(candidates, Candidate{name.Text, name.Doc})
		}
	}
	return candidates
}
