package lang_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"flowrun/lang"
)

// TestTheLinesEndDecidesWhetherAnEntryGoesOn shows section 2's rule for the prompt.
func TestTheLinesEndDecidesWhetherAnEntryGoesOn(t *testing.T) {
	for _, text := range []string{
		"if a {", "if a {\n  x = 1", "if a {\n} else {", "if a {\nwhile b {\n}", "for x in [1, 2] {", "for k,",
		"switch a {", "switch a {\n  case 1 {\n  }", "switch a {\n  case 1,", "function f < a: int", "function f < a,", "function f < > {",
		"sendEmail <", "sendEmail < to: \"a\"", "sendEmail < to: \"a\",", "sendEmail <\n  to: \"a\"\n  copy: [", "x = sendEmail <",
		"x = sendEmail < to: \"a\"", "x = crm.addNote <", "log < message: \"a\" > catch {", "flow service \"x\" <",
		"x = [1,", "x = [\n1", "x = {", "x = f(a", "x = (a", "xs[", "xs[1", "[1, 2", "{", "{\"a\": 1,", "{a: [1", "len(",
		"x = a +", "x = a and", "x = a ?", "x = a ? b :", "x = a.", "x = a?.", "x = a |", "x = a <", "x = a not in", "a <", "a +", "a ||",
		"x = a + // why", "x = a +\n", "x = \"\"\"", "x = \"\"\"\n  a", "x = \"\"\"${", "x = \"\"\"${[", "x = `a", "`", "\"\"\"",
		"/* a", "x = 1 /* a", "if a and", "while (a", "return [", "return a +", "input x = [", "x = 1; y = [",
	} {
		if !lang.Incomplete(text) {
			t.Errorf("%q counts as complete", text)
		}
	}
	for _, text := range []string{
		"", "\n", "// a", "x = 1", "x =", "x = [1, 2]", "x", "a < b", "x = a >", "a >", "if a", "if a { }", "if a { x = 1 }", "if a {\n}\n", "else",
		"sendEmail < >", "sendEmail < to: \"a\" >", "x = \"a", "x = 'a", "x = \"${", "x = \"${[1", "x = \"a ${b", "again:", "goto", "goto x",
		"}", ")", "x = ]", "flow \"a\"", "{\"a\": 1}", "{}", "`a`", "\"\"\"a\"\"\"", "/* a */", "x = -", "x = not", "return", "x = 1 +* 2", "\x00[", "for x in",
	} {
		if lang.Incomplete(text) {
			t.Errorf("%q counts as incomplete", text)
		}
	}
}

// TestEveryStatementIsIncompleteUpToItsLastLine goes through the statements of all
// sources that check, line by line.
func TestEveryStatementIsIncompleteUpToItsLastLine(t *testing.T) {
	lines := 0
	for _, source := range validSources(t) {
		file, _ := lang.Parse("a.flow", source)
		for i, statement := range file.Body.Statements {
			span := statement.Place()
			if shared(file, i) {
				continue
			}
			text := file.Source.Slice(span)
			for end := strings.IndexByte(text, '\n'); end >= 0; {
				prefix, rest := text[:end], text[end+1:]
				lines++
				if !lang.Incomplete(prefix) && !joinsBackwards(rest) {
					t.Errorf("complete before its last line:\n%s\n…\n%s", prefix, rest)
				}
				next := strings.IndexByte(rest, '\n')
				if next < 0 {
					break
				}
				end += 1 + next
			}
			if lang.Incomplete(text) || lang.Incomplete(text+"\n") {
				t.Errorf("incomplete:\n%s", text)
			}
		}
	}
	if lines < 200 {
		t.Errorf("only %d lines were tried", lines)
	}
}

// shared reports whether the statement of an index has a line in common with its
// neighbours, a label's included.
func shared(file *lang.File, i int) bool {
	place := func(i int) lang.Range { return file.Source.Range(file.Body.Statements[i].Place()) }
	return i > 0 && place(i-1).End.Line == place(i).Start.Line ||
		i+1 < len(file.Body.Statements) && place(i+1).Start.Line == place(i).End.Line
}

// joinsBackwards reports whether a line goes on with the one before by its own
// first token.
func joinsBackwards(rest string) bool {
	for line := range strings.Lines(rest) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "//") {
			continue
		}
		for _, first := range []string{
			"else", "failover", "catch", "in ", "not ", "and ", "or ", "matches ", "contains ", "startsWith ", "endsWith ",
			"+", "-", "*", "/", "%", "^", "|", "?", "&", "=", "!", "<=", ">=", ".", ":",
		} {
			if strings.HasPrefix(line, first) {
				return true
			}
		}
		return false
	}
	return false
}

// validSources are the sources of the tests and the examples that have no errors.
func validSources(t *testing.T) []string {
	t.Helper()
	var sources []string
	for _, chunk := range dataChunks(t) {
		sources = append(sources, chunk.Source)
	}
	examples, err := filepath.Glob("../examples/*.flow")
	if err != nil || len(examples) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	for _, file := range examples {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		sources = append(sources, string(text))
	}
	valid := sources[:0]
	for _, source := range sources {
		if _, diagnostics := lang.Parse("a.flow", source); !diagnostics.HasErrors() {
			valid = append(valid, source)
		}
	}
	return valid
}
