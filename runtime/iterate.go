package runtime

import (
	"fmt"
	"maps"
	"slices"

	"flowrun/runtime/internal/expression"
	"flowrun/runtime/value"
)

// rounds goes through the collection of a `for`, taken once: what the loop's
// body assigns does not change it.
type rounds struct {
	list   []any
	keys   []string // of a map
	fields map[string]any
	next   int
	bounds value.Range
	ranged bool
}

// roundsOf prepares a collection; its error says what cannot be looped over,
// with a hint.
func roundsOf(collection any) (r rounds, hint string, err error) {
	switch c := collection.(type) {
	case []any:
		return rounds{list: c}, "", nil
	case value.Range:
		return rounds{bounds: c, next: c.From, ranged: true}, "", nil
	case nil:
		hint = "write `?? []` for a list that may be missing"
	case string:
		hint = `split(text, "") gives the characters, split(text, "\n") the lines`
	case int, float64:
		hint = "write a range: `for i in 1..n`"
	default:
		if fields, ok := value.AsMap(c); ok {
			return rounds{fields: fields, keys: slices.Sorted(maps.Keys(fields))}, "", nil
		}
	}
	return r, hint, fmt.Errorf("cannot loop over %s, want a list, a map or a range", value.Phrase(collection))
}

// number is advance for a range of which only the numbers are wanted.
func (r *rounds) number() (i int, more bool) {
	i = r.next
	if i > r.bounds.To || i < r.bounds.From {
		return 0, false
	}
	r.next++
	return i, true
}

// advance gives the next index and item, or key and value.
func (r *rounds) advance() (key, item expression.Cell, more bool) {
	i := r.next
	switch {
	case r.ranged:
		if i > r.bounds.To || i < r.bounds.From {
			return key, item, false
		}
		key, item = expression.IntCell(i-r.bounds.From), expression.IntCell(i)
	case r.fields != nil:
		if i >= len(r.keys) {
			return key, item, false
		}
		key, item = expression.CellOf(r.keys[i]), expression.CellOf(r.fields[r.keys[i]])
	default:
		if i >= len(r.list) {
			return key, item, false
		}
		key, item = expression.IntCell(i), expression.CellOf(r.list[i])
	}
	r.next++
	return key, item, true
}

// single is what a `for` with one name gets: a map's key, else the item.
func (r *rounds) single(key, item expression.Cell) expression.Cell {
	if r.fields != nil {
		return key
	}
	return item
}
