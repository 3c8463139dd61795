package expression_test

import (
	"math"
	"testing"

	"flowrun/lang"
	"flowrun/runtime/internal/expression"
)

func TestTheLeastIntCanBeWritten(t *testing.T) {
	for _, text := range []string{
		"-9223372036854775808", "- 9223372036854775808", "-9_223_372_036_854_775_808", "-0x8000000000000000", "-0X8000_0000_0000_0000",
		"-0o1000000000000000000000", "-0b1000000000000000000000000000000000000000000000000000000000000000",
		"-/* least */9223372036854775808", "(-9223372036854775808)", "[-9223372036854775808][0]", "{a: -9223372036854775808}.a",
		"-9223372036854775808 + 0", "true ? -9223372036854775808 : 1", "int(\"${-9223372036854775808}\")", "0 + -9223372036854775808",
		"first(map([1], -9223372036854775808))", "-9223372036854775807 - 1", "+-9223372036854775808", "max(-9223372036854775808)",
	} {
		if v, problem := evaluate(t, text, everyday(), expression.Plain); problem != "" || v != math.MinInt {
			t.Errorf("%s: got %v, %s", text, v, problem)
		}
	}
}

func TestTheLeastIntNeedsItsMinus(t *testing.T) {
	for _, text := range []string{
		"9223372036854775808", "1 - 9223372036854775808", "+9223372036854775808", "-(9223372036854775808)", "-9223372036854775809",
		"!9223372036854775808", "-9223372036854775808 ** 2", "-9223372036854775808 ?? 1", "-9223372036854775808.a",
		"-00x8000000000000000", "[9223372036854775808]", "- -9223372036854775808 ** 1", "0x8000000000000000",
	} {
		source := lang.NewSource("test.flow", text)
		parsed, problems := lang.ParseExpression(source, lang.Span{End: len(source.Text)})
		if !problems.HasErrors() {
			_, problems = expression.NewCompiler(expression.Limits{}).Compile(source, parsed, everyday(), expression.Plain)
		}
		if len(problems) == 0 {
			t.Errorf("%s: no problem", text)
		}
	}
}

func TestTheLeastIntHasNoOpposite(t *testing.T) {
	for _, text := range []string{"- -9223372036854775808", "-(-9223372036854775808)", "abs(-9223372036854775808)", "-9223372036854775808 - 1", "-9223372036854775808 * -1"} {
		_, problem := evaluate(t, text, everyday(), expression.Plain)
		if want := "the result does not fit into 64 bits | " + text + " | float(x) computes with rounding instead"; problem != want {
			t.Errorf("%s: got %q", text, problem)
		}
	}
}
