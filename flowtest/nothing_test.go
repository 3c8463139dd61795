package flowtest_test

import (
	"slices"
	"strings"
	"testing"

	"flowrun/flowtest"
)

const ordered = `run "order.flow" < order: { id: 7, email: "ann@example.com" } >`

func TestATestThatExpectsNothingFails(t *testing.T) {
	for body, passes := range map[string]bool{
		``:                               false,
		ordered:                          false,
		`stop; expect true`:              false,
		`return 1; expect true`:          false,
		`goto end; expect true; end: `:   false,
		`if mails != [] { expect true }`: false,
		`for m in mails { expect true }`: false,
		`sleep < for: "1s", break: true >` + "\nexpect true": false,
		`expect true`: true,
		`smtp < reply: "550 no" >; ` + ordered + ` catch { }`: true,
	} {
		file := tested(t, "test \"x\" {\n"+body+"\n}", flowtest.Config{})
		got := failures(t, file)
		if passes && got != nil || !passes && (len(got) != 1 || !strings.HasPrefix(got[0], "nothing was expected")) {
			t.Errorf("%s: got %q", body, got)
		}
	}
}

func TestAnErrorIsNotToldTwice(t *testing.T) {
	file := tested(t, `test "x" { mock crm.dail < returns: 1 >; fail < message: "gone" > }`, flowtest.Config{})
	if got := failures(t, file); !slices.Equal(got, []string{"fail: gone"}) || file.Tests[0].Warnings != nil {
		t.Errorf("got %q %v", got, file.Tests[0].Warnings)
	}
}

func TestMocksAndFaultsThatWereNeverUsedAreTold(t *testing.T) {
	for body, want := range map[string]string{
		`mock crm.dail < returns: 1 >`:                                                                                  `the mock of crm.dail was never used`,
		`mock log < returns: 1 >; mock log < returns: 2 >`:                                                              `the mock of log was never used`,
		`mock log < returns: 1 >`:                                                                                       "",
		`smtp < recipient: "typo@x.example", reply: "550 no" >`:                                                         `the fault never struck`,
		`smtp < stage: "auth", reply: "535 no" >`:                                                                       `the fault never struck`,
		`smtp < reply: "451 later", skip: 3 >`:                                                                          `the fault never struck`,
		`smtp < stage: "dot", captured: true, reply: "250 ok", times: 0 >`:                                              "",
		`smtp < stage: "quit", drop: true >`:                                                                            "",
		`smtp < stage: "auth", drop: true >; smtp < >`:                                                                  `the fault never struck`,
		`smtp < stage: "dot", captured: true, reply: "250 ok" >; ` + ordered + `; smtp < >`:                             "",
		`for i in 1..3 { smtp < stage: "dot", captured: true, reply: "250 ok", times: 5 > }`:                            "",
		`for i in 1..3 { mock log < returns: 1 > }`:                                                                     "",
		`for i in 1..2 { smtp < reply: "550 no", recipient: "ann${i}@example.com" > }`:                                  `the fault never struck`,
		`for s in [5, 0] { smtp < >; smtp < stage: "dot", captured: true, reply: "250 ok", skip: s > }`:                 "",
		`smtp < stage: "dot", captured: true, reply: "250 ok" >; smtp < stage: "dot", captured: true, reply: "250 b" >`: `the fault never struck`,
	} {
		file := tested(t, `mock none < returns: 1 >
smtp < stage: "auth", drop: true >
test "x" {
`+body+`
`+ordered+`
expect len(mails) >= 1
}`, flowtest.Config{})
		if got := failures(t, file); got != nil {
			t.Fatalf("%s: %q", body, got)
		}
		var got []string
		for _, warning := range file.Tests[0].Warnings {
			got = append(got, warning.Message)
			if warning.Range.Start.Line != 4 || warning.File != "order_test.flow" || warning.Detail == "" {
				t.Errorf("%s: %v", body, warning)
			}
		}
		if strings.Join(got, " | ") != want || !file.Passed() {
			t.Errorf("%s: got %q, want %q", body, got, want)
		}
	}
}
