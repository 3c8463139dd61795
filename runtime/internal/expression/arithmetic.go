package expression

import (
	"math"
	"math/bits"
	"time"

	"flowrun/runtime/value"
)

func overflow() error {
	return faultf("the result does not fit into 64 bits").advise("float(x) computes with rounding instead")
}

func zeroDivision() error { return faultf("division by zero") }

// finite gives a float, or a fault when it has left the numbers.
func finite(f float64) (any, error) {
	if math.IsInf(f, 0) || math.IsNaN(f) {
		return nil, faultf("the result is too large for a float")
	}
	return f, nil
}

// floats gives both operands as floats when both are numbers.
func floats(a, b any) (x, y float64, ok bool) {
	x, ok = asFloat(a)
	if !ok {
		return 0, 0, false
	}
	y, ok = asFloat(b)
	return x, y, ok
}

func asFloat(v any) (float64, bool) {
	switch v := v.(type) {
	case int:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}

func add(m *Machine, a, b any) (any, error) {
	switch x := a.(type) {
	case int:
		if y, ok := b.(int); ok {
			sum := x + y
			if (sum > x) != (y > 0) {
				return nil, overflow()
			}
			return sum, nil
		}
	case string:
		if y, ok := b.(string); ok {
			if err := m.text(len(x) + len(y)); err != nil {
				return nil, err
			}
			return x + y, nil
		}
	case time.Time:
		if y, ok := b.(time.Duration); ok {
			return dated(x.Add(y))
		}
	case time.Duration:
		switch y := b.(type) {
		case time.Time:
			return dated(y.Add(x))
		case time.Duration:
			sum, err := add(m, int(x), int(y))
			if err != nil {
				return nil, faultf("the duration is too long")
			}
			return time.Duration(sum.(int)), nil
		}
	}
	if x, y, ok := floats(a, b); ok {
		return finite(x + y)
	}
	if joined, ok, err := addHTML(m, a, b); ok {
		return joined, err
	}
	return nil, notAdded(a, b)
}

// addHTML joins html with html, or with a string, which is escaped.
func addHTML(m *Machine, a, b any) (joined any, ok bool, err error) {
	left, isLeft := a.(value.HTML)
	right, isRight := b.(value.HTML)
	if text, ok := a.(string); ok && isRight {
		left, isLeft = value.EscapeHTML(text), true
	}
	if text, ok := b.(string); ok && isLeft {
		right, isRight = value.EscapeHTML(text), true
	}
	if !isLeft || !isRight {
		return nil, false, nil
	}
	if err := m.text(len(left.Markup()) + len(right.Markup())); err != nil {
		return nil, true, err
	}
	return value.TrustedHTML(left.Markup() + right.Markup()), true, nil
}

func notAdded(a, b any) *fault {
	f := faultf("cannot add %s and %s", value.Phrase(a), value.Phrase(b))
	_, leftList := a.([]any)
	_, rightList := b.([]any)
	switch {
	case isOpaque(a) || isOpaque(b):
	case leftList && rightList:
		f.hint = "concat(a, b) joins lists"
	case leftList:
		f.hint = "concat(list, [element]) appends"
	case a == nil || b == nil:
		f.hint = "write `??` and a value behind what may be missing"
	case isText(a) || isText(b):
		f.hint = `write "…${x}…", or string(x)`
	}
	return f
}

func isOpaque(v any) bool {
	switch v.(type) {
	case value.HTML, *value.Secret:
		return true
	}
	return false
}

func subtract(m *Machine, a, b any) (any, error) {
	switch x := a.(type) {
	case int:
		if y, ok := b.(int); ok {
			difference := x - y
			if (difference < x) != (y > 0) {
				return nil, overflow()
			}
			return difference, nil
		}
	case time.Time:
		switch y := b.(type) {
		case time.Time:
			d := x.Sub(y)
			if d == math.MaxInt64 || d == math.MinInt64 {
				return nil, faultf("the duration is too long")
			}
			return d, nil
		case time.Duration:
			return earlier(x, y)
		}
	case time.Duration:
		if y, ok := b.(time.Duration); ok {
			difference, err := subtract(m, int(x), int(y))
			if err != nil {
				return nil, faultf("the duration is too long")
			}
			return time.Duration(difference.(int)), nil
		}
	}
	if x, y, ok := floats(a, b); ok {
		return finite(x - y)
	}
	return nil, faultf("cannot subtract %s from %s", value.Phrase(b), value.Phrase(a)).advise(numberHint(a, b))
}

func multiply(_ *Machine, a, b any) (any, error) {
	switch x := a.(type) {
	case int:
		switch y := b.(type) {
		case int:
			return multiplyInts(x, y)
		case time.Duration:
			return scale(y, x)
		}
	case float64:
		if y, ok := b.(time.Duration); ok {
			return scale(y, x)
		}
	case time.Duration:
		switch y := b.(type) {
		case int, float64:
			return scale(x, y)
		}
	}
	if x, y, ok := floats(a, b); ok {
		return finite(x * y)
	}
	f := faultf("cannot multiply %s by %s", value.Phrase(a), value.Phrase(b)).advise(numberHint(a, b))
	if isText(a) {
		f.hint = "repeat(text, n) repeats a string"
	}
	return nil, f
}

func multiplyInts(x, y int) (any, error) {
	high, low := bits.Mul64(magnitude(x), magnitude(y))
	negative := (x < 0) != (y < 0)
	switch {
	case high != 0, low > 1<<63, low == 1<<63 && !negative:
		return nil, overflow()
	case negative:
		return int(-low), nil
	}
	return int(low), nil
}

func magnitude(x int) uint64 {
	if x < 0 {
		return -uint64(x)
	}
	return uint64(x)
}

// scale multiplies a duration by a number.
func scale(d time.Duration, by any) (any, error) {
	switch n := by.(type) {
	case int:
		product, err := multiplyInts(int(d), n)
		if err != nil {
			return nil, faultf("the duration is too long")
		}
		return time.Duration(product.(int)), nil
	case float64:
		return roundDuration(float64(d) * n)
	}
	return nil, faultf("cannot multiply a duration by %s", value.Phrase(by))
}

func roundDuration(nanoseconds float64) (any, error) {
	nanoseconds = math.Round(nanoseconds)
	if math.IsNaN(nanoseconds) || nanoseconds >= math.MaxInt64 || nanoseconds <= math.MinInt64 {
		return nil, faultf("the duration is too long")
	}
	return time.Duration(nanoseconds), nil
}

// divide gives a float for numbers, as expr does; a duration divides by a number
// or by a duration.
func divide(_ *Machine, a, b any) (any, error) {
	if x, y, ok := floats(a, b); ok {
		if y == 0 {
			return nil, zeroDivision()
		}
		return finite(x / y)
	}
	if d, ok := a.(time.Duration); ok {
		if other, ok := b.(time.Duration); ok {
			if other == 0 {
				return nil, zeroDivision()
			}
			return float64(d) / float64(other), nil
		}
		if y, ok := asFloat(b); ok {
			if y == 0 {
				return nil, zeroDivision()
			}
			return roundDuration(float64(d) / y)
		}
	}
	return nil, faultf("cannot divide %s by %s", value.Phrase(a), value.Phrase(b)).advise(numberHint(a, b))
}

func modulo(_ *Machine, a, b any) (any, error) {
	x, isInt := a.(int)
	y, ok := b.(int)
	if !isInt || !ok {
		return nil, faultf("%% needs two ints, not %s and %s", value.Phrase(a), value.Phrase(b))
	}
	if y == 0 {
		return nil, zeroDivision()
	}
	return x % y, nil
}

// power gives a float, as expr does.
func power(_ *Machine, a, b any) (any, error) {
	x, y, ok := floats(a, b)
	if !ok {
		return nil, faultf("cannot raise %s to the power of %s", value.Phrase(a), value.Phrase(b)).advise(numberHint(a, b))
	}
	if x == 0 && y < 0 {
		return nil, zeroDivision()
	}
	result := math.Pow(x, y)
	if math.IsNaN(result) {
		return nil, faultf("the power of a negative number by a fraction is not a number")
	}
	return finite(result)
}

func negate(v any) (any, error) {
	switch x := v.(type) {
	case int:
		if x == math.MinInt {
			return nil, overflow()
		}
		return -x, nil
	case float64:
		return -x, nil
	case time.Duration:
		if x == math.MinInt64 {
			return nil, faultf("the duration is too long")
		}
		return -x, nil
	}
	return nil, refuse(1, "`-`", "a number", v)
}

func plus(v any) (any, error) {
	switch v.(type) {
	case int, float64, time.Duration:
		return v, nil
	}
	return nil, refuse(1, "`+`", "a number", v)
}

func numberHint(a, b any) string {
	switch {
	case a == nil || b == nil:
		return "write `?? 0` behind what may be missing"
	case isText(a) || isText(b):
		return "int(x) and float(x) make a number of a string"
	}
	return ""
}

// bounds gives both ends of a range.
func bounds(a, b any) (value.Range, error) {
	from, ok := a.(int)
	if !ok {
		return value.Range{}, refuse(1, "`..`", "an int", a)
	}
	to, ok := b.(int)
	if !ok {
		return value.Range{}, refuse(2, "`..`", "an int", b)
	}
	return value.Range{From: from, To: to}, nil
}

func lazyRange(a, b any) (any, error) { return bounds(a, b) }

func buildRange(m *Machine, a, b any) (any, error) {
	r, err := bounds(a, b)
	if err != nil {
		return nil, err
	}
	if r.To < r.From {
		return []any{}, nil
	}
	size := uint64(r.To) - uint64(r.From)
	if size > math.MaxInt32 {
		size = math.MaxInt32
	}
	if err := m.list(int(size) + 1); err != nil {
		f := problem(err, 0)
		if f.host != nil {
			f.hint = "`for i in a..b` takes any range; " + f.hint
		}
		return nil, f
	}
	list := make([]any, size+1)
	for i := range list {
		list[i] = r.From + i
	}
	return list, nil
}
