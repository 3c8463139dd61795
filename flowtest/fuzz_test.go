package flowtest_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"flowrun/flowtest"
	"flowrun/runtime"
)

// FuzzTestFiles checks and runs any text as a test file. It starts from the tests
// of the examples.
func FuzzTestFiles(f *testing.F) {
	files, err := filepath.Glob("../examples/*_test.flow")
	if err != nil || len(files) == 0 {
		f.Fatalf("no files: %v", err)
	}
	for _, file := range append(files, "testdata/trial_test.flow", "testdata/invitation_test.flow") {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	for _, text := range []string{
		"test \"a\" { run \"a.flow\" < order: 1 > catch { expect false } }",
		"function f < > { run \"a.flow\" < > }\ntest \"a\" { f < > }\ntest \"b\" { goto x; x: }",
		"test \"a\" { while true { expect 1 == 2 } }",
		"test \"a\" { while true { mock a.b < returns: 1 > } }",
		"test \"a\" { while true { smtp < reply: \"451\", times: 1 > } }",
		"stop\ntest \"a\" { }",
		"if true { stop }\ntest \"a\" { }",
		"test \"a\" { expect not (1 < 2 < 3 or (true and not false)) and \"x\" in [\"y\"] }",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(text, "/") || strings.Contains(text, "\\") {
			return // its runs stay in the folder
		}
		t.Chdir(t.TempDir())
		write(t, "a.flow", "input order: any = nil\nsendEmail < to: \"ann@example.com\", subject: \"x\", message: \"y\" >\nreturn order")
		write(t, "a_test.flow", text)
		config := flowtest.Config{Limits: runtime.Limits{Steps: 5_000}}
		flowtest.Check("a_test.flow", text, config)
		for _, file := range flowtest.Run(t.Context(), []string{"a_test.flow"}, config).Files {
			for _, test := range file.Tests {
				for _, failure := range test.Failures {
					if strings.ContainsAny(failure.String(), "\x00\x1b\x07") {
						t.Errorf("a control character is shown: %q", failure.String())
					}
				}
			}
		}
	})
}
