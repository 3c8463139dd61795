package flowtest_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"flowrun/flowtest"
	"flowrun/lang"
)

func TestTheTestsOfTheExamplesHold(t *testing.T) {
	flowtest.RunT(t, "../examples/*_test.flow", flowtest.Config{})
}

func TestEveryExampleHasTestsWithoutAWarning(t *testing.T) {
	flows, err := filepath.Glob("../examples/*.flow")
	if err != nil || len(flows) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	for _, flow := range slices.DeleteFunc(flows, lang.IsTestFile) {
		name := strings.TrimSuffix(flow, ".flow") + "_test.flow"
		text, err := os.ReadFile(name)
		if err != nil {
			t.Errorf("%s has no tests: %v", flow, err)
			continue
		}
		if diagnostics := flowtest.Check(name, string(text), flowtest.Config{}); len(diagnostics) > 0 {
			t.Errorf("%v", diagnostics)
		}
		if strings.Count(string(text), "\ntest \"")+strings.Count(string(text), "expect ") < 4 {
			t.Errorf("%s says next to nothing", name)
		}
	}
}
