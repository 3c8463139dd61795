package lang_test

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"flowrun/lang"
)

// programs is the number of generated programs of one test. The fuzz targets go on
// with others.
const programs = 1000

func TestProgramsGeneratedFromTheGrammarParse(t *testing.T) {
	t.Parallel()
	text := generatedParse(t, "generated.flow", readGrammar(t).newProgram)
	for _, word := range append(lang.Keywords(), lang.ReservedWords()...) {
		if word != "let" && !regexp.MustCompile(`\b`+word+`\b`).MatchString(text) {
			t.Errorf("no program holds %s", word)
		}
	}
	for _, mark := range []string{`"""`, "`", "'", "${", `\${`, "?.[", "??", "..", "**", "#!", "//", "/*", "\r\n", "0x", `\u{`} {
		if !strings.Contains(text, mark) {
			t.Errorf("no program holds %s", mark)
		}
	}
}

func TestTestFilesGeneratedFromTheGrammarParse(t *testing.T) {
	t.Parallel()
	text := generatedParse(t, "generated_test.flow", readGrammar(t).newTestProgram)
	for _, word := range append(lang.TestKeywords(), "mock") {
		if !regexp.MustCompile(`\b` + word + `\b`).MatchString(text) {
			t.Errorf("no test file holds %s", word)
		}
	}
}

// generatedParse demands that generated programs parse, and gives them all.
func generatedParse(t *testing.T, name string, newText func(seed uint64) string) string {
	t.Helper()
	var all strings.Builder
	failures := 0
	for seed := range uint64(programs) {
		text := newText(seed)
		all.WriteString(text)
		_, diagnostics := lang.Parse(name, text)
		if diagnostics.HasErrors() {
			var out strings.Builder
			diagnostics.Render(&out, lang.RenderOptions{})
			t.Errorf("seed %d:\n%s\nfrom\n%s", seed, out.String(), text)
			if failures++; failures == 5 {
				t.Fatal("further programs are left out")
			}
		}
	}
	return all.String()
}

func TestDamagedProgramsAreReportedAndNothingElse(t *testing.T) {
	t.Parallel()
	grammar := readGrammar(t)
	for seed := range uint64(programs) {
		random := rand.New(rand.NewPCG(seed, 2))
		checkParse(t, damage(random, grammar.newProgram(seed)))
	}
}

func FuzzParse(f *testing.F) {
	grammar := readGrammar(f)
	for seed := range uint64(100) {
		f.Add(grammar.newProgram(seed))
	}
	f.Fuzz(func(t *testing.T, text string) { checkParse(t, text) })
}

// checkParse parses any text and holds the diagnostics to what they promise.
func checkParse(t *testing.T, text string) {
	t.Helper()
	file, diagnostics := lang.Parse("damaged.flow", text)
	if file == nil {
		t.Fatalf("no tree:\n%s", text)
	}
	if len(diagnostics) > lang.MaxDiagnostics {
		t.Errorf("got %d diagnostics:\n%s", len(diagnostics), text)
	}
	last := 0
	for _, d := range diagnostics {
		switch source := d.Source; {
		case source == nil:
			t.Errorf("no source in %v:\n%s", d, text)
		case d.Span.Start < last:
			t.Errorf("%v stands after a later one:\n%s", d, text)
		case d.Span.Start > d.Span.End || d.Span.End > len(source.Text):
			t.Errorf("the range %v of %v is outside of the text:\n%s", d.Span, d, text)
		case !boundary(source.Text, d.Span.Start) || !boundary(source.Text, d.Span.End):
			t.Errorf("the range %v of %v cuts a character:\n%s", d.Span, d, text)
		}
		last = d.Span.Start
		if first, _ := utf8.DecodeRuneInString(d.Summary); d.Summary == "" || unicode.IsUpper(first) ||
			strings.ContainsRune(d.Summary, '\n') || strings.HasSuffix(d.Summary, ".") {
			t.Errorf("%q is not a line in lower case without a full stop", d.Summary)
		}
	}
}

// boundary reports whether an offset is between two characters.
func boundary(text string, offset int) bool {
	return offset == len(text) || utf8.RuneStart(text[offset]) || !utf8.ValidString(text)
}

var (
	crudeToken = regexp.MustCompile(`[\pL_][\pL\d_]*|\d+|\s+|"""|\$\{|[<>=!?|&*./]{2}|(?s:.)`)
	inserted   = []string{
		"<", ">", "{", "}", "(", ")", "[", "]", `"`, "'", "`", `"""`, "${", "\\", "$", "#", ",", ":", ";", ".", "?.", "??", "..",
		"=", "==", "|", "not", "in", "if", "else", "for", "failover", "catch", "input", "function", "goto", "global", "return",
		"\n", "//", "/*", "*/", "0x", "1e", "\x00", "\xff", "\u202e", "ǃ", "\r", "世",
	}
)

// damage deletes, doubles, swaps and inserts tokens and bytes.
func damage(random *rand.Rand, text string) string {
	tokens := crudeToken.FindAllString(text, -1)
	for range 1 + random.IntN(4) {
		if len(tokens) < 2 {
			break
		}
		i, j := random.IntN(len(tokens)), random.IntN(len(tokens))
		switch random.IntN(6) {
		case 0:
			tokens[i] = ""
		case 1:
			tokens[i] += tokens[i]
		case 2:
			tokens[i], tokens[j] = tokens[j], tokens[i]
		case 3:
			tokens[i] += inserted[random.IntN(len(inserted))]
		case 4:
			tokens = tokens[:i+1]
		case 5:
			if at := random.IntN(len(tokens[i]) + 1); at < len(tokens[i]) {
				tokens[i] = tokens[i][:at] + tokens[i][at+1:]
			}
		}
	}
	return strings.Join(tokens, "")
}
