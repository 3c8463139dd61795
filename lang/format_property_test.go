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
	for seed := range uint64(programs / 5) {
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
	for seed := range uint64(programs / 5) {
		random := rand.New(rand.NewPCG(seed, 4))
		if checkFormat(t, damage(random, grammar.newProgram(seed))); t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

func TestFormattingKeepsWhatTheFlowsOfThisRepositorySay(t *testing.T) {
	for _, text := range flowsOfTheRepository(t) {
		checkFormat(t, text)
		checkFormatAs(t, "any_test.flow", text)
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
	f.Fuzz(func(t *testing.T, text string) {
		checkFormat(t, text)
		checkFormatAs(t, "any_test.flow", text)
	})
}

// writtenFlow is a flow that the repository shows.
type writtenFlow struct {
	from string // the file that it is in
	name string
	text string
}

// flowBlock is a flow, or a file of tests, on a page.
var flowBlock = regexp.MustCompile("(?ms)^```flow(-test)?\n(.*?)^```$")

// writtenFlows gives the examples and the flows on the pages.
func writtenFlows(t testing.TB) []writtenFlow {
	t.Helper()
	var all []writtenFlow
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
				all = append(all, writtenFlow{from: name, name: filepath.Base(name), text: string(content)})
			}
			for _, block := range flowBlock.FindAllStringSubmatch(string(content), -1) {
				all = append(all, writtenFlow{from: name, name: strings.ReplaceAll("any"+block[1], "-", "_") + ".flow", text: block[2]})
			}
		}
	}
	return all
}

func flowsOfTheRepository(t testing.TB) []string {
	t.Helper()
	var all []string
	for _, chunk := range dataChunks(t) {
		all = append(all, chunk.Source)
	}
	for _, flow := range writtenFlows(t) {
		all = append(all, flow.text)
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
	checkFormatAs(t, "any.flow", text)
}

func checkFormatAs(t failing, name, text string) {
	t.Helper()
	file, problems := lang.Parse(name, text)
	formatted, diagnostics := lang.Format(name, text)
	if problems.HasErrors() {
		if formatted != text || !diagnostics.HasErrors() {
			t.Fatalf("a file with errors is changed:\n%s\nto\n%s", text, formatted)
		}
		return
	}
	if len(diagnostics) > 0 {
		t.Fatalf("%v\n%s", diagnostics, text)
	}
	again, _ := lang.Format(name, formatted)
	if again != formatted {
		t.Fatalf("formatted\n%s\nand again\n%s\nfrom\n%s", formatted, again, text)
	}
	after, _ := lang.Parse(name, formatted)
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
