package flowtest_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"flowrun/flowtest"
	"flowrun/lang"
	"flowrun/runtime"
)

type greetSettings struct {
	Who   string `flow:"who,required"`
	Times int    `flow:"times" min:"1"`
}

// greet is a component of a host.
var greet = runtime.NewComponent("crm.greet", func(_ context.Context, _ *runtime.Call, s *greetSettings) (any, error) {
	return "hello " + s.Who, nil
})

func TestAHostsComponentsRunAndCanBeMocked(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "a.flow", `g = crm.greet < who: company >
return g`)
	write(t, "a_test.flow", `test "real" {
  r = run "a.flow" < >
  expect r == "hello Acme"
}
test "mocked" {
  mock crm.greet < returns: "hi" >
  r = run "a.flow" < >
  expect r == "hi"
  expect calls[0].settings.who == company
}`)
	config := flowtest.Config{Components: []*runtime.Component{greet}, Globals: map[string]any{"company": "Acme"}}
	file := flowtest.Run(t.Context(), []string{"a_test.flow"}, config).Files[0]
	if got := failures(t, file); got != nil || len(file.Tests) != 2 {
		t.Errorf("got %q", got)
	}
}

func TestAMockedComponentKeepsTheChecksOfItsSettings(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "a.flow", "crm.greet < whom: 1 >")
	write(t, "a_test.flow", `test "x" {
  mock crm.greet < returns: "hi" >
  run "a.flow" < >
  expect len(calls) == 1
}`)
	file := flowtest.Run(t.Context(), []string{"a_test.flow"}, flowtest.Config{Components: []*runtime.Component{greet}}).Files[0]
	if got := failures(t, file); !slices.Equal(got, []string{"a.flow does not check"}) {
		t.Errorf("got %q", got)
	}
	file = flowtest.Run(t.Context(), []string{"a_test.flow"}, flowtest.Config{}).Files[0]
	if got := failures(t, file); got != nil {
		t.Errorf("without the component: %q", got)
	}
}

func TestAHostsComponentTakesThePlaceOfAStandardOne(t *testing.T) {
	silent := runtime.NewOpenComponent("log", func(context.Context, *runtime.Call, map[string]any) (any, error) { return 5, nil })
	t.Chdir(t.TempDir())
	write(t, "a_test.flow", `test "x" {
  r = log < anything: 1 >
  expect r == 5
}`)
	file := flowtest.Run(t.Context(), []string{"a_test.flow"}, flowtest.Config{Components: []*runtime.Component{silent}}).Files[0]
	if got := failures(t, file); got != nil {
		t.Errorf("got %q", got)
	}
}

func TestMistakesOfTestFilesAreFound(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "order.flow", order)
	write(t, "bad.flow", "x = 1\nlgo < message: 1 >")
	for text, want := range map[string]string{
		`run "order.flow" < order: { id: 1 } >`:            "",
		`run "order.flow" < ordr: 1 >`:                     `the input "order" is missing | unknown input "ordr", did you mean "order"?`,
		`run "order.flow" < order: "x" >`:                  `input "order" is the string "x", want a map`,
		`run "none.flow" < >`:                              "cannot read none.flow: no such file or directory",
		`run "bad.flow" < >`:                               `bad.flow does not check: line 2: unknown component "lgo"`,
		`mails = []`:                                       "mails holds what the flows of this test have done",
		`for calls in [1] { }`:                             "calls holds what the flows of this test have done",
		`run "order.flow" < order: {} > catch logs { }`:    "logs holds what the flows of this test have done",
		`mock log < returns: 1, fails: { message: "x" } >`: "returns and fails exclude each other",
		`mock log < fails: { kind: 3 } >`:                  "kind of fails is an int, want a string",
		`mock log < returnz: 1 >`:                          `unknown setting "returnz" of mock`,
		`mock logg < returns: 1 >`:                         `no component is named "logg"`,
		`mock crm.add < returns: 1 >`:                      "",
		`smtp < reply: "later" >`:                          `reply: "later" is no reply of a server`,
		`smtp < stage: "hello", drop: true >`:              `stage is the string "hello", want "connect", "ehlo", "starttls", "auth", "mail", "rcpt", "data", "upload", "dot", "rset" or "quit"`,
		`smtp < times: 3 >`:                                "what the server does is not said",
		`smtp < reply: "550", afterBytes: 3 >`:             `afterBytes is for the stage "upload" only`,
		`smtp < >`:                                         "",
		`expect "yes"`:                                     `the condition is the string "yes", want true or false`,
		`expect 1 == "1"`:                                  "an int and a string cannot be compared",
		`test "a" < now: "soon" > { }`:                     "now of a test is no time",
		`test "a" < zone: "x" > { }`:                       `unknown setting "zone" of test`,
		`test "a" < timezone: "Mars/Base" > { }`:           `unknown time zone "Mars/Base"`,
		`test "a" < now: ("x") > { }`:                      "now of a test must be a plain string",
	} {
		if !strings.HasPrefix(text, "test ") {
			text = "test \"x\" {\n" + text + "\n}"
		}
		var got []string
		for _, d := range flowtest.Check("order_test.flow", text, flowtest.Config{}) {
			got = append(got, d.Summary)
		}
		if strings.Join(got, " | ") != want {
			t.Errorf("%s:\ngot  %s\nwant %s", text, strings.Join(got, " | "), want)
		}
	}
}

func TestATestFileIsNoFlow(t *testing.T) {
	engine, err := runtime.New()
	if err != nil {
		t.Fatal(err)
	}
	program, diagnostics := engine.Compile("order_test.flow", `test "x" { }`)
	if program != nil || len(diagnostics) != 1 || diagnostics[0].Summary != "this file holds tests" || diagnostics[0].Severity != lang.Error {
		t.Errorf("%v", diagnostics)
	}
}

func TestTheServerMisbehavesAtEveryStage(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "order.flow", order)
	var stages []string
	for _, component := range flowtest.Components() {
		for _, setting := range component.Settings() {
			if setting.Key == "stage" {
				stages = setting.Enum
			}
		}
	}
	if len(stages) != 11 {
		t.Fatalf("%v", stages)
	}
	for _, stage := range stages {
		write(t, "order_test.flow", `test "x" {
  smtp < stage: "`+stage+`", drop: true >
  run "order.flow" < order: { id: 7, email: "ann@example.com" } > catch e { stop }
  expect false
}`)
		file := flowtest.Run(t.Context(), []string{"order_test.flow"}, flowtest.Config{}).Files[0]
		// A session without credentials has no AUTH, and what comes after the mail
		// fails nothing.
		harmless := slices.Contains([]string{"auth", "rset", "quit"}, stage)
		if got := failures(t, file); (got != nil) != harmless {
			t.Errorf("%s: %q", stage, got)
		}
	}
}

func TestANilComponentIsAnErrorOfTheFile(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "a.flow", "x = 1")
	write(t, "a_test.flow", `test "x" { run "a.flow" < > }`)
	file := flowtest.Run(t.Context(), []string{"a_test.flow"}, flowtest.Config{Components: []*runtime.Component{nil}}).Files[0]
	if file.Err == nil || !strings.Contains(file.Err.Error(), "component 1 of WithComponents is nil") {
		t.Errorf("got %v", file.Err)
	}
}
