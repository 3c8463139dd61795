package docs_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"flowrun/flowtest"
)

// TestTheTestsOnThePageHold writes the blocks of testing.md that begin with the
// name of a file into a folder and runs the tests among them. The failures of a
// test file are those of the ```text block that follows it.
func TestTheTestsOnThePageHold(t *testing.T) {
	page := blocks(t, "testing.md")
	t.Chdir(t.TempDir())
	for _, b := range page {
		if name, named := strings.CutPrefix(strings.SplitN(b.text, "\n", 2)[0], "// "); named && filepath.Ext(name) == ".flow" {
			if err := os.WriteFile(name, []byte(b.text), 0o600); err != nil {
				t.Fatal(err)
			}
		} else if b.kind == "flow" || b.kind == "flow-test" {
			t.Errorf("testing.md:%d: the block does not begin with // NAME.flow", b.line)
		}
	}
	tests := 0
	for i, b := range page {
		if b.kind != "flow-test" {
			continue
		}
		name := strings.TrimPrefix(strings.SplitN(b.text, "\n", 2)[0], "// ")
		if diagnostics := flowtest.Check(name, b.text, flowtest.Config{}); len(diagnostics) > 0 {
			t.Errorf("testing.md:%d:\n%s", b.line, rendered(diagnostics))
		}
		file := flowtest.Run(t.Context(), []string{name}, flowtest.Config{}).Files[0]
		var got, want strings.Builder
		for _, test := range file.Tests {
			tests++
			for _, failure := range test.Failures {
				got.WriteString(failure.String() + "\n")
			}
		}
		if i+1 < len(page) && page[i+1].kind == "text" {
			want.WriteString(page[i+1].text)
		}
		if got.String() != want.String() || file.Err != nil {
			t.Errorf("testing.md:%d: %v\n%s", b.line, file.Err, got.String())
		}
	}
	if tests < 10 {
		t.Errorf("only %d tests ran", tests)
	}
}

func TestEveryBlockOfTheTestingPageIsOfAKnownKind(t *testing.T) {
	for _, b := range blocks(t, "testing.md") {
		switch b.kind {
		case "flow", "flow-test", "text", "go", "console", "":
		default:
			t.Errorf("testing.md:%d: no test reads a block of %q", b.line, b.kind)
		}
	}
}
