package expression

import "flowrun/runtime/value"

// text gives an argument that must be a string; arguments count from 0.
func text(name string, arguments []any, i int) (string, error) {
	s, ok := arguments[i].(string)
	if !ok {
		return "", refuse(i+1, name, "a string", arguments[i])
	}
	return s, nil
}

// textOr is text for an argument that may be left out.
func textOr(name string, arguments []any, i int, fallback string) (string, error) {
	if i >= len(arguments) {
		return fallback, nil
	}
	return text(name, arguments, i)
}

// texts gives arguments of which each must be a string.
func texts(name string, arguments []any) ([]string, error) {
	all := make([]string, len(arguments))
	for i := range arguments {
		var err error
		if all[i], err = text(name, arguments, i); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// integer gives an argument that must be an int.
func integer(name string, arguments []any, i int) (int, error) {
	n, ok := arguments[i].(int)
	if !ok {
		return 0, refuse(i+1, name, "an int", arguments[i])
	}
	return n, nil
}

// elements gives an argument that must be a list.
func elements(name string, arguments []any, i int) ([]any, error) {
	list, ok := arguments[i].([]any)
	if !ok {
		return nil, refuse(i+1, name, "a list", arguments[i])
	}
	return list, nil
}

// entries gives an argument that must be a map.
func entries(name string, arguments []any, i int) (map[string]any, error) {
	m, ok := value.AsMap(arguments[i])
	if !ok {
		return nil, refuse(i+1, name, "a map", arguments[i])
	}
	return m, nil
}

// ofText makes an operation of a function of one string.
func ofText(name string, f func(m *Machine, s string) (any, error)) operation {
	return func(m *Machine, arguments []any) (any, error) {
		s, err := text(name, arguments, 0)
		if err != nil {
			return nil, err
		}
		return f(m, s)
	}
}

// ofList makes an operation of a function of one list.
func ofList(name string, f func(m *Machine, list []any) (any, error)) operation {
	return func(m *Machine, arguments []any) (any, error) {
		list, err := elements(name, arguments, 0)
		if err != nil {
			return nil, err
		}
		return f(m, list)
	}
}
