package value

import (
	"unicode/utf8"

	"flowrun/lang"
)

// Suggest gives the name of a field of v that was probably meant by name, or "";
// see lang.Suggest. The budget is told of the work.
func (b *Budget) Suggest(name string, v any) (string, error) {
	if len(name) > lang.MaxSuggested*utf8.UTFMax {
		return "", nil
	}
	names := FewFieldNames(v, lang.MaxCandidates)
	if err := b.spend(len(names) * len(name) * len(name)); err != nil {
		return "", err
	}
	return lang.Suggest(name, names), nil
}
