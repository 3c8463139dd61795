package expression

import (
	"errors"
	"math"
	"strconv"
)

var conversionBuiltins = map[string]builtin{
	"int":      {"int(number or text)", 1, 1, "int", toInt, false},
	"float":    {"float(number or text)", 1, 1, "float", toFloat, false},
	"string":   {"string(value)", 1, 1, "string", toText, true},
	"toJSON":   {"toJSON(value)", 1, 1, "string", toJSON, true},
	"fromJSON": {"fromJSON(text)", 1, 1, "", ofText("fromJSON", fromJSON), true},
}

// toInt cuts the fraction of a float off.
func toInt(m *Machine, arguments []any) (any, error) {
	switch x := arguments[0].(type) {
	case int:
		return x, nil
	case float64:
		if x >= 1<<63 || x < -1<<63 {
			return nil, faultf("the number does not fit into 64 bits").of(1)
		}
		return int(x), nil
	case string:
		n, err := strconv.Atoi(x)
		if errors.Is(err, strconv.ErrRange) {
			return nil, faultf("the number %s does not fit into 64 bits", shorten(x)).of(1)
		}
		if err != nil {
			f := faultf("%q is not an int", shorten(x)).of(1)
			if _, err := strconv.ParseFloat(x, 64); err == nil {
				f.hint = "int(float(x)) cuts the fraction off"
			}
			return nil, f
		}
		return n, nil
	}
	return nil, refuse(1, "int", "a number or a string", arguments[0])
}

func toFloat(m *Machine, arguments []any) (any, error) {
	if x, ok := asFloat(arguments[0]); ok {
		return x, nil
	}
	s, ok := arguments[0].(string)
	if !ok {
		return nil, refuse(1, "float", "a number or a string", arguments[0])
	}
	x, err := strconv.ParseFloat(s, 64)
	switch {
	case errors.Is(err, strconv.ErrRange):
		return nil, faultf("the number %s is too large for a float", shorten(s)).of(1)
	case err != nil || math.IsInf(x, 0) || math.IsNaN(x):
		return nil, faultf("%q is not a number", shorten(s)).of(1)
	}
	return x, nil
}

// toText is what interpolation prints.
func toText(m *Machine, arguments []any) (any, error) {
	s, err := m.budget.Text(arguments[0])
	if err != nil {
		f := problem(err, 1)
		if arguments[0] == nil {
			f.hint = "write `??` and a value behind what may be missing"
		}
		return nil, f
	}
	return s, m.made(len(s))
}

func toJSON(m *Machine, arguments []any) (any, error) {
	s, err := m.budget.JSON(arguments[0])
	if err != nil {
		return nil, problem(err, 1)
	}
	return s, m.made(len(s))
}

func fromJSON(m *Machine, s string) (any, error) {
	v, err := m.budget.ParseJSON(s)
	if err != nil {
		return nil, problem(err, 1)
	}
	return m.whole(v)
}
