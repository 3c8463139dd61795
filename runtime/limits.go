package runtime

import (
	"fmt"

	"flowrun/lang"
	"flowrun/runtime/internal/expression"
	"flowrun/runtime/value"
)

// Limits bound what a source and a run may use, so that hostile or runaway
// flows end with an error. A zero field means its default. A source beyond the
// first six is refused by Compile; a run beyond the others ends with an error of
// kind resource, which nothing in a flow catches. Where one limit leaves less room
// than another, such as Variables than Value, the smaller one holds.
type Limits struct {
	// Source is the size of a source in bytes, 1 MiB by default.
	Source int
	// Expression is the size of one expression in bytes, its strings included,
	// 64 KiB by default.
	Expression int
	// ExpressionTokens is the number of tokens in one expression, 10,000 by
	// default.
	ExpressionTokens int
	// Brackets is how deep brackets and templates of one expression nest, 200 by
	// default.
	Brackets int
	// Blocks is how deep blocks nest, 200 by default.
	Blocks int
	// Pattern is the size of a regular expression in bytes, 1 KiB by default.
	// With its repeats written out it may be 8 times as long.
	Pattern int

	// Depth is how deep lists and maps nest, also in JSON, 200 by default.
	Depth int
	// Value is the size of one value in bytes, 16 MiB by default. A plain value
	// counts 16 bytes, a text 32 and its bytes, a list 48 and its elements, a map
	// 256 and for each entry 32, its key and its value. What a list holds twice
	// counts twice.
	Value int
	// Variables is the size in bytes of everything that a run holds at a time,
	// 64 MiB by default: its variables, those of the functions it is in, the
	// collections it loops over, the settings of the call it makes, what an
	// expression has made so far, and the errors passed over.
	Variables int
	// Steps is how many statements, loop rounds and predicate rounds a run may
	// take, 10,000,000 by default. What takes longer counts more: a call 8, a
	// failure 16, a long expression one for 4 operations, an operation on much
	// data one for about every 5 elements or 128 bytes of text that it goes
	// through, and more where it does more with them.
	Steps int
	// CallDepth is how deep function calls may nest, 200 by default and 2,000 at
	// most. Blocks times CallDepth is 400,000 at most.
	CallDepth int
}

// The default limits of a run as a whole.
const (
	defaultSteps     = 10_000_000
	defaultCallDepth = 200
)

// Limits gives the engine's limits, the defaults included.
func (e *Engine) Limits() Limits { return e.limits }

func (l Limits) withDefaults() Limits {
	for _, limit := range []struct {
		field    *int
		fallback int
	}{
		{&l.Source, lang.DefaultLimits.Source},
		{&l.Expression, lang.DefaultLimits.Expression},
		{&l.ExpressionTokens, lang.DefaultLimits.ExpressionTokens},
		{&l.Brackets, lang.DefaultLimits.Brackets},
		{&l.Blocks, lang.DefaultLimits.Blocks},
		{&l.Pattern, expression.DefaultPattern},
		{&l.Depth, value.DefaultDepth},
		{&l.Value, value.DefaultBytes},
		{&l.Variables, expression.DefaultVariables},
		{&l.Steps, defaultSteps},
		{&l.CallDepth, defaultCallDepth},
	} {
		if *limit.field == 0 {
			*limit.field = limit.fallback
		}
	}
	return l
}

// Nesting is bounded whatever the host says, since the stack of a process is.
const (
	mostDepth     = 2_000
	mostCallDepth = 2_000
	// mostBlocksInCalls bounds Blocks times CallDepth: each call may stand in the
	// deepest block. A goroutine's stack bears about a million.
	mostBlocksInCalls = 400_000
)

// check refuses limits that cannot hold.
func (l Limits) check() error {
	for _, limit := range []struct {
		name        string
		value, most int
	}{
		{"Source", l.Source, 0},
		{"Expression", l.Expression, 0},
		{"ExpressionTokens", l.ExpressionTokens, lang.MaxExpressionTokens},
		{"Brackets", l.Brackets, lang.MaxBrackets},
		{"Blocks", l.Blocks, lang.MaxBlocks},
		{"Pattern", l.Pattern, 0},
		{"Depth", l.Depth, mostDepth},
		{"Value", l.Value, 0},
		{"Variables", l.Variables, 0},
		{"Steps", l.Steps, 0},
		{"CallDepth", l.CallDepth, mostCallDepth},
	} {
		switch {
		case limit.value < 0:
			return fmt.Errorf("the limit %s is %d, want 1 or more, or 0 for the default", limit.name, limit.value)
		case limit.most > 0 && limit.value > limit.most:
			return fmt.Errorf("the limit %s is %d, want at most %d", limit.name, limit.value, limit.most)
		}
	}
	if full := l.withDefaults(); full.Blocks*full.CallDepth > mostBlocksInCalls {
		return fmt.Errorf("the limits Blocks and CallDepth are %d and %d, want a product of at most %d", full.Blocks, full.CallDepth, mostBlocksInCalls)
	}
	return nil
}

// source are the limits that package lang keeps.
func (l Limits) source() lang.Limits {
	return lang.Limits{
		Source: l.Source, Expression: l.Expression, ExpressionTokens: l.ExpressionTokens,
		Brackets: l.Brackets, Blocks: l.Blocks,
	}
}

// expressions are the limits that evaluations keep.
func (l Limits) expressions() expression.Limits {
	return expression.Limits{Value: l.Value, Depth: l.Depth, Pattern: l.Pattern, Variables: l.Variables}
}

// values are the bounds of what enters a run.
func (l Limits) values() *value.Budget {
	return &value.Budget{Bytes: l.Value, Depth: l.Depth}
}
