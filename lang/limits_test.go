package lang_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"flowrun/lang"
)

// million is how often the hostile sources repeat what nests.
const million = 1_000_000

func TestExceedingALimitIsOneErrorThatNamesIt(t *testing.T) {
	limits := lang.Limits{Source: 1000, Expression: 50, ExpressionTokens: 20, Brackets: 5, Blocks: 3}
	for _, test := range []struct{ text, summary string }{
		{strings.Repeat("x = 1\n", 200), "the source has more than 1000 bytes"},
		{"x = \"" + strings.Repeat("a", 49) + "\"", "the expression has more than 50 bytes"},
		{"x = 1" + strings.Repeat("+1", 10), "the expression has more than 20 tokens"},
		{"x = " + strings.Repeat("(", 6) + "1" + strings.Repeat(")", 6), "the expression is nested deeper than 5 brackets"},
		{"x = [{a: f([({})])}]", "the expression is nested deeper than 5 brackets"},
		{`x = "${"${"${"${"${"${1}"}"}"}"}"}"`, "the expression is nested deeper than 5 brackets"},
		{`x = "${["${["${[1]}"]}"]}"`, "the expression is nested deeper than 5 brackets"},
		{"x = !!!!!!a", "the expression is nested deeper than 5 brackets"},
		{"if a { if a { if a { if a { } } } }", "blocks are nested deeper than 3"},
		{"if a { if a { if a { switch b { case 1 { } } } } }", "blocks are nested deeper than 3"},
		{"while a { for x in y { f < > catch { f < > catch { } } } }", "blocks are nested deeper than 3"},
	} {
		_, diagnostics := lang.Parse("test.flow", test.text, lang.WithLimits(limits))
		if len(diagnostics) != 1 || diagnostics[0].Summary != test.summary {
			t.Errorf("%.60s: got %v, want %s", test.text, diagnostics, test.summary)
		}
	}
}

func TestWhatJustFitsALimitParses(t *testing.T) {
	limits := lang.Limits{Source: 600, Expression: 51, ExpressionTokens: 21, Brackets: 5, Blocks: 3}
	for _, text := range []string{
		strings.Repeat("x = 1\n", 100),
		"x = \"" + strings.Repeat("a", 49) + "\"",
		"x = 1" + strings.Repeat("+1", 10),
		"x = " + strings.Repeat("(", 5) + "1" + strings.Repeat(")", 5),
		"x = !!!!!a",
		"if a { if a { if a { } } }",
	} {
		if _, diagnostics := lang.Parse("test.flow", text, lang.WithLimits(limits)); len(diagnostics) > 0 {
			t.Errorf("%.60s: got %v", text, diagnostics)
		}
	}
}

func TestZeroLimitsAreTheDefaults(t *testing.T) {
	text := "x = " + strings.Repeat("(", 201)
	_, diagnostics := lang.Parse("test.flow", text, lang.WithLimits(lang.Limits{}))
	if len(diagnostics) != 1 || diagnostics[0].Summary != fmt.Sprintf("the expression is nested deeper than %d brackets", lang.DefaultLimits.Brackets) {
		t.Errorf("got %v", diagnostics)
	}
}

func TestALimitIsToldWhereverItIsExceeded(t *testing.T) {
	deep := strings.Repeat("(", 300)
	for _, text := range []string{
		"f < " + deep, "x = 1 + f < a: " + deep, "'' f < a: " + deep, "f < \"a\" " + deep, "1 " + deep, "xs[" + deep, "switch x { " + deep + " }",
		"x = 1 y = " + deep, "else if " + deep, "flow \"${" + deep, "input x = " + deep, "function f < a = " + deep,
	} {
		_, diagnostics := lang.Parse("test.flow", text)
		found := false
		for _, d := range diagnostics {
			found = found || strings.Contains(d.Summary, "nested deeper")
		}
		if !found {
			t.Errorf("%.30s: got %v", text, diagnostics)
		}
	}
}

func TestHostileSourcesTakeLittleTimeAndStack(t *testing.T) {
	roomy := lang.Limits{Source: 1 << 30}
	for name, text := range map[string]string{
		"parentheses":       "x = " + strings.Repeat("(", million),
		"brackets":          "x = " + strings.Repeat("[", million),
		"braces":            "x = " + strings.Repeat("{", million),
		"maps":              "x = " + strings.Repeat("{a:", million),
		"not":               "x = " + strings.Repeat("!", million),
		"minus":             "x = " + strings.Repeat("-", million),
		"powers":            "x = a" + strings.Repeat("**a", million),
		"choices":           "x = " + strings.Repeat("a?", million),
		"sums":              "x = a" + strings.Repeat("+a", million),
		"interpolations":    "x = " + strings.Repeat(`"${`, million),
		"text blocks":       "x = " + strings.Repeat(`"""${`, million),
		"bare openings":     strings.Repeat("${", million),
		"blocks":            strings.Repeat("if a {", million),
		"blocks on lines":   strings.Repeat("if a {\n", million),
		"braces alone":      strings.Repeat("{", million),
		"closing braces":    strings.Repeat("}", million),
		"else":              "if a {}" + strings.Repeat("else if a {}", million/12),
		"settings":          strings.Repeat("f<a:", million),
		"nested calls":      "x = 1 + " + strings.Repeat("f<a:1+", million/6),
		"comparisons":       "f < a: " + strings.Repeat("x>", million/2) + "y >",
		"many comparisons":  strings.Repeat("f<a:x>y,", million/8),
		"angle marks":       strings.Repeat("<", million),
		"quotes":            strings.Repeat(`"`, million),
		"backslashes":       `x = "` + strings.Repeat(`\`, million),
		"wrong escapes":     `x = "` + strings.Repeat(`\q`, million/2) + `"`,
		"commas":            "f < " + strings.Repeat(",", million),
		"semicolons":        strings.Repeat(";", million),
		"names on a line":   strings.Repeat("a ", million/2),
		"statements":        strings.Repeat("a;", million/2),
		"errors on a line":  strings.Repeat("x=1 1;", million/6),
		"updates on a line": strings.Repeat("x+=1;", million/5),
		"blocks on a line":  strings.Repeat("if a{}\t", million/7),
		"open indices":      strings.Repeat("x=a b[;", million/7),
		"indices":           strings.Repeat("a[", million/2),
		"labels":            strings.Repeat("a:", million/2),
		"gotos":             manyLabels(),
		"dots":              "x = a" + strings.Repeat(".", million),
		"long name":         strings.Repeat("a", million),
		"long dotted name":  strings.Repeat("a.", million/2),
		"comments":          strings.Repeat("/**/", million/4),
		"comments in maps":  `x = "${` + strings.Repeat("{a/*,", million/5),
		"line comments":     "x = a\n" + strings.Repeat("//\n", million/3),
		"open comments":     strings.Repeat("x/*", million/3),
		"newlines":          "x = f(" + strings.Repeat("\n", million),
		"NUL":               strings.Repeat("\x00", million),
		"NUL apart":         strings.Repeat("\x00 ", million/2),
		"not UTF-8":         strings.Repeat("\xff", million),
		"switches":          strings.Repeat("switch x {", million/10),
		"cases":             "switch x {" + strings.Repeat("case 1{}", million/8),
		"stray cases":       strings.Repeat("case 1{}", million/8),
		"same settings":     "f<" + strings.Repeat("a:1,", million/4) + ">",
		"parameters":        "function f<" + strings.Repeat("a,", million/2) + ">{}",
	} {
		t.Run(name, func(t *testing.T) {
			var diagnostics lang.Diagnostics
			took := processorTime(t, func() {
				_, diagnostics = lang.Parse("hostile.flow", text, lang.WithLimits(roomy))
			})
			if took > slowest {
				t.Errorf("parsing took %v of a processor", took)
			}
			if len(diagnostics) > lang.MaxDiagnostics {
				t.Errorf("got %d diagnostics", len(diagnostics))
			}
		})
	}
}

// slowest is more than the second of a processor that hostile sources may take,
// since tests run under the race detector.
const slowest = 20 * time.Second

// manyLabels has many labels and as many jumps to others.
func manyLabels() string {
	var b strings.Builder
	for i := range 50_000 {
		fmt.Fprintf(&b, "label%d:\ngoto other%d\n", i, i)
	}
	return b.String()
}

func TestAFileTooLargeIsNotRead(t *testing.T) {
	_, diagnostics := lang.Parse("test.flow", strings.Repeat("(", 1<<20+1))
	if len(diagnostics) != 1 || !strings.Contains(diagnostics[0].Summary, "more than 1048576 bytes") {
		t.Errorf("got %v", diagnostics)
	}
}
