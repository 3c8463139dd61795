package value

import (
	"cmp"
	"fmt"
	"math"
	"reflect"
	"strings"
	"time"
)

// Equal compares two values: int and float as numbers and exactly, lists and
// maps by their content, times as instants; values of different kinds are
// unequal. To compare html or a secret, also inside a list, is an error.
func Equal(a, b any) (bool, error) { return equal(a, b, 0) }

func equal(a, b any, depth int) (bool, error) {
	if depth > MaxDepth {
		return false, fmt.Errorf("cannot compare: %w", tooDeep())
	}
	if kind := opaque(a, b); kind != "" {
		return false, fmt.Errorf("%s cannot be compared", KindPhrase(kind))
	}
	switch a := a.(type) {
	case nil:
		return b == nil, nil
	case bool:
		b, ok := b.(bool)
		return ok && a == b, nil
	case string:
		b, ok := b.(string)
		return ok && a == b, nil
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
		return equalLists(a, b, depth)
	case map[string]any, *Record:
		b, ok := AsMap(b)
		if !ok {
			return false, nil
		}
		m, _ := AsMap(a)
		return equalMaps(m, b, depth)
	}
	if s, ok := a.(*Struct); ok {
		return s.equal(b), nil
	}
	if s, ok := b.(*Struct); ok {
		return s.equal(a), nil
	}
	if b == nil || reflect.TypeOf(a) != reflect.TypeOf(b) {
		return false, nil
	}
	return reflect.DeepEqual(a, b), nil
}

func equalLists(a, b []any, depth int) (bool, error) {
	for i := range a {
		if same, err := equal(a[i], b[i], depth+1); err != nil || !same {
			return false, err
		}
	}
	return true, nil
}

func equalMaps(a, b map[string]any, depth int) (bool, error) {
	if len(a) != len(b) {
		return false, nil
	}
	for key, item := range a {
		other, ok := b[key]
		if !ok {
			return false, nil
		}
		if same, err := equal(item, other, depth+1); err != nil || !same {
			return false, err
		}
	}
	return true, nil
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
