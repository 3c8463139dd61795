package flowtest_test

import (
	"strings"
	"testing"

	"flowrun/flowtest"
	"flowrun/lang"
	"flowrun/runtime"
)

// testedFlow tests a test file beside the flow a.flow.
func testedFlow(t *testing.T, flow, test string, config flowtest.Config) *flowtest.File {
	t.Helper()
	t.Chdir(t.TempDir())
	write(t, "a.flow", flow)
	write(t, "a_test.flow", test)
	return flowtest.Run(t.Context(), []string{"a_test.flow"}, config).Files[0]
}

func TestSecretsInTheCallsOfMocksAreStars(t *testing.T) {
	file := testedFlow(t, `crm.add < x: secret("A"), y: "t${secret("B")}", z: { list: [secret("C"), 1] } >
sendEmail < to: "ann@example.com", subject: "s", message: "m", server: "mail.example.com", smtp: { user: "u", password: secret("D") } >
sendEmail < to: "ann@example.com", subject: "s", message: "m", server: "mail.example.com", smtp: { user: "u", password: "clear" } >`, `test "x" {
  mock crm.add < returns: 1 >
  mock sendEmail < returns: nil >
  run "a.flow" < >
  expect calls[0].settings == { x: "***", y: "t***", z: { list: ["***", 1] } }
  expect calls[1].settings.smtp.password == "***" and calls[2].settings.smtp.password == "***"
  expect "${calls[1].settings}" contains "***" and not ("${calls}" contains "clear")
}`, flowtest.Config{})
	if got := failures(t, file); got != nil {
		t.Errorf("got %v", file.Tests[0].Failures)
	}
}

func TestATestThatCannotKnowWhatItsFlowsDidFails(t *testing.T) {
	for flow, want := range map[string]string{
		"":                         "run: logs cannot be set: ",
		`fail < message: "gone" >`: "; before that it failed: gone",
	} {
		file := testedFlow(t, `for i in 1..20 { log < message: "`+strings.Repeat("x", 1000)+`" > }
`+flow, `test "x" {
  run "a.flow" < > catch { }
  expect logs == []
}`, flowtest.Config{Limits: runtime.Limits{Value: 10_000}})
		got := failures(t, file)
		if len(got) != 1 || !strings.Contains(got[0], want) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestAFunctionOfTheFlowIsNotMocked(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "a.flow", `function notify < who > { crm.add < text: who > }
notify < who: "ann" >`)
	test := `test "a function" {
  if true { mock notify < returns: 1 > }
  run "a.flow" < >
}
test "what it calls" {
  mock crm.add < returns: 1 >
  run "a.flow" < >
}`
	write(t, "a_test.flow", test)
	want := "a_test.flow:2:18: notify is a function of a.flow, and only components are mocked"
	for how, got := range map[string]lang.Diagnostics{
		"checked": flowtest.Check("a_test.flow", test, flowtest.Config{}),
		"run":     flowtest.Run(t.Context(), []string{"a_test.flow"}, flowtest.Config{}).Files[0].Diagnostics,
	} {
		if len(got) != 1 || got.Error() != want {
			t.Errorf("%s: got %v", how, got)
		}
	}
}

func TestAMockedSendEmailFailsLikeTheRealOne(t *testing.T) {
	flow := `sent = sendEmail < to: "ann@example.com", subject: "s", message: "m", responseCode: rc >
return { sent: sent, rc: rc }`
	file := testedFlow(t, flow, `test "with a reply" {
  mock sendEmail < fails: { message: "down", kind: "smtp", code: 451, state: "unknown", attempts: 3 } >
  r = run "a.flow" < >
  expect r.rc.code == 451 and r.rc.temporary and r.rc.text == "down" and r.rc.recipients == []
  expect r.sent.state == "unknown" and r.sent.attempts == 3 and r.sent.response == "451 down" and r.sent.accepted == []
}
test "without" {
  mock sendEmail < fails: { message: "no server", kind: "connection" } >
  r = run "a.flow" < >
  expect r.rc.code == 0 and r.rc.text == "no server" and not r.rc.temporary
  expect r.sent.state == "failed" and r.sent.response == ""
}
test "as the real one" {
  smtp < reply: "550 5.1.1 no such user", recipient: "ann@example.com" >
  real = run "a.flow" < >
  smtp < >
  mock sendEmail < fails: { message: "x", kind: "smtp", code: 550, enhanced: "5.1.1", text: "no such user", recipients: ["ann@example.com"] } >
  r = run "a.flow" < >
  expect r.rc == real.rc
  expect r.sent.state == real.sent.state and "${r.sent}" == "${real.sent}"
}`, flowtest.Config{})
	if got := failures(t, file); got != nil {
		t.Errorf("got %q", got)
	}
}
