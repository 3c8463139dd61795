package lang

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/agnivade/levenshtein"
)

// MaxCandidates is how many candidates Suggest looks at.
const MaxCandidates = 1000

// Suggest gives the candidate that was probably meant by name, or "" when none
// is near: one that differs in case only, else the one with the fewest edits.
// Names of three characters may need one edit and longer ones one for every
// three; two neighbours in the wrong order count as one edit. Among equals the
// alphabetically first wins, whatever the order of the candidates. A candidate
// equal to name is never suggested, and none of more than MaxCandidates: a large
// source would take long to tell of its mistakes.
func Suggest(name string, candidates []string) string {
	if len(candidates) > MaxCandidates {
		return ""
	}
	folded := strings.ToLower(name)
	best, bestDistance := "", utf8.RuneCountInString(name)/3+1
	for _, candidate := range candidates {
		if candidate == name || candidate == "" {
			continue
		}
		distance := edits(folded, strings.ToLower(candidate))
		if distance < bestDistance || distance == bestDistance && best != "" && candidate < best {
			best, bestDistance = candidate, distance
		}
	}
	return best
}

func edits(a, b string) int {
	if swapped([]rune(a), []rune(b)) {
		return 1
	}
	return levenshtein.ComputeDistance(a, b)
}

// swapped reports whether b is a with two neighbours in the other order.
func swapped(a, b []rune) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range len(a) - 1 {
		if a[i] != b[i] {
			return a[i] == b[i+1] && a[i+1] == b[i] && slices.Equal(a[i+2:], b[i+2:])
		}
	}
	return false
}
