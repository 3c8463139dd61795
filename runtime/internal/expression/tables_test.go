package expression

import (
	"maps"
	"slices"
)

// The tables of the language, so that tests go over all that there is.

// Operators lists the operators between two operands, and those before one.
func Operators() (binary, unary []string) {
	binary = slices.Sorted(maps.Keys(operators))
	return append(binary, "and", "&&", "or", "||", "??", "matches", "not in", "not contains", "not startsWith", "not endsWith", "not matches"),
		[]string{"-", "+", "!", "not "}
}

// Arity tells how many arguments a function takes that is no predicate.
func Arity(name string) (least, most int, ok bool) {
	b, ok := builtins[name]
	if most = b.max; most < 0 {
		most = b.min + 1
	}
	return b.min, most, ok
}

// Predicates lists the functions that take a predicate.
func Predicates() []string { return slices.Sorted(maps.Keys(predicates)) }

// Methods lists the methods with the number of their arguments.
func Methods() map[string]int {
	all := map[string]int{}
	for name, method := range methods {
		all[name] = method.min
	}
	return all
}

// Closures reports whether an expression is evaluated by closures.
func (x *Compiled) Closures() bool { return x.code.cell != nil }
