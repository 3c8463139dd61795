package lang_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"flowrun/lang"
)

// TestEachLimitHoldsAtItsEdge: what takes exactly the limit passes, one more is
// one error at the place where it is exceeded, with the limit and the option of
// the host.
func TestEachLimitHoldsAtItsEdge(t *testing.T) {
	limits := lang.Limits{Source: 4000, Expression: 100, ExpressionTokens: 30, Brackets: 7, Blocks: 4}
	nested := func(open, inner, closing string) func(int) string {
		return func(n int) string { return strings.Repeat(open, n) + inner + strings.Repeat(closing, n) }
	}
	in := func(before string, inner func(int) string, after string) func(int) string {
		return func(n int) string { return before + inner(n) + after }
	}
	const (
		split  = "split it into several statements; only a program in Go can set this limit, with Limits."
		flows  = "split it into several flows; only a program in Go can set this limit, with Limits.Source"
		bytes  = "the expression has more than 100 bytes"
		tokens = "the expression has more than 30 tokens"
		deep   = "the expression is nested deeper than 7 brackets"
		blocks = "blocks are nested deeper than 4"
		move   = "move some into a function; only a program in Go can set this limit, with Limits.Blocks"
	)
	for _, test := range []struct {
		name          string
		source        func(int) string
		limit         int
		summary, hint string
		marked        string // with one more than the limit
		line, column  int
	}{
		{"bytes of a file", nested("\n", "", ""), 4000, "the source has more than 4000 bytes", flows, "", 1, 1},
		{"bytes of a file of Windows", nested("\r\n", "", ""), 2000, "the source has more than 4000 bytes", flows, "", 1, 1},
		{"bytes of a file with a mark", in("\ufeff", nested("\n", "", ""), ""), 3997, "the source has more than 4000 bytes", flows, "", 1, 1},
		{"bytes of a word", in("x = 1\ny = ", nested("a", "", ""), ""), 100, bytes, split + "Expression", strings.Repeat("a", 101), 2, 5},
		{"bytes of a text", in("x = 1\ny = '", nested("a", "", ""), "'"), 98, bytes, split + "Expression", "'" + strings.Repeat("a", 99) + "'", 2, 5},
		{"bytes of letters", in("x = 1\ny = '", nested("é", "", ""), "'"), 49, bytes, split + "Expression", "'" + strings.Repeat("é", 50) + "'", 2, 5},
		{"bytes with a comment", in("x = 1 /*", nested("a", "", ""), "*/ + 1"), 90, bytes, split + "Expression", "1 /*" + strings.Repeat("a", 91) + "*/ + 1", 1, 5},
		{"tokens of a list", in("x = [", nested("1,", "", ""), "]"), 14, tokens, split + "ExpressionTokens", ",", 1, 35},
		{"tokens of a sum", in("x = 1", nested("+1", "", ""), "+ 1 - 1"), 12, tokens, split + "ExpressionTokens", "1", 1, 38},
		{"tokens in templates", in(`x = "${[`, nested("1,", "", ""), `]}"`), 13, tokens, split + "ExpressionTokens", `"${[` + strings.Repeat("1,", 14) + `]}"`, 1, 5},
		{"parentheses", in("x = ", nested("(", "1", ")"), ""), 7, deep, split + "Brackets", "(", 1, 12},
		{"lists", in("x = ", nested("[", "", "]"), ""), 7, deep, split + "Brackets", "[", 1, 12},
		{"maps", in("x = ", nested("{a: ", "1", "}"), ""), 7, deep, split + "Brackets", "{", 1, 33},
		{"calls", in("x = ", nested("f(", "1", ")"), ""), 7, deep, split + "Brackets", "(", 1, 20},
		{"indices", in("x = a", nested("[a", "", "]"), ""), 7, deep, split + "Brackets", "[", 1, 20},
		{"templates", in("x = ", nested(`"${`, "1", `}"`), ""), 7, deep, split + "Brackets", "$", 1, 27},
		{"text blocks", in("x = ", nested(`"""${`, "1", `}"""`), ""), 7, deep, split + "Brackets", "$", 1, 43},
		{"settings", in("f <\n  a: ", nested("(", "1", ")"), "\n>"), 7, deep, split + "Brackets", "(", 2, 13},
		{"not", in("x = ", nested("!", "a", ""), ""), 7, deep, split + "Brackets", "!", 1, 12},
		{"minus in brackets", in("x = (((", nested("-", "1", ""), ")))"), 4, deep, split + "Brackets", "-", 1, 12},
		{"not in words", in("x = ", nested("not ", "a", ""), ""), 7, deep, split + "Brackets", "not", 1, 33},
		{"if", nested("if a {", "", "}"), 4, blocks, move, "{", 1, 30},
		{"else", nested("if a { } else {", "", "}"), 4, blocks, move, "{", 1, 66},
		{"while", nested("while a {\n", "", "\n}"), 4, blocks, move, "{", 5, 9},
		{"for", nested("for x in y {\n", "", "\n}"), 4, blocks, move, "{", 5, 12},
		{"switch", nested("switch a { case 1 {", "", "}}"), 2, blocks, move, "{", 1, 48},
		{"catch", nested("f < > catch {\n", "", "\n}"), 4, blocks, move, "{", 5, 13},
		{"failover", nested("f < limit: 1 > failover {\n", "", "\n}"), 4, blocks, move, "{", 5, 25},
		{"function", in("function f < > {", nested("if a {", "", "}"), "}"), 3, blocks, move, "{", 1, 40},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, diagnostics := lang.Parse("test.flow", test.source(test.limit), lang.WithLimits(limits)); len(diagnostics) > 0 {
				t.Errorf("at the limit: %v, hint %q", diagnostics, diagnostics[0].Hint)
			}
			_, diagnostics := lang.Parse("test.flow", test.source(test.limit+1), lang.WithLimits(limits))
			if len(diagnostics) != 1 {
				t.Fatalf("above the limit: got %v", diagnostics)
			}
			d := diagnostics[0]
			if d.Severity != lang.Error || d.Summary != test.summary || d.Hint != test.hint {
				t.Errorf("got %s: %s | %s", d.Severity, d.Summary, d.Hint)
			}
			if marked := d.Source.Slice(d.Span); marked != test.marked {
				t.Errorf("it marks %q", marked)
			}
			if at := d.Range().Start; at.Line != test.line || at.Column != test.column {
				t.Errorf("it stands at %d:%d", at.Line, at.Column)
			}
		})
	}
}

// TestNestingEndsBeforeTheStackDoes: a host that asks for more than the stack
// bears gets the highest limits. Were it otherwise, this test would die.
func TestNestingEndsBeforeTheStackDoes(t *testing.T) {
	const endless = 1 << 62
	roomy := lang.Limits{Source: endless, Expression: endless, ExpressionTokens: endless, Brackets: endless, Blocks: endless}
	for _, test := range []struct{ open, close, summary string }{
		{"(", ")", "the expression is nested deeper than 10000 brackets"},
		{"!(-(", "))", "the expression is nested deeper than 10000 brackets"},
		{`"${`, `}"`, "the expression is nested deeper than 10000 brackets"},
		{"a ? ", " : b", "the expression has more than 100000 tokens"},
		{"a ** -", "", "the expression has more than 100000 tokens"},
		{"if a {", "}", "blocks are nested deeper than 1000"},
		{"f < > catch {", "}", "blocks are nested deeper than 1000"},
		{"for x in y {", "}", "blocks are nested deeper than 1000"},
	} {
		prefix := "x = "
		if strings.HasSuffix(test.open, "{") && !strings.HasPrefix(test.open, `"`) {
			prefix = ""
		}
		_, diagnostics := lang.Parse("test.flow", prefix+strings.Repeat(test.open, million)+strings.Repeat(test.close, million), lang.WithLimits(roomy))
		if len(diagnostics) != 1 || diagnostics[0].Summary != test.summary {
			t.Errorf("%s: got %v", test.open, diagnostics)
		}
	}
}

func TestALimitThatTheStackDoesNotBearIsRefused(t *testing.T) {
	for _, test := range []struct {
		limits lang.Limits
		want   string
	}{
		{lang.Limits{}, ""},
		{lang.DefaultLimits, ""},
		{lang.Limits{ExpressionTokens: lang.MaxExpressionTokens, Brackets: lang.MaxBrackets, Blocks: lang.MaxBlocks}, ""},
		{lang.Limits{Brackets: 10_001}, "the limit Brackets is 10001, more than the highest, 10000"},
		{lang.Limits{ExpressionTokens: 100_001}, "the limit ExpressionTokens is 100001, more than the highest, 100000"},
		{lang.Limits{Blocks: 1_001}, "the limit Blocks is 1001, more than the highest, 1000"},
	} {
		got := ""
		if err := test.limits.Check(); err != nil {
			got = err.Error()
		}
		if got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}

// TestASourceTooLargeIsNotCopied: neither the size of the file nor what is in it
// changes what its error costs.
func TestASourceTooLargeIsNotCopied(t *testing.T) {
	for name, part := range map[string]string{"lines": "\n", "lines of Windows": "\r\n", "NUL": "\x00", "letters": "é", "no UTF-8": "\xff", "UTF-16": "\xff\xfe"} {
		text := strings.Repeat(part, 100_000_000/len(part))
		result := testing.Benchmark(func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, diagnostics := lang.Parse("test.flow", text)
				if len(diagnostics) != 1 || diagnostics[0].Summary != "the source has more than 1048576 bytes" {
					b.Fatalf("%s: got %v", name, diagnostics)
				}
				if part == "é" && !utf8.ValidString(diagnostics[0].Source.Text) {
					b.Fatal("the beginning of the source ends inside a character")
				}
			}
		})
		if used := result.AllocedBytesPerOp(); used > 100_000 {
			t.Errorf("%s: %d bytes were allocated", name, used)
		}
	}
}

// TestAFileThatIsNoTextHasOneProblem: whatever else is in it, one error says what
// is wrong with it, and where.
func TestAFileThatIsNoTextHasOneProblem(t *testing.T) {
	utf16 := func(mark, pattern string) string {
		return mark + strings.ReplaceAll(strings.Repeat(pattern, 1000), "x", "\x00")
	}
	for _, test := range []struct{ name, text, summary, hint string }{
		{"NUL", strings.Repeat("\x00", 1000), "unexpected NUL character", "remove it; is this a text file?"},
		{"NUL on lines", strings.Repeat("\x00\n", 1000), "unexpected NUL character", "remove it; is this a text file?"},
		{"NUL between letters", utf16("", "axbx\n"), "unexpected NUL character", "remove it; is this a text file?"},
		{"no UTF-8", strings.Repeat("\xff", 1000), "byte 0xFF is not valid UTF-8", "save the file as UTF-8"},
		{"ISO 8859-1", strings.Repeat("x = 'caf\xe9 cr\xe8me'\n", 1000), "byte 0xE9 is not valid UTF-8", "save the file as UTF-8"},
		{"UTF-16 with the low byte first", utf16("\xff\xfe", "ax=x1x\nx"), "the source is UTF-16", "save the file as UTF-8"},
		{"UTF-16 with the high byte first", utf16("\xfe\xff", "xax=x1x\n"), "the source is UTF-16", "save the file as UTF-8"},
	} {
		_, diagnostics := lang.Parse("test.flow", test.text)
		if len(diagnostics) == 0 {
			t.Errorf("%s: nothing is reported", test.name)
			continue
		}
		if d := diagnostics[0]; d.Summary != test.summary || d.Hint != test.hint || d.Range().Start.Line != 1 {
			t.Errorf("%s: got %v with the hint %q", test.name, d, d.Hint)
		}
		for _, d := range diagnostics[1:] {
			t.Errorf("%s: and then %v", test.name, d)
		}
	}
}
