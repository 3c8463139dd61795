package runtime_test

import (
	"context"
	"testing"

	"flowrun/runtime"
)

// TestTestsWithAComponentFuncSeeNothingOfEachOther runs the tests of one file in turn,
// among them one that fails between two settings of a call.
func TestTestsWithAComponentFuncSeeNothingOfEachOther(t *testing.T) {
	engine, err := runtime.New(runtime.WithComponents(bothWays()[0]))
	if err != nil {
		t.Fatal(err)
	}
	program, problems := engine.CompileTests("part_test.flow", `
function f < n > {
  x = part < part: (n == 1) ? {a: n} : {b: n}, list: [["a", "b"][n - 1]], limit: 2 >
  return x
}
first = part < part: {b: 9} >
test "well" {
  x = part < part: (1 == 1) ? {b: 1} : {a: 1} >
  y = f < n: 1 >
  expect y == "{0   {1 0} [a]}"
  z = f < n: 2 >
  expect z == "{0   {0 2} [b]}"
  expect first == "{0   {0 9} []}"
  expect x == "{0   {0 1} []}"
}
test "failing" {
  f < n: 3 >
}
`, runtime.TestStatements{})
	if program == nil {
		t.Fatal(problems)
	}
	tests := program.Tests()
	for range 3 {
		outcome, err := program.Run(context.Background(), tests[0])
		if err != nil || outcome.Expectations != 4 || outcome.UnmetCount != 0 {
			t.Errorf("got %d of %d unmet, %v, %v", outcome.UnmetCount, outcome.Expectations, outcome.Unmet, err)
		}
		if _, err := program.Run(context.Background(), tests[1]); err == nil {
			t.Error("a setting that cannot be evaluated did not fail the test")
		}
	}
}
