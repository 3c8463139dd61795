package flowtest

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"flowrun/lang"
	"flowrun/runtime"
	"flowrun/runtime/value"
)

// Failure is one reason why a test failed, or one of its warnings.
type Failure struct {
	// File and Range are where it is; mostly the test file.
	File  string
	Range lang.Range
	// Message says what is wrong on one line.
	Message string
	// Detail is what there is to see beside it, in lines: an excerpt of the source,
	// the difference of two values, the error in the flow with its excerpt.
	Detail string
}

// failedTest is a test that could not run.
func (f *testFile) failedTest(test *runtime.Test, err error) *Failure {
	return &Failure{File: f.name, Range: test.Range, Message: oneLine(err.Error())}
}

// nothingExpected is a test that would pass whatever its flows do.
func (f *testFile) nothingExpected(test *runtime.Test) *Failure {
	return &Failure{
		File: f.name, Range: test.Range,
		Message: "nothing was expected: the test came to its end without an `expect`",
		Detail:  "  hint: write expect len(mails) == 1 or the like, where the test gets to it",
	}
}

// failuresOf are the reasons why a test failed.
func failuresOf(outcome *runtime.TestOutcome) []*Failure {
	var failures []*Failure
	for _, unmet := range outcome.Unmet {
		failures = append(failures, unmetFailures(unmet)...)
	}
	if more := outcome.UnmetCount - len(outcome.Unmet); more > 0 {
		last := failures[len(failures)-1]
		failures = append(failures, &Failure{File: last.File, Range: last.Range, Message: fmt.Sprintf("%d more expectations were not met", more)})
	}
	for _, failure := range outcome.Failures {
		failures = append(failures, errorFailure(failure))
	}
	return failures
}

// unmetFailures are what an expectation shows that was not met.
func unmetFailures(u *runtime.Unmet) []*Failure {
	if u.Reasons == nil {
		return []*Failure{newFailure(u.Source, u.Span, "the flow was expected to fail, and it did not", "")}
	}
	var failures []*Failure
	for _, reason := range u.Reasons {
		message, difference := explain(u.Source, reason)
		failures = append(failures, newFailure(u.Source, reason.Span, message, difference))
	}
	if len(failures) > 1 { // those of an `or`: one failure
		whole := newFailure(u.Source, u.Span, "none of these holds", "")
		for _, f := range failures {
			whole.Detail += "\n  " + f.Message
		}
		return []*Failure{whole}
	}
	return failures
}

// errorFailure is an error that ended a test.
func errorFailure(e *runtime.Error) *Failure {
	var inFlow *flowError
	if !errors.As(e.Cause, &inFlow) {
		f := newFailure(e.Source, e.Span, e.Summary(), "")
		whole := rendered(func(b *strings.Builder) { e.Render(b, lang.RenderOptions{}) })
		_, f.Detail, _ = strings.Cut(whole, "\n") // the line of the message
		return f
	}
	message := inFlow.flow + " failed"
	switch {
	case inFlow.diagnostics != nil:
		message = inFlow.flow + " does not check"
	case inFlow.problem != "":
		message, _, _ = strings.Cut(inFlow.problem, "\n")
	}
	f := newFailure(e.Source, e.Span, message, "")
	f.Detail += "\n" + rendered(func(b *strings.Builder) {
		if _, more, found := strings.Cut(inFlow.problem, "\n"); found {
			b.WriteString(lang.Visible(more))
		}
		inFlow.diagnostics.Render(b, lang.RenderOptions{})
		for _, failure := range inFlow.failures {
			failure.Render(b, lang.RenderOptions{})
		}
	})
	f.Detail = strings.TrimRight(f.Detail, "\n")
	return f
}

// newFailure makes a failure with an excerpt of its place.
func newFailure(source *lang.Source, span lang.Span, message, detail string) *Failure {
	if source == nil {
		return &Failure{Message: oneLine(message), Detail: detail}
	}
	excerpt := rendered(func(b *strings.Builder) {
		lang.Diagnostics{{Severity: lang.Error, Source: source, Span: span}}.Render(b, lang.RenderOptions{})
	})
	_, excerpt, _ = strings.Cut(excerpt, "\n") // the line of the message
	if detail != "" {
		excerpt += "\n" + detail
	}
	return &Failure{File: source.Name, Range: source.Range(span), Message: oneLine(message), Detail: excerpt}
}

func rendered(render func(b *strings.Builder)) string {
	var b strings.Builder
	render(&b)
	return strings.TrimRight(b.String(), "\n")
}

func oneLine(text string) string { return lang.VisibleLine(text) }

// explain says why a part of a condition is not as it is wanted, and shows the
// difference of two values where one line does not.
func explain(source *lang.Source, reason runtime.UnmetReason) (message, difference string) {
	text := shortSource(source.Slice(reason.Span))
	held := "false"
	if reason.Held {
		held = "true"
	}
	switch len(reason.Operands) {
	case 0:
		return text + " is " + held, ""
	case 1:
		operand := shownOperand{source, reason.Operands[0]}
		return fmt.Sprintf("%s is %s; %s", text, held, operand.is()), ""
	}
	left, right := shownOperand{source, reason.Operands[0]}, shownOperand{source, reason.Operands[1]}
	operator := strings.TrimPrefix(reason.Operator, "not ")
	negated := operator != reason.Operator != reason.Held
	subject, other, mirrored := left, right, false
	if left.operand.Literal && !right.operand.Literal {
		if mirroring := mirror[operator]; mirroring != "" {
			subject, other, operator, mirrored = right, left, mirroring, true
		} else if operator == "in" {
			subject, other, operator = right, left, "contains"
		}
	}
	message = fmt.Sprintf("%s, want %s", subject.is(), want(operator, negated, other))
	if hint := textHint(subject.operand.Value, other.operand.Value); hint != "" {
		return message, hint
	}
	if operator == "==" && !negated {
		difference = differ(subject.operand, other.operand)
		if reason.Differing != nil {
			difference = differentThere(reason.Differing, mirrored)
		}
	}
	return message, difference
}

// textHint tells how to compare a duration or a time with what a text stands for;
// "" when neither side is such a text.
func textHint(a, b any) string {
	text, isText := b.(string)
	other := a
	if !isText {
		text, isText = a.(string)
		other = b
	}
	function := ""
	switch other.(type) {
	case time.Duration:
		function = "duration"
	case time.Time:
		function = "date"
	}
	if !isText || function == "" {
		return ""
	}
	return fmt.Sprintf("  hint: a text is no %s: write %s(%s)", map[string]string{"duration": "duration", "date": "time"}[function], function, quoted(text))
}

// mirror has the operators whose sides may be exchanged.
var mirror = map[string]string{"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}

// opposite has the operators that say the contrary.
var opposite = map[string]string{"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}

// want says what a comparison wants of its subject.
func want(operator string, negated bool, other shownOperand) string {
	if contrary := opposite[operator]; negated && contrary != "" {
		operator, negated = contrary, false
	}
	words := map[string]string{
		"==": "", "!=": "anything but ", "<": "less than ", "<=": "at most ", ">": "more than ", ">=": "at least ",
		"in": "it in ", "contains": "it to contain ", "startsWith": "it to begin with ", "endsWith": "it to end with ", "matches": "it to match ",
	}[operator]
	if negated {
		words = strings.Replace(words, "it ", "it not ", 1)
	}
	return words + other.value()
}

// shownOperand is one side of a comparison, to be shown.
type shownOperand struct {
	source  *lang.Source
	operand runtime.UnmetOperand
}

// value shows the value.
func (s shownOperand) value() string {
	if s.operand.Large {
		return "a value too large to show"
	}
	if text, ok := s.operand.Value.(string); ok {
		return quoted(text)
	}
	return value.Glance(s.operand.Value)
}

// longestText is how much of a text a message shows, in characters.
const longestText = 60

// quoted is a text as the language writes it, cut at its end.
func quoted(text string) string {
	shown, more := text, ""
	if characters := []rune(text); len(characters) > longestText {
		shown, more = string(characters[:longestText]), "…"
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", `\t`).Replace(shown) + more + `"`
}

// is shows the expression with its value.
func (s shownOperand) is() string {
	if s.operand.Literal {
		return s.value()
	}
	return shortSource(s.source.Slice(s.operand.Span)) + " is " + s.value()
}

// longestSource is how much of an expression a message shows, in characters.
const longestSource = 60

// shortSource is an expression on one line, cut in its middle.
func shortSource(text string) string {
	characters := []rune(strings.Join(strings.Fields(text), " "))
	if len(characters) > longestSource {
		half := longestSource / 2
		return string(characters[:half]) + " … " + string(characters[len(characters)-half:])
	}
	return string(characters)
}

// String gives the failure as `file:line: message` with its detail below.
func (f *Failure) String() string {
	text := f.Message
	if f.File != "" {
		text = fmt.Sprintf("%s:%d:%d: %s", lang.VisibleLine(f.File), f.Range.Start.Line, f.Range.Start.Column, text)
	}
	if f.Detail != "" {
		text += "\n" + f.Detail
	}
	return text
}
