package lang_test

import (
	"slices"
	"strings"
	"testing"

	"flowrun/lang"
)

func TestSuggestFindsTheNameThatWasMeant(t *testing.T) {
	settings := []string{"to", "copy", "bcc", "subject", "from", "message", "format", "server", "port", "timeout", "limit"}
	for name, want := range map[string]string{
		"subjct":   "subject",
		"Subject":  "subject",
		"subjetc":  "subject",
		"form":     "from",
		"mesage":   "message",
		"timeOut":  "timeout",
		"tow":      "to",
		"TO":       "to",
		"x":        "",
		"zz":       "",
		"address":  "",
		"priority": "",
		"subject":  "",
		"":         "",
	} {
		if got := lang.Suggest(name, settings); got != want {
			t.Errorf("Suggest(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestSuggestDoesNotDependOnTheOrderOfCandidates(t *testing.T) {
	candidates := []string{"cart", "care", "card", "carp"}
	for range len(candidates) {
		candidates = append(candidates[1:], candidates[0])
		if got := lang.Suggest("carx", candidates); got != "card" {
			t.Errorf("among %q: got %q, want card", candidates, got)
		}
	}
}

func TestSuggestPrefersADifferenceInCaseToAnyEdit(t *testing.T) {
	candidates := []string{"stats", "STATUS"}
	for range 2 {
		if got := lang.Suggest("status", candidates); got != "STATUS" {
			t.Errorf("got %q, want STATUS", got)
		}
		slices.Reverse(candidates)
	}
}

func TestSuggestLooksAtShortNamesOnly(t *testing.T) {
	near := strings.Repeat("é", lang.MaxSuggested-1) + "a"
	for name, want := range map[string]string{
		strings.Repeat("é", lang.MaxSuggested):           near,
		strings.Repeat("é", lang.MaxSuggested+1):         "",
		strings.Repeat("é", lang.MaxSuggested/4*3+1):     near,
		strings.Repeat("é", lang.MaxSuggested/4*3-1):     "",
		strings.Repeat("e", lang.MaxSuggested*5):         "",
		strings.Repeat("é", lang.MaxSuggested-2) + "ebb": "",
	} {
		if got := lang.Suggest(name, []string{near, strings.Repeat("é", 10_000_000)}); got != want {
			t.Errorf("Suggest(%q) = %q, want %q", name, got, want)
		}
	}
}
