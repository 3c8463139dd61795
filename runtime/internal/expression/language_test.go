package expression_test

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"flowrun/runtime/internal/expression"
	"flowrun/runtime/value"
)

// everyday are the variables of the data files.
func everyday() *environment {
	return newEnvironment(map[string]any{
		"x": 3, "y": 4.5, "b": true, "none": nil,
		"name": "Ann", "evil": `<script>"&'`, "count": 7, "type": "kind",
		"link": "https://x.example/a?b=c&d", "bad_link": "javascript:alert(1)",
		"xs":      []int{1, 2, 3},
		"max_int": math.MaxInt, "min_int": math.MinInt,
		"pattern": "^A", "bad_pattern": "(", "long_pattern": strings.Repeat("a", 1025),
		"order_word": "desc",
		"words":      map[string]any{"in": 1, "not": 2, "if": 3, "let": 4, "matches": 5, "true": 6},
		"hidden":     &value.Secret{Name: "A"},
		"reply":      &value.Record{Fields: map[string]any{"code": 550, "text": "no such user"}, Text: "550 5.1.1 no such user"},
		"order": map[string]any{
			"id": 17, "status": "new", "gone": nil,
			"customer": map[string]any{"name": "Ann"},
			"items":    []map[string]any{{"n": "a", "p": 3}, {"n": "b", "p": 5}},
		},
	}, "unset")
}

// TestExpressions holds each line of the data files, under the sentence of the
// specification that it belongs to: `expression => value` or
// `expression !! message | the text that is marked | hint`; errors of the check
// begin with `check: `.
func TestExpressions(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no data files: %v", err)
	}
	for _, name := range files {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txt"), func(t *testing.T) {
			for _, section := range strings.Split("\n"+string(content), "\n# ")[1:] {
				sentence, lines, _ := strings.Cut(section, "\n")
				t.Run(sentence, func(t *testing.T) { holdLines(t, name, lines) })
			}
		})
	}
}

func holdLines(t *testing.T, file, lines string) {
	for _, line := range strings.Split(strings.TrimSpace(lines), "\n") {
		text, want, ok := strings.Cut(line, " => ")
		if !ok {
			text, want, ok = strings.Cut(line, " !! ")
		}
		if !ok {
			t.Fatalf("%s: no result in %q", file, line)
		}
		v, problem := evaluate(t, text, everyday(), expression.Plain)
		got := problem
		if problem == "" {
			got = shown(t, v)
		}
		if got != want || (problem != "") != strings.Contains(line, " !! ") {
			t.Errorf("%s\n got %s\nwant %s", text, got, want)
		}
	}
}
