package flowtest_test

import (
	"context"
	"errors"
	"testing"

	"flowrun/flowtest"
	"flowrun/runtime"
)

// TestTestsOfAFlowWithAComponentFuncSeeNothingOfEachOther runs a flow again and again
// whose component gets its settings by value, also mocked, failing and breaking down in
// between.
func TestTestsOfAFlowWithAComponentFuncSeeNothingOfEachOther(t *testing.T) {
	price := runtime.NewComponentFunc("price", func(_ context.Context, s struct {
		Kind   string         `flow:"kind,required"`
		Amount int            `flow:"amount"`
		Off    map[string]any `flow:"off"`
	}) (int, error) {
		switch s.Kind {
		case "none":
			return 0, errors.New("there is none")
		case "broken":
			panic("broken")
		}
		return 100*s.Amount - 10*len(s.Off), nil
	})
	t.Chdir(t.TempDir())
	write(t, "price.flow", `input kind: string
input off: map = {}
sum = 0
for i in 1..3 {
  p = price < kind: kind, amount: i, off: (i == 1) ? off : {}, limit: 3 >
  sum = sum + p
}
return sum`)
	write(t, "price_test.flow", `test "well" {
  for i in 1..3 {
    r = run "price.flow" < kind: "tea" >
    expect r == 600
    r = run "price.flow" < kind: "tea", off: {a: 1, b: 2} >
    expect r == 580
  }
}
test "failing" {
  for kind in ["none", "broken"] {
    run "price.flow" < kind: kind, off: {a: 1} > catch e { expect e.component == "price" }
    r = run "price.flow" < kind: "tea" >
    expect r == 600
  }
  p = price < kind: "tea", amount: 2 >
  expect p == 200
  p = price < kind: "tea" >
  expect p == 0
}
test "mocked" {
  mock price < returns: 1 >
  r = run "price.flow" < kind: "none" >
  expect r == 3
  expect len(calls) == 3
  expect calls[1].settings.amount == 2
}
test "not mocked any more" {
  r = run "price.flow" < kind: "tea", off: {a: 1} >
  expect r == 590
}`)
	config := flowtest.Config{Components: []*runtime.Component{price}}
	for range 2 {
		file := flowtest.Run(t.Context(), []string{"price_test.flow"}, config).Files[0]
		if got := failures(t, file); got != nil || len(file.Tests) != 4 {
			t.Errorf("got %q of %d tests", got, len(file.Tests))
		}
	}
}
