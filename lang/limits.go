package lang

import "fmt"

// Limits bound what the parser accepts. A zero field stands for its default.
type Limits struct {
	// Source is the size of a file in bytes, as it is before its line breaks and
	// its byte order mark are read.
	Source int
	// Expression is the size of one expression in bytes, its strings included.
	Expression int
	// ExpressionTokens is the number of tokens in one expression, those in its
	// templates included; at most MaxExpressionTokens.
	ExpressionTokens int
	// Brackets is how deep brackets and templates of one expression nest, and how
	// many `!`, `not`, `+` and `-` may follow each other; at most MaxBrackets.
	Brackets int
	// Blocks is how deep blocks nest; at most MaxBlocks.
	Blocks int
}

// The highest limits. What reads or walks a tree recurs as deep as the tree is, and
// Go ends the process when the stack of a goroutine outgrows 1 GB. expr stands
// 100,000 tokens of any kind, each nested in the one before, and dies of a million.
// Blocks nest in each call of a function that is going on.
const (
	MaxExpressionTokens = 100_000
	MaxBrackets         = 10_000
	MaxBlocks           = 1_000
)

// Check tells of a limit that is higher than what the stack bears. Parse takes the
// highest in its place.
func (l Limits) Check() error {
	for _, limit := range []struct {
		name           string
		value, highest int
	}{
		{"ExpressionTokens", l.ExpressionTokens, MaxExpressionTokens},
		{"Brackets", l.Brackets, MaxBrackets},
		{"Blocks", l.Blocks, MaxBlocks},
	} {
		if limit.value > limit.highest {
			return fmt.Errorf("the limit %s is %d, more than the highest, %d", limit.name, limit.value, limit.highest)
		}
	}
	return nil
}

// DefaultLimits are the limits of Parse without WithLimits.
var DefaultLimits = Limits{
	Source:           1 << 20,
	Expression:       64 << 10,
	ExpressionTokens: 10_000,
	Brackets:         200,
	Blocks:           200,
}

func (l Limits) withDefaults() Limits {
	or := func(value *int, fallback int) {
		if *value <= 0 {
			*value = fallback
		}
	}
	or(&l.Source, DefaultLimits.Source)
	or(&l.Expression, DefaultLimits.Expression)
	or(&l.ExpressionTokens, DefaultLimits.ExpressionTokens)
	or(&l.Brackets, DefaultLimits.Brackets)
	or(&l.Blocks, DefaultLimits.Blocks)
	l.ExpressionTokens = min(l.ExpressionTokens, MaxExpressionTokens)
	l.Brackets, l.Blocks = min(l.Brackets, MaxBrackets), min(l.Blocks, MaxBlocks)
	return l
}

// Option changes how Parse works.
type Option func(*parser)

// LimitHint says what changes a limit that was exceeded, a field of runtime.Limits.
// It is as true where flows are run by the command, which has no option for it.
func LimitHint(field string) string {
	return "only a program in Go can set this limit, with Limits." + field
}

// WithLimits replaces the default limits.
func WithLimits(limits Limits) Option {
	return func(p *parser) { p.limits = limits.withDefaults() }
}
