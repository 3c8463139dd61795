package lang_test

import (
	"errors"
	"strings"
	"testing"

	"flowrun/lang"
)

// problemAt marks the part of the source between « and ».
func problemAt(t *testing.T, text, summary, hint string) lang.Diagnostic {
	t.Helper()
	before, rest, opened := strings.Cut(text, "«")
	marked, after, closed := strings.Cut(rest, "»")
	if !opened || !closed {
		t.Fatalf("no place marked in %q", text)
	}
	return lang.Diagnostic{
		Source:  lang.NewSource("order.flow", before+marked+after),
		Span:    lang.Span{Start: len(before), End: len(before) + len(marked)},
		Summary: summary,
		Hint:    hint,
	}
}

func render(t *testing.T, options lang.RenderOptions, ds ...lang.Diagnostic) string {
	t.Helper()
	var out strings.Builder
	if err := lang.Diagnostics(ds).Render(&out, options); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestRenderShowsPlaceLineMarksAndHint(t *testing.T) {
	d := problemAt(t, strings.Repeat("\n", 13)+"  «subjct»: \"Order ${order.id}\"\n",
		`unknown setting "subjct" of sendEmail`, `did you mean "subject"?`)
	const want = `order.flow:14:3: error: unknown setting "subjct" of sendEmail
   14 |   subjct: "Order ${order.id}"
      |   ^^^^^^ did you mean "subject"?
`
	if got := render(t, lang.RenderOptions{}, d); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestRenderPutsTheMarksUnderTheText(t *testing.T) {
	for _, test := range []struct{ name, text, line, marks string }{
		{"tab before", "\tx = «y»", "    x = y", "        ^"},
		{"tab inside a line", "ab\tx = «y»", "ab  x = y", "        ^"},
		{"wide characters before", "世界 = «y»", "世界 = y", "       ^"},
		{"wide characters marked", "x = «世界»", "x = 世界", "    ^^^^"},
		{"combining marks", "e\u0301 = «y»", "e\u0301 = y", "    ^"},
		{"emoji", "\"🎉\" + «y»", "\"🎉\" + y", "       ^"},
		{"control characters before", "\"\x1b\" + «y»", `"\u{1b}" + y`, "           ^"},
		{"control characters marked", "«\u202e»y", `\u{202e}y`, "^^^^^^^^"},
		{"end of the line", "x =«»", "x =", "   ^"},
		{"nothing at all", "«»", "", "^"},
	} {
		got := render(t, lang.RenderOptions{}, problemAt(t, test.text, "s", ""))
		_, rest, _ := strings.Cut(got, "\n")
		if rest != "    1 | "+test.line+"\n      | "+test.marks+"\n" {
			t.Errorf("%s: got\n%s", test.name, got)
		}
	}
}

func TestRenderMarksARangeOverLinesOnItsFirstLine(t *testing.T) {
	got := render(t, lang.RenderOptions{}, problemAt(t, "a = «f(1,  \n  2)»\nb = 2", "s", "h"))
	const want = "order.flow:1:5: error: s\n    1 | a = f(1,\n      |     ^^^^ h\n"
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	got = render(t, lang.RenderOptions{}, problemAt(t, "a = «\n»b = 2", "s", ""))
	if want := "order.flow:1:5: error: s\n    1 | a =\n      |     ^\n"; got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestRenderCutsALongLineAroundThePlace(t *testing.T) {
	long := strings.Repeat("a ", 200)
	for name, text := range map[string]string{
		"at the beginning": "«here» " + long,
		"in the middle":    long + "«here» " + long,
		"at the end":       long + "«here»",
	} {
		got := render(t, lang.RenderOptions{Width: 60}, problemAt(t, text, "s", ""))
		lines := strings.Split(got, "\n")
		for _, line := range lines {
			if columns := len([]rune(line)); columns > 60 {
				t.Errorf("%s: %d columns in %q", name, columns, line)
			}
		}
		at := strings.Index(lines[2], "^^^^")
		if excerpt := []rune(lines[1]); at < 0 || string(excerpt[at:at+4]) != "here" {
			t.Errorf("%s: the marks do not stand under the text\n%s", name, got)
		}
		if !strings.Contains(lines[1], "…") {
			t.Errorf("%s: the cut is not shown in %q", name, lines[1])
		}
	}
}

func TestRenderPutsAHintThatDoesNotFitOnALineOfItsOwn(t *testing.T) {
	text := strings.Repeat("a", 20) + "«" + strings.Repeat("b", 20) + "»"
	const want = `order.flow:1:21: error: s
    1 | aaaaaaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbbbbb
      |                     ^^^^^^^^^^^^^^^^^^^^
      |                   a hint of thirty-two characters…
`
	if got := render(t, lang.RenderOptions{Width: 58}, problemAt(t, text, "s", "a hint of thirty-two characters…")); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestRenderColoursOnlyWhenAsked(t *testing.T) {
	d := problemAt(t, "x = «y»", "s", "h")
	if got := render(t, lang.RenderOptions{}, d); strings.Contains(got, "\x1b") {
		t.Errorf("got colours: %q", got)
	}
	d.Severity = lang.Warning
	got := render(t, lang.RenderOptions{Color: true}, d)
	for _, want := range []string{"\x1b[1morder.flow:1:5:\x1b[0m ", "\x1b[1;33mwarning:\x1b[0m s", "\x1b[1;33m^ h\x1b[0m"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in %q", want, got)
		}
	}
}

func TestRenderNeverPassesControlCharactersOn(t *testing.T) {
	d := problemAt(t, "x = «\x1b[2J»\u202e", "name \x1b]0;\a\n", "use \u202e")
	d.Detail = "Because of \x1b."
	got := render(t, lang.RenderOptions{}, d)
	if strings.ContainsAny(got, "\x1b\a\u202e") {
		t.Errorf("got %q", got)
	}
}

func TestRenderWrapsTheDetailBelow(t *testing.T) {
	d := problemAt(t, "«x»", "s", "")
	d.Detail = "A label names the statement after it. Another statement of the flow has the same label already."
	const want = `order.flow:1:1: error: s
    1 | x
      | ^
      A label names the statement after it. Another statement
      of the flow has the same label already.
`
	if got := render(t, lang.RenderOptions{Width: 64}, d); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestRenderOfAProblemWithoutASource(t *testing.T) {
	got := render(t, lang.RenderOptions{}, lang.Diagnostic{Summary: "no such file", Hint: "look again"})
	if want := "error: no such file\n      look again\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestErrHoldsTheErrorsOnly(t *testing.T) {
	warning := problemAt(t, "«x»", "unused", "")
	warning.Severity = lang.Warning
	if err := (lang.Diagnostics{warning}).Err(); err != nil {
		t.Errorf("a warning alone gives the error %v", err)
	}
	first, second := problemAt(t, "x = «y»", "y is not declared", ""), problemAt(t, "«z»", "other", "")
	err := lang.Diagnostics{warning, first, second}.Err()
	if want := "order.flow:1:5: y is not declared (and 1 more)"; err == nil || err.Error() != want {
		t.Fatalf("got %v, want %s", err, want)
	}
	var one lang.Diagnostic
	var all lang.Diagnostics
	if !errors.As(err, &one) || one != first {
		t.Errorf("the first problem is not found in %v", err)
	}
	if !errors.As(err, &all) || len(all) != 2 {
		t.Errorf("the list is not found in %v", err)
	}
}

func TestSortOrdersByPlaceAndDropsRepetitions(t *testing.T) {
	source := lang.NewSource("order.flow", "a b c")
	at := func(offset int, summary string) lang.Diagnostic {
		return lang.Diagnostic{Source: source, Span: lang.Span{Start: offset, End: offset + 1}, Summary: summary}
	}
	got := lang.Diagnostics{at(4, "c"), at(0, "a"), at(2, "b"), at(0, "a"), at(2, "other")}.Sort()
	var summaries []string
	for _, d := range got {
		summaries = append(summaries, d.Summary)
	}
	if want := "a b other c"; strings.Join(summaries, " ") != want {
		t.Errorf("got %q, want %q", summaries, want)
	}
}

func TestLimitNeverDropsAnErrorForAWarning(t *testing.T) {
	var ds lang.Diagnostics
	for range 30 {
		ds = append(ds, lang.Diagnostic{Severity: lang.Warning, Summary: "w"})
	}
	ds = append(ds, lang.Diagnostic{Summary: "e"})
	got := ds.Limit()
	if len(got) != lang.MaxDiagnostics || !got.HasErrors() || got[0].Severity != lang.Warning {
		t.Errorf("got %d problems, errors: %v", len(got), got.HasErrors())
	}
	for range 30 {
		ds = append(ds, lang.Diagnostic{Summary: "e"})
	}
	got = ds.Limit()
	if len(got) != lang.MaxDiagnostics {
		t.Errorf("got %d problems, want %d", len(got), lang.MaxDiagnostics)
	}
	for _, d := range got {
		if d.Severity == lang.Warning {
			t.Errorf("a warning is kept while errors are dropped")
		}
	}
}
