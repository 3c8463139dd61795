// Package docs_test holds the pages beside it to what the language does.
package docs_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"flowrun/builtins"
	"flowrun/builtins/email"
	"flowrun/lang"
	"flowrun/runtime"
	"flowrun/store"
)

// block is a piece of code on a page.
type block struct {
	kind string // the word after the opening fence
	line int    // of the fence
	text string
}

var fence = regexp.MustCompile("(?m)^```(.*)\n(?s:(.*?))^```$")

func blocks(t *testing.T, page string) []block {
	t.Helper()
	content, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	var all []block
	for _, place := range fence.FindAllSubmatchIndex(content, -1) {
		all = append(all, block{
			kind: string(content[place[2]:place[3]]),
			line: 1 + strings.Count(string(content[:place[0]]), "\n"),
			text: string(content[place[4]:place[5]]),
		})
	}
	return all
}

func pages(t *testing.T) []string {
	t.Helper()
	pages, err := filepath.Glob("*.md")
	if err != nil || len(pages) == 0 {
		t.Fatalf("no pages: %v", err)
	}
	return append(pages, "../README.md")
}

func standardEngine(t *testing.T) *runtime.Engine {
	t.Helper()
	st, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "store.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	config := builtins.Config{Email: email.Config{Store: st}}
	engine, err := runtime.New(runtime.WithComponents(builtins.Standard(config)...))
	if err != nil {
		t.Fatal(err)
	}
	return engine
}

func TestEveryFlowOnThePagesChecksWithoutAWarning(t *testing.T) {
	engine := standardEngine(t)
	for _, page := range pages(t) {
		for _, b := range blocks(t, page) {
			if b.kind != "flow" {
				continue
			}
			t.Run(fmt.Sprintf("%s:%d", filepath.Base(page), b.line), func(t *testing.T) {
				_, diagnostics := engine.Compile("block.flow", b.text)
				if len(diagnostics) > 0 {
					t.Error(rendered(diagnostics))
				}
			})
		}
	}
}

// expected is the comment that says which error a line of a ```flow-error block
// has.
var expected = regexp.MustCompile(`// error: (.+)$`)

func TestEveryMistakeOnThePagesIsReportedAsThePageSays(t *testing.T) {
	engine := standardEngine(t)
	for _, page := range pages(t) {
		for _, b := range blocks(t, page) {
			if b.kind != "flow-error" {
				continue
			}
			t.Run(fmt.Sprintf("%s:%d", filepath.Base(page), b.line), func(t *testing.T) {
				var want, got []string
				for i, line := range strings.Split(b.text, "\n") {
					if summary := expected.FindStringSubmatch(line); summary != nil {
						want = append(want, fmt.Sprintf("%d: %s", i+1, summary[1]))
					}
				}
				_, diagnostics := engine.Compile("block.flow", b.text)
				for _, d := range diagnostics {
					got = append(got, fmt.Sprintf("%d: %s", d.Range().Start.Line, d.Summary))
				}
				if !slices.Equal(got, want) {
					t.Errorf("got\n%s\nwant %q", rendered(diagnostics), want)
				}
			})
		}
	}
}

func TestEveryBlockOfTheLanguagePageIsOfAKnownKind(t *testing.T) {
	for _, b := range blocks(t, "language.md") {
		if !slices.Contains([]string{"flow", "flow-error", ""}, b.kind) {
			t.Errorf("language.md:%d: no test reads a block of %q", b.line, b.kind)
		}
	}
}

// TestEveryGoBlockIsPartOfATestedExample looks for the blocks in the files with
// examples, also with the indentation of an example's body taken away.
func TestEveryGoBlockIsPartOfATestedExample(t *testing.T) {
	var examples strings.Builder
	for _, file := range exampleFiles(t) {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		examples.Write(content)
		examples.WriteString(strings.ReplaceAll(string(content), "\n\t", "\n"))
	}
	for _, page := range pages(t) {
		if filepath.Base(page) == "README.md" {
			continue // its block is an Example of package builtins, held to it elsewhere
		}
		for _, b := range blocks(t, page) {
			if b.kind == "go" && !strings.Contains(examples.String(), b.text) {
				t.Errorf("%s:%d: the block is in no example", page, b.line)
			}
		}
	}
}

// exampleFiles are the files with examples of all packages.
func exampleFiles(t *testing.T) []string {
	t.Helper()
	var files []string
	for _, folder := range []string{"runtime", "builtins", "observe", "flowtest"} {
		err := filepath.WalkDir(filepath.Join("..", folder), func(path string, _ fs.DirEntry, err error) error {
			if matched, _ := filepath.Match("example*_test.go", filepath.Base(path)); matched {
				files = append(files, path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return files
}

func rendered(diagnostics lang.Diagnostics) string {
	var out strings.Builder
	if err := diagnostics.Render(&out, lang.RenderOptions{}); err != nil {
		return err.Error()
	}
	return out.String()
}
