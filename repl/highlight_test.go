package repl_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"flowrun/lang"
	"flowrun/repl"
)

var colour = regexp.MustCompile("\x1b\\[[0-9;]*m")

func TestHighlightingChangesNothingButColours(t *testing.T) {
	examples, err := filepath.Glob("../examples/*.flow")
	if err != nil || len(examples) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	for _, file := range examples {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for end := 0; end <= len(text); end += 7 {
			shown := repl.Highlight(string(text[:end]))
			if plain := colour.ReplaceAllString(shown, ""); plain != string(text[:end]) {
				t.Fatalf("%q is shown as %q", text[:end], plain)
			}
		}
	}
}

func TestEveryKeywordIsColoured(t *testing.T) {
	for _, word := range append(lang.Keywords(), lang.ReservedWords()...) {
		if shown := repl.Highlight(word + " x"); shown != "\x1b[35m"+word+"\x1b[0m x" {
			t.Errorf("%q is shown as %q", word, shown)
		}
	}
	for text, want := range map[string]string{
		"x = upper(y)":       "x = upper(y)",
		":load if.flow":      ":load if.flow",
		`log < level: "a" >`: "\x1b[1;36mlog\x1b[0m < \x1b[34mlevel\x1b[0m: \x1b[32m\"a\"\x1b[0m >",
	} {
		if shown := repl.Highlight(text); shown != want {
			t.Errorf("%q is shown as %q", text, shown)
		}
	}
}
