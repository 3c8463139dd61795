package value

import (
	"maps"
	"slices"
)

// Difference is the first place at which two values differ, and what stands there.
type Difference struct {
	// Place is written as a flow does, such as `[17].name`; "" is the values
	// themselves.
	Place       string
	Left, Right any
	// NoLeft and NoRight tell that nothing stands there.
	NoLeft, NoRight bool
}

// Difference compares as Equal does, and looks into lists and maps for the first place,
// by index and in the order of keys; it is nil when there is none.
func (w *Budget) Difference(a, b any) (*Difference, error) {
	path, d, err := w.difference(a, b, 0)
	if d != nil {
		slices.Reverse(path)
		d.Place = pathText(path)
	}
	return d, err
}

// difference gives the path from its end.
func (w *Budget) difference(a, b any, depth int) (path []any, d *Difference, err error) {
	if left, ok := a.([]any); ok {
		if right, both := b.([]any); both && depth <= w.depth() {
			return w.differentLists(left, right, depth)
		}
	}
	if left, ok := AsMap(a); ok {
		if right, both := AsMap(b); both && depth <= w.depth() {
			return w.differentMaps(left, right, depth)
		}
	}
	if same, err := w.equal(a, b, depth); same || err != nil {
		return nil, nil, err
	}
	return nil, &Difference{Left: a, Right: b}, nil
}

func (w *Budget) differentLists(a, b []any, depth int) ([]any, *Difference, error) {
	both := min(len(a), len(b))
	if err := w.spend(both * ElementEffort); err != nil {
		return nil, nil, err
	}
	for i := range both {
		if path, d, err := w.difference(a[i], b[i], depth+1); d != nil || err != nil {
			return append(path, i), d, err
		}
	}
	switch {
	case len(a) > both:
		return []any{both}, &Difference{Left: a[both], NoRight: true}, nil
	case len(b) > both:
		return []any{both}, &Difference{Right: b[both], NoLeft: true}, nil
	}
	return nil, nil, nil
}

func (w *Budget) differentMaps(a, b map[string]any, depth int) ([]any, *Difference, error) {
	if err := w.spend((len(a) + len(b)) * entryEffort); err != nil {
		return nil, nil, err
	}
	keys := slices.AppendSeq(slices.Collect(maps.Keys(a)), maps.Keys(b))
	slices.Sort(keys)
	for _, key := range slices.Compact(keys) {
		left, inLeft := a[key]
		right, inRight := b[key]
		if !inLeft || !inRight {
			return []any{key}, &Difference{Left: left, Right: right, NoLeft: !inLeft, NoRight: !inRight}, nil
		}
		if path, d, err := w.difference(left, right, depth+1); d != nil || err != nil {
			return append(path, key), d, err
		}
	}
	return nil, nil, nil
}
