package lang_test

import (
	"strings"
	"testing"

	"flowrun/lang"
)

// tree parses a source that must have no problems and gives its dump.
func tree(t *testing.T, text string) string {
	t.Helper()
	file, diagnostics := lang.Parse("test.flow", text)
	for _, d := range diagnostics {
		t.Errorf("%v\n%s", d, text)
	}
	return dump(file)
}

// sameTree parses both and demands one tree.
func sameTree(t *testing.T, text, want string) {
	t.Helper()
	if got, wanted := tree(t, text), tree(t, want); got != wanted {
		t.Errorf("got\n%s\nof\n%s\nwant\n%s", got, text, wanted)
	}
}

// hasTree demands the dump of a source.
func hasTree(t *testing.T, text, want string) {
	t.Helper()
	if got := tree(t, text); strings.TrimSpace(got) != strings.TrimSpace(want) {
		t.Errorf("got\n%s\nof\n%s\nwant\n%s", got, text, want)
	}
}

func TestCRLFCountsAsLF(t *testing.T) {
	sameTree(t, "x = 1\r\ny = `a\r\nb`\r\n", "x = 1\ny = `a\nb`\n")
}

func TestAByteOrderMarkIsDropped(t *testing.T) {
	sameTree(t, "\ufeffx = 1", "x = 1")
}

func TestCommentsStandBetweenAnyTwoTokens(t *testing.T) {
	sameTree(t,
		`/*a*/ x /*b*/ = /*c*/ f /*d*/ < /*e*/ a /*f*/ : /*g*/ 1 /*h*/ , // i
		/*j*/ b: 2 // k
		// l
		> /*m*/ catch /*n*/ e /*o*/ { // p
		} // q`,
		"x = f < a: 1, b: 2 > catch e { }")
	sameTree(t, "for /*a*/ k /*b*/ , /*c*/ v /*d*/ in /*e*/ m /*f*/ { }", "for k, v in m { }")
	sameTree(t, "if /*a*/ x /*b*/ { } /*c*/ else /*d*/ if /*e*/ y { } // f\n/*g*/ else /*h*/ { }", "if x { } else if y { } else { }")
}

func TestAllCommentsAreKeptInOrder(t *testing.T) {
	file, _ := lang.Parse("test.flow", "#!/bin/flowrun\nx = a /*1*/ + // 2\n  b // 3\n/*4*/\n// 5")
	var texts []string
	for _, comment := range file.Comments {
		texts = append(texts, comment.Text)
	}
	if got, want := strings.Join(texts, "|"), "#!/bin/flowrun|/*1*/|// 2|// 3|/*4*/|// 5"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestAStatementEndsAtANewlineASemicolonOrItsBlocksBrace(t *testing.T) {
	sameTree(t, "x = 1; y = 2;; z = 3\nif a { b = 1 }", "x = 1\ny = 2\nz = 3\nif a {\n  b = 1\n}")
}

func TestALineGoesOnInsideBrackets(t *testing.T) {
	hasTree(t, "x = f(\n1\n,\n[2\n, 3\n]\n,\n{a\n:\n4}\n)\ny = 2", "x = f(⏎1⏎,⏎[2⏎, 3⏎]⏎,⏎{a⏎:⏎4}⏎)\ny = 2")
}

func TestALineGoesOnAfterAComma(t *testing.T) {
	sameTree(t, "for k,\n\n v in m { }\nswitch x { case 1,\n 2 { } }", "for k, v in m { }\nswitch x { case 1, 2 { } }")
}

func TestALineGoesOnWhenItsLastTokenIsAnOperator(t *testing.T) {
	for _, operator := range []string{
		"+", "-", "*", "/", "%", "**", "^", "==", "!=", "<=", ">=", "&&", "||", "??", "..", "and", "or", "in", "matches",
		"contains", "startsWith", "endsWith", "not in", "<", "?.", ".",
	} {
		hasTree(t, "x = a "+operator+" // why\n\nb\ny = 1", "x = a "+operator+" // why⏎⏎b\ny = 1")
	}
	hasTree(t, "x = a ?\nb :\nc\ny = xs |\nlen()", "x = a ?⏎b :⏎c\ny = xs |⏎len()")
}

func TestALineGoesOnWhenTheNextBeginsWithAnOperator(t *testing.T) {
	for _, operator := range []string{
		"+", "-", "*", "/", "%", "**", "^", "==", "!=", "<=", ">=", "&&", "||", "??", "..", "and", "or", "in", "matches",
		"contains", "startsWith", "endsWith", "not in", "not contains", "?.", ".",
	} {
		hasTree(t, "x = a\n\n// why\n"+operator+" b\ny = 1", "x = a⏎⏎// why⏎"+operator+" b\ny = 1")
	}
	hasTree(t, "x = a\n? b\n: c\ny = xs\n| len()", "x = a⏎? b⏎: c\ny = xs⏎| len()")
}

func TestAngleMarksNeverJoinLinesExceptAnOpeningOneAtALinesEnd(t *testing.T) {
	hasTree(t, "x = a <\nb", "x = a <⏎b")
	hasTree(t, "x = f <\na: 1\n>", "x = call f\n  a: 1")
	for _, text := range []string{"x = a >\nb", "x = a\n< b", "x = a\n> b"} {
		if _, diagnostics := lang.Parse("test.flow", text); !diagnostics.HasErrors() {
			t.Errorf("%q was accepted", text)
		}
	}
}

func TestAWordAfterADotIsAMemberAndNeverAnOperator(t *testing.T) {
	hasTree(t, "x = a.in\ny = a?.not\nz = a.and + b.if\nw = a.\n  or", "x = a.in\ny = a?.not\nz = a.and + b.if\nw = a.⏎  or")
}

func TestElseFailoverAndCatchMayBeginTheNextLine(t *testing.T) {
	sameTree(t, "if a { }\nelse if b { }\n\nelse { }\nf < limit: 1 >\nfailover { }\n// why\ncatch e { }",
		"if a { } else if b { } else { }\nf < limit: 1 > failover { } catch e { }")
}

func TestEveryWordIsAllowedAsMemberKeyAndMapKey(t *testing.T) {
	for _, word := range append(lang.Keywords(), lang.ReservedWords()...) {
		hasTree(t, "x = a."+word+" + b?."+word+"\ny = {"+word+": 1}\nf < "+word+": 1, "+word+"s: 2 >\na."+word+" = 1",
			"x = a."+word+" + b?."+word+"\ny = {"+word+": 1}\ncall f\n  "+word+": 1\n  "+word+"s: 2\na."+word+" = 1")
	}
}

func TestKeywordsNameNothing(t *testing.T) {
	for _, word := range append(lang.Keywords(), lang.ReservedWords()...) {
		if !lang.IsKeyword(word) {
			t.Errorf("IsKeyword(%q) is false", word)
		}
		for _, text := range []string{"input " + word, "function f < " + word + " > { }", "for " + word + " in xs { }", word + " = 1", "goto " + word} {
			if _, diagnostics := lang.Parse("test.flow", text); !diagnostics.HasErrors() {
				t.Errorf("%q was accepted", text)
			}
		}
	}
}

func TestTestKeywordsAreReservedInTestFilesOnly(t *testing.T) {
	for _, word := range lang.TestKeywords() {
		text := "input " + word + "\n"
		if _, diagnostics := lang.Parse("a.flow", text); diagnostics.HasErrors() {
			t.Errorf("%q in a.flow: %v", word, diagnostics)
		}
		if _, diagnostics := lang.Parse("a_test.flow", text); !diagnostics.HasErrors() {
			t.Errorf("%q was accepted in a_test.flow", word)
		}
		if lang.IsKeyword(word) {
			t.Errorf("IsKeyword(%q) is true", word)
		}
	}
}

func TestStatementsOfTestsAreReadAsTheyStand(t *testing.T) {
	file, diagnostics := lang.Parse("order_test.flow", `test "greylisted" < now: "2026-11-23" > {
  x.y = run "order.flow" < limit: 1 > catch e { expect e.kind == "smtp" }
  mock crm.add < returns: 1 >
}`)
	want := `test "greylisted"
  now: «2026-11-23»
  x.y = run "order.flow"
    limit: 1
  catch e
    expect e.kind == «smtp»
  mock crm.add
    returns: 1
`
	if got := dump(file); len(diagnostics) > 0 || got != want {
		t.Errorf("%v\n%s", diagnostics, got)
	}
}

func TestStatementsOfTestsStandInTestFilesOnly(t *testing.T) {
	for _, text := range []string{`test "a" { }`, `run "order.flow" < >`, "expect true", "mock http < >"} {
		if _, diagnostics := lang.Parse("order.flow", text); !diagnostics.HasErrors() {
			t.Errorf("%s was accepted", text)
		}
	}
}

func TestCharactersThatAreNoTextAreReportedAtTheirPlace(t *testing.T) {
	for _, test := range []struct {
		text         string
		line, column int
		summary      string
	}{
		{"x = 1\ny = 2 \x00\x00 ", 2, 7, "unexpected NUL character"},
		{"ä = \"\xff\"", 1, 6, "byte 0xFF is not valid UTF-8"},
		{"x = 1 // \xc3(", 1, 10, "byte 0xC3 is not valid UTF-8"},
		{"x = 1\n\x1b[0m", 2, 1, "unexpected control character U+001B"},
		{"x = 1\ry = 2", 1, 6, "unexpected control character U+000D"},
		{"x = \"\x07\"", 1, 6, "unexpected control character U+0007"},
	} {
		_, diagnostics := lang.Parse("test.flow", test.text)
		if len(diagnostics) == 0 {
			t.Errorf("%q was accepted", test.text)
			continue
		}
		start := diagnostics[0].Range().Start
		if d := diagnostics[0]; d.Summary != test.summary || start.Line != test.line || start.Column != test.column {
			t.Errorf("%q: got %d:%d %s", test.text, start.Line, start.Column, d.Summary)
		}
	}
}
