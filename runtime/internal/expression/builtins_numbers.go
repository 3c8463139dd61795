package expression

import (
	"cmp"
	"math"
	"slices"
	"time"

	"flowrun/runtime/value"
)

var numberBuiltins = map[string]builtin{
	"max":     {"max(numbers)", 1, -1, "", extreme("max", 1), true},
	"min":     {"min(numbers)", 1, -1, "", extreme("min", -1), true},
	"mean":    {"mean(numbers)", 1, -1, "float", mean, true},
	"median":  {"median(numbers)", 1, -1, "float", median, true},
	"abs":     {"abs(number)", 1, 1, "", abs, false},
	"ceil":    {"ceil(number)", 1, 1, "float", rounding("ceil", math.Ceil), false},
	"floor":   {"floor(number)", 1, 1, "float", rounding("floor", math.Floor), false},
	"round":   {"round(number)", 1, 1, "float", rounding("round", math.Round), false},
	"bitand":  {"bitand(int, int)", 2, 2, "int", bitwise("bitand", func(x, y int) int { return x & y }), false},
	"bitor":   {"bitor(int, int)", 2, 2, "int", bitwise("bitor", func(x, y int) int { return x | y }), false},
	"bitxor":  {"bitxor(int, int)", 2, 2, "int", bitwise("bitxor", func(x, y int) int { return x ^ y }), false},
	"bitnand": {"bitnand(int, int)", 2, 2, "int", bitwise("bitnand", func(x, y int) int { return x &^ y }), false},
	"bitshl":  {"bitshl(int, places)", 2, 2, "int", shift("bitshl", func(x int, by uint) int { return x << by }), false},
	"bitshr":  {"bitshr(int, places)", 2, 2, "int", shift("bitshr", func(x int, by uint) int { return x >> by }), false},
	"bitushr": {"bitushr(int, places)", 2, 2, "int", shift("bitushr", func(x int, by uint) int { return int(uint(x) >> by) }), false},
	"bitnot":  {"bitnot(int)", 1, 1, "int", bitnot, false},
	"sum":     {"sum(list)", 1, 1, "", sum, true},
}

// eachNumber calls f for each argument and each element of lists, at any depth.
func eachNumber(m *Machine, name string, arguments []any, f func(v any) error) error {
	var visit func(v any, argument int) error
	visit = func(v any, argument int) error {
		switch v := v.(type) {
		case int, float64:
			return f(v)
		case time.Duration, time.Time:
			if name == "max" || name == "min" {
				return f(v)
			}
		case []any:
			if err := m.budget.SpendOn(v); err != nil {
				return err
			}
			for _, item := range v {
				if err := visit(item, argument); err != nil {
					return err
				}
			}
			return nil
		}
		return refuse(argument, name, "numbers", v)
	}
	for i, v := range arguments {
		if err := visit(v, i+1); err != nil {
			return err
		}
	}
	return nil
}

// extreme gives the greatest (sign 1) or the least (-1) of numbers, times or
// durations, nil of none.
func extreme(name string, sign int) operation {
	return func(m *Machine, arguments []any) (any, error) {
		var best any
		err := eachNumber(m, name, arguments, func(v any) error {
			if best == nil {
				best = v
				return nil
			}
			c, err := value.Compare(v, best)
			if c*sign > 0 {
				best = v
			}
			return err
		})
		return best, err
	}
}

func mean(m *Machine, arguments []any) (any, error) {
	total, count := 0.0, 0
	err := eachNumber(m, "mean", arguments, func(v any) error {
		f, _ := asFloat(v)
		total += f
		count++
		return nil
	})
	if err != nil || count == 0 {
		return 0.0, err
	}
	return finite(total / float64(count))
}

func median(m *Machine, arguments []any) (any, error) {
	var all []float64
	err := eachNumber(m, "median", arguments, func(v any) error {
		f, _ := asFloat(v)
		all = append(all, f)
		return nil
	})
	if err != nil || len(all) == 0 {
		return 0.0, err
	}
	var fault error
	slices.SortFunc(all, func(a, b float64) int {
		if fault == nil {
			fault = m.spend(comparisonEffort)
		}
		if fault != nil {
			return 0
		}
		return cmp.Compare(a, b)
	})
	if fault != nil {
		return nil, fault
	}
	middle := len(all) / 2
	if len(all)%2 == 1 {
		return all[middle], nil
	}
	return finite(all[middle-1]/2 + all[middle]/2)
}

// sum adds up a list, of nothing to 0; the elements may be durations too.
func sum(m *Machine, arguments []any) (any, error) {
	list, err := elements("sum", arguments, 0)
	if err != nil {
		return nil, err
	}
	var total any = 0
	if err := m.budget.SpendOn(list); err != nil {
		return nil, err
	}
	for i, item := range list {
		switch item.(type) {
		case int, float64, time.Duration:
		default:
			return nil, faultf("sum needs numbers, and element %d is %s", i, value.Phrase(item)).of(1)
		}
		if i == 0 {
			total = item
			continue
		}
		if total, err = add(m, total, item); err != nil {
			return nil, err
		}
	}
	return total, nil
}

func abs(m *Machine, arguments []any) (any, error) {
	switch x := arguments[0].(type) {
	case int, float64, time.Duration:
		if c, _ := value.Compare(x, zeroOf(x)); c < 0 {
			return negate(x)
		}
		return x, nil
	}
	return nil, refuse(1, "abs", "a number", arguments[0])
}

func zeroOf(v any) any {
	if _, ok := v.(time.Duration); ok {
		return time.Duration(0)
	}
	return 0
}

func rounding(name string, f func(float64) float64) operation {
	return func(m *Machine, arguments []any) (any, error) {
		x, ok := asFloat(arguments[0])
		if !ok {
			return nil, refuse(1, name, "a number", arguments[0])
		}
		return f(x), nil
	}
}

func bitwise(name string, f func(x, y int) int) operation {
	return func(m *Machine, arguments []any) (any, error) {
		x, err := integer(name, arguments, 0)
		if err != nil {
			return nil, err
		}
		y, err := integer(name, arguments, 1)
		if err != nil {
			return nil, err
		}
		return f(x, y), nil
	}
}

func shift(name string, f func(x int, by uint) int) operation {
	return func(m *Machine, arguments []any) (any, error) {
		x, err := integer(name, arguments, 0)
		if err != nil {
			return nil, err
		}
		by, err := integer(name, arguments, 1)
		if err != nil {
			return nil, err
		}
		if by < 0 {
			return nil, faultf("%s cannot shift by %d places", name, by).of(2)
		}
		return f(x, uint(by)), nil
	}
}

func bitnot(m *Machine, arguments []any) (any, error) {
	x, err := integer("bitnot", arguments, 0)
	if err != nil {
		return nil, err
	}
	return ^x, nil
}
