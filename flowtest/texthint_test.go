package flowtest_test

import (
	"strings"
	"testing"

	"flowrun/flowtest"
)

func TestATextThatIsComparedWithATimeHasAHint(t *testing.T) {
	for condition, want := range map[string]string{
		`waited == "3d"`:           `hint: a text is no duration: write duration("3d")`,
		`"3d" == waited`:           `hint: a text is no duration: write duration("3d")`,
		`now() == "2026-01-05"`:    `hint: a text is no time: write date("2026-01-05")`,
		`waited == duration("3d")`: ``,
		`"a" == "b"`:               ``,
	} {
		file := tested(t, `test "x" { expect `+condition+` }`, flowtest.Config{})
		if got := failures(t, file); len(got) != 1 {
			t.Fatalf("%s: %q", condition, got)
		}
		_, hint, _ := strings.Cut(file.Tests[0].Failures[0].Detail, "\n  hint: ")
		if hint != strings.TrimPrefix(want, "hint: ") {
			t.Errorf("%s: got %q, want %q", condition, hint, want)
		}
	}
}
