package lang_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"flowrun/lang"
)

func TestFormattingGeneratedProgramsKeepsWhatTheySay(t *testing.T) {
	t.Parallel()
	grammar := readGrammar(t)
	for seed := range uint64(programs) {
		text := grammar.newProgram(seed)
		if checkFormat(t, text); t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

func TestFormattingKeepsWhatFlowsWithOddBlanksAndCommentsSay(t *testing.T) {
	t.Parallel()
	grammar := readGrammar(t)
	rapid.Check(t, func(t *rapid.T) {
		text := grammar.newProgram(rapid.Uint64().Draw(t, "seed"))
		lines := strings.Split(text, "\n")
		for range rapid.IntRange(0, 8).Draw(t, "changes") {
			line := rapid.IntRange(0, len(lines)-1).Draw(t, "line")
			lines[line] = rapid.SampledFrom([]func(string) string{
				func(s string) string { return "    " + s },
				func(s string) string { return "\t" + s },
				func(s string) string { return strings.TrimLeft(s, " \t") },
				func(s string) string { return s + "  " },
				func(s string) string { return s + " // at the end " },
				func(s string) string { return s + " /* a\n\tb */" },
				func(s string) string { return "/* begins */" + s },
				func(s string) string { return "// alone\n" + s },
				func(s string) string { return "\n\n\n" + s },
				func(s string) string { return s + ";" },
				func(s string) string { return s + "\r" },
			}).Draw(t, "change")(lines[line])
		}
		checkFormat(t, strings.Join(lines, "\n"))
	})
}

func TestFormattingDamagedProgramsLeavesThoseWithErrorsAlone(t *testing.T) {
	t.Parallel()
	grammar := readGrammar(t)
	for seed := range uint64(programs) {
		random := rand.New(rand.NewPCG(seed, 4))
		if checkFormat(t, damage(random, grammar.newProgram(seed))); t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

func TestFormattingKeepsWhatTheFlowsOfThisRepositorySay(t *testing.T) {
	for _, text := range flowsOfTheRepository(t) {
		checkFormat(t, text)
	}
}

// FuzzFormat starts from generated programs, the examples, the blocks of the pages
// and the chunks of the data files.
func FuzzFormat(f *testing.F) {
	grammar := readGrammar(f)
	for seed := range uint64(100) {
		f.Add(grammar.newProgram(seed))
	}
	for _, text := range flowsOfTheRepository(f) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { checkFormat(t, text) })
}

// flowBlock is a flow on a page.
var flowBlock = regexp.MustCompile("(?ms)^```flow\n(.*?)^```$")

func flowsOfTheRepository(t testing.TB) []string {
	t.Helper()
	var all []string
	for _, chunk := range dataChunks(t) {
		all = append(all, chunk.Source)
	}
	for _, pattern := range []string{"../examples/*.flow", "../docs/*.md", "../*.md"} {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			t.Fatalf("%s: found %d files: %v", pattern, len(names), err)
		}
		for _, name := range names {
			content, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if filepath.Ext(name) == ".flow" {
				all = append(all, string(content))
			}
			for _, block := range flowBlock.FindAllStringSubmatch(string(content), -1) {
				all = append(all, block[1])
			}
		}
	}
	return all
}

// failing is a test or a check of rapid.
type failing interface {
	Helper()
	Fatalf(format string, arguments ...any)
}

// checkFormat holds Format to its promises for any text.
func checkFormat(t failing, text string) {
	t.Helper()
	file, problems := lang.Parse("any.flow", text)
	formatted, diagnostics := lang.Format("any.flow", text)
	if problems.HasErrors() {
		if formatted != text || !diagnostics.HasErrors() {
			t.Fatalf("a file with errors is changed:\n%s\nto\n%s", text, formatted)
		}
		return
	}
	if len(diagnostics) > 0 {
		t.Fatalf("%v\n%s", diagnostics, text)
	}
	again, _ := lang.Format("any.flow", formatted)
	if again != formatted {
		t.Fatalf("formatted\n%s\nand again\n%s\nfrom\n%s", formatted, again, text)
	}
	after, _ := lang.Parse("any.flow", formatted)
	if got, want := shape(after), shape(file); got != want {
		t.Fatalf("the tree is now\n%s\nand was\n%s\nof\n%s\nfrom\n%s", got, want, formatted, text)
	}
	if got, want := commentTexts(after), commentTexts(file); !slices.Equal(got, want) {
		t.Fatalf("the comments are now\n%q\nand were\n%q\nin\n%s\nfrom\n%s", got, want, formatted, text)
	}
	if strings.ContainsAny(formatted, "\r") && !strings.ContainsAny(file.Source.Text, "\r") || strings.HasPrefix(formatted, "\ufeff") {
		t.Fatalf("a carriage return or a byte order mark is left in\n%q", formatted)
	}
	if formatted != "" && (!strings.HasSuffix(formatted, "\n") || strings.HasPrefix(formatted, "\n")) {
		t.Fatalf("blank lines at an end of\n%q", formatted)
	}
}

var aroundBreak = regexp.MustCompile(`[ \t]*⏎[ \t]*`)

// shape is a tree without positions, comments and the blanks at both ends of
// the lines of expressions.
func shape(file *lang.File) string { return aroundBreak.ReplaceAllString(dump(file), "⏎") }

// commentTexts gives the comments of a file without the blanks at both ends of
// their lines.
func commentTexts(file *lang.File) []string {
	var all []string
	for _, comment := range file.Comments {
		lines := strings.Split(comment.Text, "\n")
		for i := range lines {
			lines[i] = strings.Trim(lines[i], " \t")
		}
		all = append(all, strings.Join(lines, "\n"))
	}
	return all
}
