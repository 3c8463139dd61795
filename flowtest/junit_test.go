package flowtest_test

import (
	"encoding/xml"
	"slices"
	"strings"
	"testing"

	"flowrun/flowtest"
)

// junitReport is what readers of JUnit reports look for.
type junitReport struct {
	XMLName  xml.Name `xml:"testsuites"`
	Tests    int      `xml:"tests,attr"`
	Failures int      `xml:"failures,attr"`
	Errors   int      `xml:"errors,attr"`
	Suites   []struct {
		Name      string `xml:"name,attr"`
		Tests     int    `xml:"tests,attr"`
		Failures  int    `xml:"failures,attr"`
		Errors    int    `xml:"errors,attr"`
		Skipped   string `xml:"skipped,attr"`
		Time      string `xml:"time,attr"`
		Timestamp string `xml:"timestamp,attr"`
		Cases     []struct {
			Name      string        `xml:"name,attr"`
			ClassName string        `xml:"classname,attr"`
			Time      string        `xml:"time,attr"`
			Failure   *junitProblem `xml:"failure"`
			Error     *junitProblem `xml:"error"`
			Output    string        `xml:"system-out"`
		} `xml:"testcase"`
	} `xml:"testsuite"`
}

type junitProblem struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

func TestTheJUnitReportTellsEveryTest(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "sub/a_test.flow", `test "holds" { log < message: "hi \u{1b}" >; expect true }
test "<fails> & \u{1}" {
  expect 1 == 2
  expect "]]>" == "x"
}`)
	write(t, "b_test.flow", "expec 1")
	report := flowtest.Run(t.Context(), []string{"sub/a_test.flow", "b_test.flow", "gone_test.flow"}, flowtest.Config{})
	var text strings.Builder
	if err := report.JUnit(&text); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(text.String(), `<?xml version="1.0" encoding="UTF-8"?>`) {
		t.Errorf("no XML declaration:\n%s", text.String())
	}
	var read junitReport
	if err := xml.Unmarshal([]byte(text.String()), &read); err != nil {
		t.Fatal(err)
	}
	if read.Tests != 4 || read.Failures != 1 || read.Errors != 2 || len(read.Suites) != 3 {
		t.Fatalf("%+v", read)
	}
	first := read.Suites[0]
	if first.Name != "sub/a_test.flow" || first.Tests != 2 || first.Failures != 1 || first.Skipped != "0" || first.Time == "" || len(first.Timestamp) != 19 {
		t.Errorf("%+v", first)
	}
	if got := first.Cases[0]; got.ClassName != "sub.a_test" || got.Failure != nil || got.Output != "info: hi \\u{1b}\n" {
		t.Errorf("%+v", got)
	}
	if got := first.Cases[1]; got.Failure == nil || got.Failure.Message != "1, want 2" || !strings.Contains(got.Failure.Text, `"]]>", want "x"`) {
		t.Errorf("%+v", got)
	}
	for _, i := range []int{1, 2} {
		if got := read.Suites[i].Cases[0]; got.Error == nil || read.Suites[i].Errors != 1 {
			t.Errorf("%+v", got)
		}
	}
	if names := []string{first.Cases[0].Name, first.Cases[1].Name}; !slices.Equal(names, []string{"holds", `<fails> & \u{1}`}) {
		t.Errorf("%q", names)
	}
}
