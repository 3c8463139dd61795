package expression

import "math"

// Scalar is a number, true or false, or nothing. It holds no pointer.
type Scalar struct {
	kind   cellKind
	number int // an int, the bits of a float, or 1 for true
}

// An int of the language has 64 bits, and so have the bits of a float: where Go's int has
// fewer, this does not compile.
const _ int = math.MaxInt64

func intScalar(n int) Scalar { return Scalar{kind: cellInt, number: n} }

func floatScalar(f float64) Scalar {
	return Scalar{kind: cellFloat, number: int(math.Float64bits(f))}
}

func boolScalar(b bool) Scalar {
	if b {
		return Scalar{kind: cellBool, number: 1}
	}
	return Scalar{kind: cellBool}
}

// IsScalar reports whether the value is a number or a bool.
func (s Scalar) IsScalar() bool { return s.kind-cellInt <= cellBool-cellInt }

// Bool gives the value when it is true or false.
func (s Scalar) Bool() (b, ok bool) { return s.number != 0, s.kind == cellBool }

// Int gives the value when it is an int.
func (s Scalar) Int() (n int, ok bool) { return s.number, s.kind == cellInt }

// Number gives the value as a float when it is a number.
func (s Scalar) Number() (f float64, ok bool) {
	switch s.kind {
	case cellInt:
		return float64(s.number), true
	case cellFloat:
		return s.float(), true
	}
	return 0, false
}

func (s Scalar) float() float64 { return math.Float64frombits(uint64(s.number)) }

// Operations on two numbers. They give nothing where a number is not all there is
// to it: with other values, or where there is an error.

func addNumbers(a, b Scalar) Scalar {
	if a.kind == cellInt && b.kind == cellInt {
		if sum := a.number + b.number; (sum > a.number) == (b.number > 0) {
			return intScalar(sum)
		}
		return Scalar{}
	}
	x, y, ok := floatsOf(a, b)
	return finiteScalar(x+y, ok)
}

func subtractNumbers(a, b Scalar) Scalar {
	if a.kind == cellInt && b.kind == cellInt {
		if difference := a.number - b.number; (difference < a.number) == (b.number > 0) {
			return intScalar(difference)
		}
		return Scalar{}
	}
	x, y, ok := floatsOf(a, b)
	return finiteScalar(x-y, ok)
}

func multiplyNumbers(a, b Scalar) Scalar {
	if a.kind == cellInt && b.kind == cellInt {
		const most = math.MaxInt32 // of these no product is too large
		if -most <= a.number && a.number <= most && -most <= b.number && b.number <= most {
			return intScalar(a.number * b.number)
		}
		return Scalar{}
	}
	x, y, ok := floatsOf(a, b)
	return finiteScalar(x*y, ok)
}

func divideNumbers(a, b Scalar) Scalar {
	x, y, ok := floatsOf(a, b)
	return finiteScalar(x/y, ok && y != 0)
}

func moduloNumbers(a, b Scalar) Scalar {
	if a.kind != cellInt || b.kind != cellInt || b.number == 0 {
		return Scalar{}
	}
	return intScalar(a.number % b.number)
}

func negateNumber(a Scalar) Scalar {
	switch {
	case a.kind == cellInt && a.number != math.MinInt:
		return intScalar(-a.number)
	case a.kind == cellFloat:
		return floatScalar(-a.float())
	}
	return Scalar{}
}

// floatsOf gives both operands as floats when both are numbers.
func floatsOf(a, b Scalar) (x, y float64, ok bool) {
	x, ok = a.Number()
	if !ok {
		return 0, 0, false
	}
	y, ok = b.Number()
	return x, y, ok
}

func finiteScalar(f float64, ok bool) Scalar {
	if ok && f-f == 0 {
		return floatScalar(f)
	}
	return Scalar{}
}
