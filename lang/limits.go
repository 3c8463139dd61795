package lang

// Limits bound what the parser accepts. A zero field stands for its default.
type Limits struct {
	// Source is the size of a file in bytes.
	Source int
	// Expression is the size of one expression in bytes, its strings included.
	Expression int
	// ExpressionTokens is the number of tokens in one expression, those in its
	// templates included.
	ExpressionTokens int
	// Brackets is how deep brackets and templates of one expression nest.
	Brackets int
	// Blocks is how deep blocks nest.
	Blocks int
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
	return l
}

// Option changes how Parse works.
type Option func(*parser)

// WithLimits replaces the default limits.
func WithLimits(limits Limits) Option {
	return func(p *parser) { p.limits = limits.withDefaults() }
}
