package flowtest_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"flowrun/flowtest"
	"flowrun/runtime"
)

// order is a flow that the tests run.
const order = `input order: map
sent = sendEmail <
  to:           order.email
  subject:      "Order ${order.id}"
  message:      "It has shipped."
  responseCode: reply
>
if reply != nil {
  fail < message: "not sent: ${reply}", kind: "delivery" >
}
log < message: "order ${order.id}" >
return sent.messageId
`

// tested writes a test file beside the flow order.flow, tests it, and gives what
// came of it.
func tested(t *testing.T, text string, config flowtest.Config) *flowtest.File {
	t.Helper()
	t.Chdir(t.TempDir())
	write(t, "order.flow", order)
	write(t, "order_test.flow", text)
	return flowtest.Run(t.Context(), []string{"order_test.flow"}, config).Files[0]
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// failures are what the tests of a file have to say, a line each.
func failures(t *testing.T, file *flowtest.File) []string {
	t.Helper()
	if file.Err != nil || len(file.Diagnostics) > 0 {
		t.Fatalf("%v %v", file.Err, file.Diagnostics)
	}
	var messages []string
	for _, test := range file.Tests {
		for _, failure := range test.Failures {
			messages = append(messages, failure.Message)
		}
	}
	return messages
}

func TestAnUnmetExpectationShowsItsValues(t *testing.T) {
	for condition, want := range map[string]string{
		`len(xs) == 3`:                         `len(xs) is 2, want 3`,
		`3 == len(xs)`:                         `len(xs) is 2, want 3`,
		`a == b`:                               `a is "left", want "right"`,
		`a != "left"`:                          `a is "left", want anything but "left"`,
		`n > 5`:                                `n is 5, want more than 5`,
		`9 < n`:                                `n is 5, want more than 9`,
		`n not in [4, 5]`:                      `n is 5, want it not in [4, 5]`,
		`n in [1, 2]`:                          `n is 5, want it in [1, 2]`,
		`3 in xs`:                              `xs is [1, 2], want it to contain 3`,
		`a contains "x"`:                       `a is "left", want it to contain "x"`,
		`not (a contains "l")`:                 `a is "left", want it not to contain "l"`,
		`a startsWith b`:                       `a is "left", want it to begin with "right"`,
		`a endsWith "x"`:                       `a is "left", want it to end with "x"`,
		`a matches '^\d'`:                      `a is "left", want it to match "^\\d"`,
		`n == 5 and a == "x" and missing`:      `a is "left", want "x"`,
		`not (n == 5 or missing)`:              `n is 5, want anything but 5`,
		`off`:                                  `off is false`,
		`not on`:                               `on is true`,
		`any(xs, # > 7)`:                       `any(xs, # > 7) is false; xs is [1, 2]`,
		`1 < n < 3`:                            `n is 5, want less than 3`,
		`m == { k: 1 }`:                        `m is { k: 2 }, want { k: 1 }`,
		`n == 1 or a == "x"`:                   `none of these holds`,
		`[1] == xs`:                            `xs is [1, 2], want [1]`,
		`"${a}!" == b`:                         `"${a}!" is "left!", want "right"`,
		`on ? off : on`:                        `on ? off : on is false`,
		`nothing?.x == 1`:                      `nothing?.x is nil, want 1`,
		`duration("2h") == duration("1h") * 3`: `duration("2h") is 2h, want 3h`,
		`{ "a": 1 }.a == xs[1]`:                `{ "a": 1 }.a is 1, want 2`,
		`long == replace(long, "y", "z")`:      `long is "` + strings.Repeat("x", 60) + `…", want "` + strings.Repeat("x", 60) + `…"`,
		`len(filter(xs, # > 1)) == len(xs) + n*2`: `len(filter(xs, # > 1)) is 1, want 12`,
	} {
		t.Run(condition, func(t *testing.T) {
			file := tested(t, `test "x" {
  xs = [1, 2]; a = "left"; b = "right"; n = 5; on = true; off = false; nothing = nil; m = { k: 2 }
  missing = nil
  long = "`+strings.Repeat("x", 80)+`y"
  expect `+condition+`
}`, flowtest.Config{})
			if got := failures(t, file); !slices.Equal(got, []string{want}) {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

func TestDifferentTextsAndListsAreShownWhereTheyDiffer(t *testing.T) {
	for condition, want := range map[string]string{
		`"` + strings.Repeat("a", 70) + `b" == "` + strings.Repeat("a", 70) + `c"`: `  got   "…aaaaaaaaaaaaaaaaaaaab"
  want  "…aaaaaaaaaaaaaaaaaaaac"`,
		"\"one\\ntwo\\nthree\" == \"one\\n2\\nthree\"": `  difference (- want, + got):
     one
    -2
    +two
     three`,
		`map(1..6, # * 1) == [1, 2, 3, 4, 9, 6]`: `  difference (- want, + got):
       2,
       3,
       4,
    -  9,
    +  5,
       6
     ]`,
	} {
		file := tested(t, "test \"x\" {\n  expect "+condition+"\n}", flowtest.Config{})
		failures(t, file)
		if detail := file.Tests[0].Failures[0].Detail; !strings.HasSuffix(detail, want) {
			t.Errorf("%s:\n%s\nwant\n%s", condition, detail, want)
		}
	}
}

func TestLargeTextsAreShownWhereTheyDiffer(t *testing.T) {
	same, tail := strings.Repeat("é", 40), strings.Repeat("y", 159)
	for condition, want := range map[string]string{
		`a + "1" + b == a + "2" + b`: `  got   "…` + same + `1` + tail + `…"
  want  "…` + same + `2` + tail + `…"`,
		`a == "short"`: `  got   "` + strings.Repeat("é", 80) + `…"
  want  "short"`,
		`"short" == a`: `  got   "` + strings.Repeat("é", 80) + `…"
  want  "short"`,
		`a == a + "end"`: `  got   "…` + same + `"
  want  "…` + same + `end"`,
	} {
		file := tested(t, "test \"x\" {\n  a = repeat(\"é\", 40000); b = repeat(\"y\", 100000)\n  expect "+condition+"\n}", flowtest.Config{})
		failures(t, file)
		if detail := file.Tests[0].Failures[0].Detail; !strings.HasSuffix(detail, want) {
			t.Errorf("%s:\n%s\nwant\n%s", condition, detail, want)
		}
	}
}

func TestLargeListsAndMapsAreShownWhereTheyDiffer(t *testing.T) {
	for condition, want := range map[string]string{
		`xs == concat(map(1..9_999, ({ name: "a" })), [{ name: "b" }])`: `  first at [9999].name: "a", want "b"`,
		`map(xs, ({ name: "b" })) == xs`:                                `  first at [0].name: "b", want "a"`,
		`xs == concat(xs, [5])`:                                         `  first at [10000]: nothing, want 5`,
		`concat(xs, [nil]) == xs`:                                       `  first at [10000]: nil, want nothing`,
		`m == n`:                                                        `  first at ["an id"]: nothing, want 1`,
		`m == o`:                                                        `  first at b.c[1]: 2, want 3`,
		`{ xs: xs, t: long + "y" } == { xs: xs, t: long + "z" }`: "  first at t:\n  got   \"…" + strings.Repeat("x", 80) + "y\"\n  want  \"…" + strings.Repeat("x", 80) + "z\"",
		`xs == [1]`:                     `  first at [0]: { name: "a" }, want 1`,
		`[1] == xs`:                     `  first at [0]: { name: "a" }, want 1`,
		`[{ name: "a\u{202e}" }] == xs`: `  first at [0].name: "a", want "a\u{202e}"`,
	} {
		file := tested(t, `test "x" {
  xs = map(0..9_999, ({ name: "a" })); long = repeat("x", 100)
  m = { a: repeat("x", 70_000), b: { c: [1, 2] } }
  n = m; n["an id"] = 1; o = m; o.b.c[1] = 3
  expect `+condition+`
}`, flowtest.Config{})
		failures(t, file)
		if detail := file.Tests[0].Failures[0].Detail; !strings.HasSuffix(detail, "\n"+want) {
			t.Errorf("%s:\n%s\nwant\n%s", condition, detail, want)
		}
	}
}

func TestAnUnmetExpectationDoesNotEndTheTestAndAnErrorDoes(t *testing.T) {
	file := tested(t, `test "x" {
  expect 1 == 2
  expect len(mails) == 3
  expect mails[0].subject == "x"
  expect 2 == 3
}`, flowtest.Config{})
	want := []string{"1, want 2", "len(mails) is 0, want 3", "index 0 is out of range: the list has 0 elements"}
	if got := failures(t, file); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

func TestEachTestBeginsAnew(t *testing.T) {
	file := tested(t, `count = 0
mock crm.add < returns: 1 >
smtp < reply: "451 4.3.0 busy", times: 1 >
order = { id: 7, email: "ann@example.com" }

test "first" {
  global count = count + 1
  run "order.flow" < order: order > catch { }
  run "order.flow" < order: order >
  sleep < for: "1d" >
  mock log < returns: nil >
  expect count == 1 and len(mails) == 1 and calls == [] and len(logs) == 1
}
test "second" {
  global count = count + 1
  expect count == 1 and mails == [] and logs == [] and now() == date("2026-01-05T09:00:00Z")
  run "order.flow" < order: order > catch { }
  run "order.flow" < order: order >
  expect len(mails) == 1 and calls == []
}`, flowtest.Config{})
	if got := failures(t, file); got != nil {
		t.Errorf("got %q", got)
	}
}

func TestAFailedRunShowsWhereTheFlowFailed(t *testing.T) {
	file := tested(t, `test "x" {
  smtp < reply: "550 5.1.1 no such user" >
  run "order.flow" < order: { id: 7, email: "ann@example.com" } >
  expect false
}`, flowtest.Config{})
	if got := failures(t, file); !slices.Equal(got, []string{"order.flow failed"}) {
		t.Fatalf("got %q", got)
	}
	want := `order_test.flow:3:7: order.flow failed
    3 |   run "order.flow" < order: { id: 7, email: "ann@example.com" } >
      |       ^^^^^^^^^^^^
order.flow:9:3: error: fail: not sent: 550 5.1.1 no such user
    9 |   fail < message: "not sent: ${reply}", kind: "delivery" >
      |   ^^^^`
	if got := file.Tests[0].Failures[0].String(); got != want {
		t.Errorf("got\n%s", got)
	}
}

func TestARunThatCannotBeginFailsTheTest(t *testing.T) {
	for name, test := range map[string]struct{ run, want string }{
		"no such flow":       {`run "none.flow" < >`, "cannot read none.flow: no such file or directory"},
		"not checking":       {`run "bad.flow" < >`, "bad.flow does not check"},
		"missing input":      {`run "order.flow" < >`, `the input "order" is missing`},
		"unknown input":      {`run "order.flow" < ordr: 1, order: {} >`, `unknown input "ordr", did you mean "order"?`},
		"wrong input":        {`run "order.flow" < order: 3 >`, `input "order" is the int 3, want a map`},
		"a test file":        {`run "order_test.flow" < >`, "order_test.flow does not check"},
		"a broken fixture":   {`run "fixture.flow" < >`, "fixture.store.json:1:2: this is not JSON"},
		"inputs, caught":     {`run "order.flow" < > catch e { fail < message: "caught ${e.kind}: ${e.message}" > }`, "caught input: the inputs do not fit order.flow"},
		"expected, and held": {`run "empty.flow" < > catch { }`, "the flow was expected to fail, and it did not"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			write(t, "order.flow", order)
			write(t, "bad.flow", "x = ")
			write(t, "empty.flow", "")
			write(t, "fixture.flow", "")
			write(t, "fixture.store.json", "{x")
			write(t, "order_test.flow", "test \"x\" {\n"+test.run+"\n}")
			file := flowtest.Run(t.Context(), []string{"order_test.flow"}, flowtest.Config{}).Files[0]
			if got := failures(t, file); len(got) != 1 || !strings.Contains(file.Tests[0].Failures[0].String(), test.want) {
				t.Errorf("got %v", file.Tests[0].Failures)
			}
		})
	}
}

func TestACatchExpectsNoFlowThatCannotRun(t *testing.T) {
	t.Chdir(t.TempDir())
	ask := runtime.NewOpenComponent("ask", func(context.Context, *runtime.Call, map[string]any) (any, error) {
		return nil, runtime.Suspend("waits for an answer")
	})
	write(t, "bad.flow", "x = ")
	write(t, "fixture.flow", "")
	write(t, "fixture.store.json", "{x")
	write(t, "suspends.flow", "ask < >")
	for flow, want := range map[string]string{
		"none.flow":     "cannot read none.flow: no such file or directory",
		"bad.flow":      "bad.flow does not check",
		"fixture.flow":  "fixture.store.json:1:2: this is not JSON",
		"suspends.flow": "suspends.flow is suspended, and a test does not resume it: waits for an answer",
	} {
		write(t, "a_test.flow", `function attempt < > {
  run "`+flow+`" < > catch { }
}
test "x" {
  attempt < > catch { }
}`)
		file := flowtest.Run(t.Context(), []string{"a_test.flow"}, flowtest.Config{Components: []*runtime.Component{ask}}).Files[0]
		if got := failures(t, file); len(got) != 1 || !strings.Contains(got[0], want) {
			t.Errorf("%s: got %q, want %q", flow, got, want)
		}
	}
}

func TestEverySettingOfARunIsAnInput(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "a.flow", `input limit: int
input timeout: duration
input description: string
input on: time
return "${limit} ${timeout} ${description} ${on.Year()}"`)
	write(t, "a_test.flow", `test "x" {
  r = run "a.flow" < limit: 3, timeout: "2h", description: "d", on: "2026-11-23" >
  expect r == "3 2h d 2026"
}`)
	file := flowtest.Run(t.Context(), []string{"a_test.flow"}, flowtest.Config{}).Files[0]
	if got := failures(t, file); got != nil {
		t.Errorf("got %q", got)
	}
}

func TestTestsAreTheSameEachTime(t *testing.T) {
	text := `test "x" {
  id = run "order.flow" < order: { id: 7, email: "ann@example.com" } >
  smtp < reply: "451 4.7.1 later", times: 2 >
  fail < message: "${id} ${random()} ${uuid()} ${mails[0].headers.Date} ${now()}" >
}`
	first, second := failures(t, tested(t, text, flowtest.Config{})), failures(t, tested(t, text, flowtest.Config{}))
	if !slices.Equal(first, second) || len(first) != 1 {
		t.Errorf("%q\n%q", first, second)
	}
}

func TestTestsAreChosenByName(t *testing.T) {
	file := tested(t, `test "one" { expect true }
test "two" { expect false }`, flowtest.Config{Match: regexp.MustCompile("^on")})
	if len(file.Tests) != 1 || !file.Passed() {
		t.Errorf("%v", file.Tests)
	}
}

func TestAFileWithoutTestsFails(t *testing.T) {
	file := tested(t, "x = 1", flowtest.Config{})
	if !errors.Is(file.Err, flowtest.ErrNoTests) || file.Passed() {
		t.Errorf("%v", file.Err)
	}
}

func TestAMistakeInTheFileKeepsItsTestsFromRunning(t *testing.T) {
	file := tested(t, `test "x" { expect mails2 == 3 }`, flowtest.Config{})
	if !file.Diagnostics.HasErrors() || file.Tests != nil || file.Passed() {
		t.Errorf("%v %v", file.Diagnostics, file.Tests)
	}
}

func TestAnInterruptionEndsTheTestsAtOnce(t *testing.T) {
	t.Chdir(t.TempDir())
	ctx, cancel := context.WithCancel(t.Context())
	interrupt := runtime.NewOpenComponent("interrupt", func(context.Context, *runtime.Call, map[string]any) (any, error) {
		cancel()
		return nil, nil
	})
	write(t, "endless.flow", "interrupt < >\nwhile true { x = 1 }")
	write(t, "a_test.flow", `test "before" { expect true }
test "endless" {
  run "endless.flow" < > catch { }
}
test "after" { }`)
	write(t, "b_test.flow", `test "after" { }`)
	report := flowtest.Run(ctx, []string{"a_test.flow", "b_test.flow"}, flowtest.Config{
		Components: []*runtime.Component{interrupt}, Parallel: 1,
		Limits: runtime.Limits{Steps: math.MaxInt},
	})
	if len(report.Files) != 1 || len(report.Files[0].Tests) != 1 || report.Files[0].Tests[0].Name != "before" {
		t.Errorf("%v", report.Files)
	}
}

func TestFilesAreReportedInTheirOrder(t *testing.T) {
	t.Chdir(t.TempDir())
	var files, told []string
	for i := range 20 {
		name := fmt.Sprintf("t%02d_test.flow", 20-i)
		write(t, name, `test "x" { sendEmail < to: "ann@example.com", subject: "x", message: "y" >; expect len(mails) == 1 }`)
		files = append(files, name)
	}
	report := flowtest.Run(t.Context(), files, flowtest.Config{
		Parallel: 5,
		Tested:   func(file *flowtest.File) { told = append(told, file.Name) },
	})
	var reported []string
	for _, file := range report.Files {
		reported = append(reported, file.Name)
	}
	if !slices.Equal(reported, files) || !slices.Equal(told, files) || !report.Passed() {
		t.Errorf("reported %q, told %q", reported, told)
	}
}

func TestARunawayFlowFailsItsTest(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "endless.flow", "while true { x = 1 }")
	write(t, "a_test.flow", `test "x" {
  run "endless.flow" < > catch e { expect e.kind == "resource" }
  run "endless.flow" < >
}`)
	config := flowtest.Config{Limits: runtime.Limits{Steps: 10_000}}
	file := flowtest.Run(t.Context(), []string{"a_test.flow"}, config).Files[0]
	if got := failures(t, file); !slices.Equal(got, []string{"endless.flow failed"}) {
		t.Errorf("got %q", got)
	}
}

func TestASourceIsReadAsFarAsTheHostAllows(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{"a.flow", "a_test.flow"} {
		text := strings.Repeat("// "+strings.Repeat("x", 1020)+"\n", 1100)
		if name == "a.flow" {
			text += `fail < message: "the end" >`
		} else {
			text += `test "x" { run "a.flow" < > catch e { expect e.message == "the end" } }`
		}
		write(t, name, text)
	}
	for limit, want := range map[int]bool{2 << 20: true, math.MaxInt: true, 0: false} {
		config := flowtest.Config{Limits: runtime.Limits{Source: limit}}
		file := flowtest.Run(t.Context(), []string{"a_test.flow"}, config).Files[0]
		if file.Passed() != want || !want && !strings.Contains(file.Diagnostics.Error(), "more than 1048576 bytes") {
			t.Errorf("limit %d: %v %v", limit, file.Diagnostics, file.Err)
		}
	}
}

func TestATestOrdersNoEndOfMocksAndFaults(t *testing.T) {
	file := tested(t, `test "mocks" { while true { mock log < returns: nil > } }
test "faults" { while true { smtp < drop: true > } }`, flowtest.Config{})
	want := []string{"mock: the test orders more than 1000 mocks", "smtp: the test orders more than 1000 faults"}
	if got := failures(t, file); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

func TestAFlowThatSuspendsFailsItsTest(t *testing.T) {
	t.Chdir(t.TempDir())
	ask := runtime.NewOpenComponent("ask", func(context.Context, *runtime.Call, map[string]any) (any, error) {
		return nil, runtime.Suspend("waits for an answer")
	})
	write(t, "a.flow", "x = ask < >")
	write(t, "a_test.flow", `test "a flow" { run "a.flow" < > }
test "the test itself" { ask < > }`)
	file := flowtest.Run(t.Context(), []string{"a_test.flow"}, flowtest.Config{Components: []*runtime.Component{ask}}).Files[0]
	want := []string{
		"a.flow is suspended, and a test does not resume it: waits for an answer",
		"ask: it suspends the test: waits for an answer",
	}
	if got := failures(t, file); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}
