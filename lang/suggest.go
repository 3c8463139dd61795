package lang

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/agnivade/levenshtein"
)

// MaxCandidates is how many candidates Suggest looks at.
const MaxCandidates = 1000

// MaxSuggested is the length in characters up to which Suggest looks for what was
// meant by a name: comparing takes time that grows with the square of it.
const MaxSuggested = 64

// Suggest gives the candidate that was probably meant by name, or "" when none
// is near: one that differs in case only, else the one with the fewest edits.
// Names of three characters may need one edit and longer ones one for every
// three; two neighbours in the wrong order count as one edit. Among equals the
// alphabetically first wins, whatever the order of the candidates. A candidate
// equal to name is never suggested, nothing for a name of more than MaxSuggested
// characters, and none of more than MaxCandidates: a large source would take long
// to tell of its mistakes.
func Suggest(name string, candidates []string) string {
	if len(candidates) > MaxCandidates || len(name) > MaxSuggested*utf8.UTFMax {
		return ""
	}
	length := utf8.RuneCountInString(name)
	if length > MaxSuggested {
		return ""
	}
	folded := strings.ToLower(name)
	best, bestDistance := "", length/3+1
	for _, candidate := range candidates {
		if candidate == name || candidate == "" || !within(bestDistance, length, candidate) {
			continue
		}
		distance := edits(folded, strings.ToLower(candidate))
		if distance < bestDistance || distance == bestDistance && best != "" && candidate < best {
			best, bestDistance = candidate, distance
		}
	}
	return best
}

// within reports whether a candidate's length lets so many edits make it one of
// length characters.
func within(edits, length int, candidate string) bool {
	if len(candidate) > (length+edits)*utf8.UTFMax {
		return false
	}
	more := utf8.RuneCountInString(candidate) - length
	return -edits <= more && more <= edits
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
