package excerpt

import (
	"regexp"

	"flowrun/lang"
)

// Masked stands for what may be a secret.
const Masked = "***"

var (
	secretKey = regexp.MustCompile(`(?i)(password|secret|token|key)$`)
	// secretEntry is such a key within a map.
	secretEntry = regexp.MustCompile(`(?i)(password|secret|token|key)["']?\s*:`)
	// named is a value that only names where it comes from.
	named = regexp.MustCompile(`^([\pL_][\pL\pN_]*(\s*\??\.\s*[\pL_][\pL\pN_]*)*|secret\(\s*("[^"$]*"|'[^'$]*')\s*\))$`)
)

// Setting gives the value of a setting of which nobody says whether it is a secret:
// masked when its key sounds like one, or that of an entry in it, and its text would
// be told.
func Setting(source *lang.Source, s *lang.Setting, most int) string {
	text := source.Slice(s.Value.Span)
	if (secretKey.MatchString(s.Key.Text) || secretEntry.MatchString(text)) && !named.MatchString(text) {
		return Masked
	}
	return Value(source, s.Value, most)
}
