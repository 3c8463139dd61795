package lang_test

import (
	"strings"
	"testing"

	"flowrun/lang"
)

func TestAMistypedKeywordIsSuggestedAndNothingElseIsTold(t *testing.T) {
	for text, want := range map[string]string{
		`exepct true`:                                "`exepct` begins no statement | did you mean `expect`?",
		"tset \"a\" {\n expect true\n}":              "`tset` begins no statement | did you mean `test`?",
		`rnu "plain.flow" < a: 1 >`:                  "`rnu` begins no statement | did you mean `run`?",
		"rnu \"a.flow\" < a: 1 > catch {\n x=1\n}":   "`rnu` begins no statement | did you mean `run`?",
		`mokc sendEmail < fails: 1 >`:                "`mokc` begins no statement | did you mean `mock`?",
		`retrun 5`:                                   "`retrun` begins no statement | did you mean `return`?",
		`inptu x: string`:                            "`inptu` begins no statement | did you mean `input`?",
		"fucntion f < a > {\n x = 1\n}":              "`fucntion` begins no statement | did you mean `function`?",
		`flwo service "x"`:                           "`flwo` begins no statement | did you mean `flow`?",
		"gotto a":                                    "`gotto` begins no statement | did you mean `goto`?",
		"whlie true {\n x = 1\n}\ny = 2":             "`whlie` begins no statement | did you mean `while`?",
		"fro x in [1] {\n y = 1\n}":                  "`fro` begins no statement | did you mean `for`?",
		"fi true {\n x = 1\n}":                       "`fi` begins no statement | did you mean `if`?",
		"fi true { x = 1 }":                          "`fi` begins no statement | did you mean `if`?",
		"swich x {\n case 1: y = 1\n}":               "`swich` begins no statement | did you mean `switch`?",
		"brak":                                       "`brak` begins no statement | did you mean `break`?",
		"if true {\n x = 1\n} esle {\n y = 1\n}":     "unexpected `esle` after the statement | did you mean `else`?",
		"if true {\n x = 1\n} esle if 1 < 2 {\n}":    "unexpected `esle` after the statement | did you mean `else`?",
		"log < a: 1, limit: 1 > failovre {\n x=1\n}": "unexpected `failovre` after the statement | did you mean `failover`?",
		"runs += 1":                                  "this is no statement | write runs = runs + …",
		"stop_ == 1":                                 "this is no statement | use = to assign",
		"log \"x\"":                                  "this is no statement | settings stand in < >: log < key: value >",
	} {
		if got := told("a_test.flow", text); got != want {
			t.Errorf("%s:\ngot  %s\nwant %s", text, got, want)
		}
	}
}

func TestWhatStandsInTestsOnlyIsToldInOtherFiles(t *testing.T) {
	const hint = " | tests stand in files *_test.flow"
	for text, want := range map[string]string{
		"test \"a\" {\n run \"b.flow\" < > catch e {\n  expect e\n }\n expect true\n}\nx = 1": "a test cannot stand in this file" + hint,
		`run "b.flow" < a: 1 >`:                            "`run` stands in tests only" + hint,
		"run \"b.flow\" < a: 1 > catch {\n expect true\n}": "`run` stands in tests only" + hint,
		`expect x == 1`:                                    "`expect` stands in tests only" + hint,
		`mock sendEmail < fails: {} >`:                     "`mock` stands in tests only" + hint,
		`test = 1`:                                         "",
		`test < a: 1 >`:                                    "",
		`tset "a" < >`:                                     "this is no statement | settings stand in < >: tset < key: value >",
	} {
		if got := told("a.flow", text); got != want {
			t.Errorf("%s:\ngot  %s\nwant %s", text, got, want)
		}
	}
}

// told are the errors of a source with their hints.
func told(name, text string) string {
	_, diagnostics := lang.Parse(name, text)
	var all []string
	for _, d := range diagnostics {
		if d.Severity == lang.Error {
			all = append(all, d.Summary+" | "+d.Hint)
		}
	}
	return strings.Join(all, "\n")
}
