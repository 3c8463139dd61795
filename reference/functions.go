package reference

import (
	"io"
	"maps"
	"slices"

	"flowrun/lang"
	"flowrun/runtime"
)

// Function is a function of expressions, with how it is called.
type Function struct {
	Name      string
	Signature string
}

// Functions lists the functions of expressions by name.
func Functions() []Function {
	signatures := runtime.Builtins()
	var functions []Function
	for _, name := range slices.Sorted(maps.Keys(signatures)) {
		functions = append(functions, Function{name, signatures[name]})
	}
	return functions
}

// FindFunction gives the function of expressions of that name.
func FindFunction(name string) (Function, bool) {
	signature := runtime.Builtins()[name]
	return Function{name, signature}, signature != ""
}

// WriteFunctions writes how functions of expressions are called, a line each.
func WriteFunctions(w io.Writer, functions []Function) error {
	t := &text{}
	for _, f := range functions {
		t.line(0, lang.VisibleLine(f.Signature))
	}
	return t.write(w)
}
