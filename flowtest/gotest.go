package flowtest

import (
	"context"
	"path/filepath"
	"strings"

	"flowrun/lang"
)

// T is what RunT needs of a *testing.T.
type T[Sub any] interface {
	Helper()
	Context() context.Context
	Run(name string, f func(Sub)) bool
	Log(arguments ...any)
	Error(arguments ...any)
	Fatal(arguments ...any)
}

// RunT runs the test files that a pattern of path/filepath names as subtests of a
// Go test, one a file and below it one a test:
//
//	func TestFlows(t *testing.T) {
//		flowtest.RunT(t, "testdata/*_test.flow", flowtest.Config{Components: components})
//	}
//
// No file is an error, too.
func RunT[Sub T[Sub]](t Sub, pattern string, config Config) {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	files = testFiles(files)
	if len(files) == 0 {
		t.Fatal(pattern + " has " + ErrNoFiles.Error())
	}
	for _, name := range files {
		t.Run(filepath.Base(name), func(t Sub) {
			t.Helper()
			file := runFile(t.Context(), name, config)
			var b strings.Builder
			file.Diagnostics.Render(&b, lang.RenderOptions{})
			switch {
			case file.Err != nil:
				t.Fatal(file.Err)
			case file.Diagnostics.HasErrors():
				t.Fatal("\n" + b.String())
			}
			for _, test := range file.Tests {
				t.Run(test.Name, func(t Sub) {
					t.Helper()
					for _, failure := range test.Failures {
						t.Error("\n" + failure.String())
					}
					for _, warning := range test.Warnings {
						t.Log("\nwarning: " + warning.String())
					}
				})
			}
		})
	}
}

func testFiles(files []string) []string {
	var tests []string
	for _, file := range files {
		if lang.IsTestFile(file) {
			tests = append(tests, file)
		}
	}
	return tests
}
