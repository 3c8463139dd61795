package expression

import "flowrun/lang"

// mostSuggesting bounds what a Compiler compares for suggestions, in pairs of
// characters: a flow with very many mistakes among very many names gets no more.
const mostSuggesting = 40_000_000

// Suggest is lang.Suggest within what the compilation of one flow may take. The names
// to choose from are only collected while it looks.
func (c *Compiler) Suggest(name string, candidates func() []string) string {
	if c.suggesting > mostSuggesting {
		return ""
	}
	names := candidates()
	length := min(len(name), lang.MaxSuggested)
	if c.suggesting += len(names) * length * length; c.suggesting > mostSuggesting {
		return ""
	}
	return lang.Suggest(name, names)
}
