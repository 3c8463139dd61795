package flowtest_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"flowrun/flowtest"
)

func TestNothingIsReadButTheFilesThatAHostGives(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "secret.flow", "hunter2 = ")
	write(t, "sub/secret.flow", "hunter2 = ")
	for run, want := range map[string]string{
		`run "a.flow" < >`:            "",
		`run "../top.flow" < >`:       "",
		`run "secret.flow" < >`:       "cannot read sub/secret.flow: file does not exist",
		`run "../../secret.flow" < >`: "cannot read ../secret.flow: it lies outside the folder of the tests",
		`run "/etc/passwd" < >`:       "cannot read /etc/passwd: it lies outside the folder of the tests",
		`run "../sub" < >`:            "cannot read sub: it is no file",
	} {
		text := "test \"x\" {\n r = " + run + "\n expect r == 1\n}"
		config := flowtest.Config{Files: fstest.MapFS{
			"sub/a_test.flow": {Data: []byte(text)},
			"sub/a.flow":      {Data: []byte("return 1")},
			"top.flow":        {Data: []byte("return 1")},
		}}
		got := failures(t, flowtest.Run(t.Context(), []string{"sub/a_test.flow"}, config).Files[0])
		if strings.Join(got, "\n") != want {
			t.Errorf("%s: got %q, want %q", run, got, want)
		}
		var checked []string
		for _, d := range flowtest.Check("sub/a_test.flow", text, config) {
			checked = append(checked, d.Summary)
		}
		if !slices.Equal(checked, got) {
			t.Errorf("%s: checked %q, want %q", run, checked, got)
		}
	}
}
