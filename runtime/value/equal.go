package value

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"
)

// Equal compares two values: int and float as numbers and exactly, lists and
// maps by their content, times as instants; values of different kinds are
// unequal. To compare html or a secret is an error, also inside lists of the same
// length and maps of the same size, whatever else differs in them.
func Equal(a, b any) (bool, error) { return standard.Equal(a, b) }

// Equal is the function Equal, telling the budget of its work.
func (w *Budget) Equal(a, b any) (bool, error) { return w.equal(a, b, 0) }

func (w *Budget) equal(a, b any, depth int) (bool, error) {
	if depth > w.depth() {
		return false, fmt.Errorf("cannot compare: %w", w.tooDeep("the value"))
	}
	if kind := opaque(a, b); kind != "" {
		return false, &opaqueError{kind}
	}
	switch a := a.(type) {
	case nil:
		return b == nil, nil
	case bool:
		b, ok := b.(bool)
		return ok && a == b, nil
	case string:
		b, ok := b.(string)
		if !ok || len(a) != len(b) {
			return false, nil
		}
		return a == b, w.spend(len(a))
	case int:
		switch b := b.(type) {
		case int:
			return a == b, nil
		case float64:
			return compareMixed(a, b) == 0, nil
		}
		return false, nil
	case float64:
		switch b := b.(type) {
		case int:
			return compareMixed(b, a) == 0, nil
		case float64:
			return a == b, nil
		}
		return false, nil
	case time.Time:
		b, ok := b.(time.Time)
		return ok && a.Equal(b), nil
	case time.Duration:
		b, ok := b.(time.Duration)
		return ok && a == b, nil
	case []any:
		b, ok := b.([]any)
		if !ok || len(a) != len(b) {
			return false, nil
		}
		return w.equalLists(a, b, depth)
	case map[string]any, *Record:
		b, ok := AsMap(b)
		if !ok {
			return false, nil
		}
		m, _ := AsMap(a)
		return w.equalMaps(m, b, depth)
	}
	if KindOf(a) != "struct" || KindOf(b) != "struct" || goTypeOf(a) != goTypeOf(b) {
		return false, nil
	}
	return w.equalStructs(a, b, depth)
}

// equalStructs compares structs of one type by the fields that a flow can read.
func (w *Budget) equalStructs(a, b any, depth int) (bool, error) {
	names := FieldNames(a)
	if len(names) == 0 {
		left, right := captured(a), captured(b)
		return left.text == right.text && left.hasText == right.hasText, nil
	}
	same := true
	for _, name := range names {
		left, err := w.readable(a, name)
		if err != nil {
			return false, err
		}
		right, err := w.readable(b, name)
		if err != nil {
			return false, err
		}
		alike, err := w.equal(left, right, depth+1)
		if err != nil {
			return false, err
		}
		same = same && alike
	}
	return same, nil
}

// readable is a field of a struct, or the words why it is no value.
func (w *Budget) readable(v any, name string) (any, error) {
	field, _, err := w.Field(v, name)
	var unfit *misfit
	if errors.As(err, &unfit) && unfit.limit == nil {
		return unfit.Error(), nil
	}
	return field, err
}

// opaqueError is a comparison of what cannot be compared.
type opaqueError struct{ kind string }

func (e *opaqueError) Error() string { return KindPhrase(e.kind) + " cannot be compared" }

func (w *Budget) equalLists(a, b []any, depth int) (bool, error) {
	if err := w.spend(len(a) * ElementEffort); err != nil {
		return false, err
	}
	same := true
	for i := range a {
		alike, err := w.equal(a[i], b[i], depth+1)
		if err != nil {
			return false, err
		}
		same = same && alike
	}
	return same, nil
}

func (w *Budget) equalMaps(a, b map[string]any, depth int) (bool, error) {
	if len(a) != len(b) {
		return false, nil
	}
	if err := w.spend(len(a) * entryEffort); err != nil {
		return false, err
	}
	same := true
	var fault error
	at := "" // the first key with a fault, so that the order of a map does not matter
	for key, item := range a {
		other, ok := b[key]
		if !ok {
			same = false
			continue
		}
		alike, err := w.equal(item, other, depth+1)
		var incomparable *opaqueError
		if err != nil && !errors.As(err, &incomparable) {
			return false, err
		}
		if err != nil && (fault == nil || key < at) {
			fault, at = err, key
		}
		same = same && alike
	}
	return same && fault == nil, fault
}

// opaque gives the kind of the first value that no operation may look into.
func opaque(values ...any) string {
	for _, v := range values {
		switch v.(type) {
		case HTML:
			return "html"
		case *Secret:
			return "secret"
		}
	}
	return ""
}

// Compare orders two values: numbers, strings (by code point), times and
// durations; it is negative when a comes first. Anything else is an error that
// names the kinds.
func Compare(a, b any) (int, error) {
	switch a := a.(type) {
	case int:
		switch b := b.(type) {
		case int:
			return cmp.Compare(a, b), nil
		case float64:
			return compareMixed(a, b), nil
		}
	case float64:
		switch b := b.(type) {
		case int:
			return -compareMixed(b, a), nil
		case float64:
			return cmp.Compare(a, b), nil
		}
	case string:
		if b, ok := b.(string); ok {
			return strings.Compare(a, b), nil
		}
	case time.Time:
		if b, ok := b.(time.Time); ok {
			return a.Compare(b), nil
		}
	case time.Duration:
		if b, ok := b.(time.Duration); ok {
			return cmp.Compare(a, b), nil
		}
	}
	if kind := opaque(a, b); kind != "" {
		return 0, fmt.Errorf("%s cannot be compared", KindPhrase(kind))
	}
	if KindOf(a) == KindOf(b) {
		return 0, fmt.Errorf("%s and %s have no order", Phrase(a), Phrase(b))
	}
	return 0, fmt.Errorf("cannot order %s and %s", Phrase(a), Phrase(b))
}

// compareMixed compares without rounding the int to a float.
func compareMixed(i int, f float64) int {
	switch {
	case f >= 1<<63:
		return -1
	case f < -1<<63:
		return 1
	}
	whole, fraction := math.Modf(f)
	if c := cmp.Compare(i, int(whole)); c != 0 {
		return c
	}
	return cmp.Compare(0, fraction)
}
