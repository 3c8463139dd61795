package flowotel_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestNothingElseImportsOpenTelemetry holds the promise that a host which does not
// trace, and the command, compile nothing of it.
func TestNothingElseImportsOpenTelemetry(t *testing.T) {
	others := slices.DeleteFunc(goList(t, "flowrun/..."), func(name string) bool { return name == "flowrun/observe/flowotel" })
	for _, needed := range []string{"flowrun/lang", "flowrun/runtime", "flowrun/builtins", "flowrun/cmd/flowrun"} {
		if !slices.Contains(others, needed) {
			t.Fatalf("go list gives %q, without %s", others, needed)
		}
	}
	for _, name := range goList(t, append([]string{"-deps"}, others...)...) {
		if strings.HasPrefix(name, "go.opentelemetry.io/") {
			t.Errorf("%s is imported", name)
		}
	}
}

func goList(t *testing.T, args ...string) []string {
	t.Helper()
	output, err := exec.CommandContext(t.Context(), "go", append([]string{"list"}, args...)...).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Fields(string(output))
}
