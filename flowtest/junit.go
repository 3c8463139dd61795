package flowtest

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"

	"flowrun/lang"
)

// The elements of a JUnit report, with the attributes that its readers share.

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Time     string       `xml:"time,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name      string      `xml:"name,attr"`
	Tests     int         `xml:"tests,attr"`
	Failures  int         `xml:"failures,attr"`
	Errors    int         `xml:"errors,attr"`
	Skipped   int         `xml:"skipped,attr"`
	Time      string      `xml:"time,attr"`
	Timestamp string      `xml:"timestamp,attr"`
	Cases     []junitCase `xml:"testcase"`
}

type junitCase struct {
	Name      string          `xml:"name,attr"`
	ClassName string          `xml:"classname,attr"`
	Time      string          `xml:"time,attr"`
	Failure   *junitProblem   `xml:"failure,omitempty"`
	Error     *junitProblem   `xml:"error,omitempty"`
	Output    *junitSystemOut `xml:"system-out,omitempty"`
}

type junitProblem struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

type junitSystemOut struct {
	Text string `xml:",chardata"`
}

// JUnit writes the report in the form that JUnit and Ant have made common: a
// testsuite a file, a testcase a test. A file that could not be tested has one
// testcase with an error.
func (r *Report) JUnit(w io.Writer) error {
	all := junitSuites{}
	var took time.Duration
	for _, file := range r.Files {
		suite := junitSuiteOf(file)
		all.Tests += suite.Tests
		all.Failures += suite.Failures
		all.Errors += suite.Errors
		took += file.Duration
		all.Suites = append(all.Suites, suite)
	}
	all.Time = seconds(took)
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	encoder := xml.NewEncoder(w)
	encoder.Indent("", "  ")
	if err := encoder.Encode(all); err != nil {
		return fmt.Errorf("write the JUnit report: %w", err)
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func junitSuiteOf(file *File) junitSuite {
	suite := junitSuite{
		Name:      lang.VisibleLine(file.Name),
		Time:      seconds(file.Duration),
		Timestamp: file.Started.UTC().Format("2006-01-02T15:04:05"),
	}
	problem := ""
	switch {
	case file.Err != nil:
		problem = file.Err.Error()
	case file.Diagnostics.HasErrors():
		problem = rendered(func(b *strings.Builder) { file.Diagnostics.Render(b, lang.RenderOptions{}) })
	}
	if problem != "" {
		first, _, _ := strings.Cut(problem, "\n")
		suite.Errors++
		suite.Cases = append(suite.Cases, junitCase{
			Name: lang.VisibleLine(file.Name), ClassName: className(file), Time: seconds(0),
			Error: &junitProblem{Message: lang.VisibleLine(first), Type: "error", Text: lang.Visible(problem)},
		})
	}
	for _, test := range file.Tests {
		entry := junitCase{Name: lang.VisibleLine(test.Name), ClassName: className(file), Time: seconds(test.Duration)}
		if test.Failed() {
			suite.Failures++
			entry.Failure = &junitProblem{Message: test.Failures[0].Message, Type: "failure", Text: allFailures(test)}
		}
		if len(test.Log)+len(test.Warnings) > 0 {
			entry.Output = &junitSystemOut{Text: outputText(test)}
		}
		suite.Cases = append(suite.Cases, entry)
	}
	suite.Tests = len(suite.Cases)
	return suite
}

// className groups the tests of a file, as readers of the report do by dots.
func className(file *File) string {
	name := strings.TrimSuffix(file.Name, ".flow")
	return lang.VisibleLine(strings.Trim(strings.NewReplacer("/", ".", `\`, ".").Replace(name), "."))
}

func allFailures(test *Test) string {
	var texts []string
	for _, failure := range test.Failures {
		texts = append(texts, failure.String())
	}
	return strings.Join(texts, "\n")
}

// outputText has the warnings of a test and its log.
func outputText(test *Test) string {
	var b strings.Builder
	for _, warning := range test.Warnings {
		fmt.Fprintf(&b, "warning: %s\n", warning)
	}
	for _, entry := range test.Log {
		fmt.Fprintf(&b, "%s: %s\n", levelName(entry), lang.Visible(entry.Message))
	}
	return b.String()
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }
