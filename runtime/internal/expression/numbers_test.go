package expression_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"flowrun/runtime/internal/expression"
	"flowrun/runtime/value"
)

// edges are the numbers at which computers go wrong, with how a flow writes them.
var edges = []struct {
	literal string
	number  any
}{
	{"-9223372036854775808", math.MinInt}, {"-9223372036854775807", -math.MaxInt}, {"-1", -1}, {"0", 0}, {"1", 1}, {"2", 2}, {"63", 63}, {"64", 64}, {"65", 65},
	{"9007199254740993", 1<<53 + 1}, {"9223372036854775806", math.MaxInt - 1}, {"9223372036854775807", math.MaxInt}, {"3037000500", 3037000500},
	{"0.0", 0.0}, {"-0.0", math.Copysign(0, -1)}, {"0.5", 0.5}, {"-0.5", -0.5}, {"1e308", 1e308}, {"-1e308", -1e308}, {"5e-324", 5e-324}, {"1.7976931348623157e308", math.MaxFloat64},
	{"9007199254740993.0", float64(1<<53 + 1)}, {"9223372036854775808.0", math.Exp2(63)}, {"-9223372036854775808.0", -math.Exp2(63)}, {"9223372036854774784.0", 9223372036854774784.0}, {"1e21", 1e21},
}

// numericForms are all operators and functions of one or two numbers a and b.
func numericForms(t *testing.T) (forms []string) {
	binary, unary := expression.Operators()
	for _, operator := range unary {
		forms = append(forms, operator+"(a)")
	}
	for _, operator := range binary {
		if operator != ".." { // a range of such numbers is its own test
			forms = append(forms, "(a) "+operator+" (b)")
		}
	}
	for _, name := range expression.Builtins() {
		least, most, plain := expression.Arity(name)
		if plain && least <= 1 && most >= 1 {
			forms = append(forms, name+"(a)", name+"([a, b])", name+"(string(a))")
		}
		if plain && least <= 2 && most >= 2 && name != "repeat" {
			forms = append(forms, name+"(a, b)", name+"([a], b)")
		}
		if slices.Contains(expression.Predicates(), name) {
			forms = append(forms, name+"([a, b], #)", name+"([a, b], # + a)")
		}
	}
	return append(forms, "reduce([a, b, a], #acc + #)", "reduce([a, b, a], #acc * #)", "sum([a, b, a, b])", "mean(a, b, a)", "median(a, b, a)", "int(float(a))", "int(round(a))", "float(int(a))", "int(string(a))", "a in a..b", "[1, 2, 3][a]", "[1, 2, 3][a:b]", `"text"[a:b]`,
		"duration(\"1h\") * (a)", "duration(\"1h\") / (a)", "duration(\"2562047h\") * (a)", "duration(\"1ms\") * (a) / (b)", "fromJSON(toJSON([a, b]))", "date(\"9999-12-31\") + duration(\"24h\") * (a)", "date(\"2026-01-01\") - duration(\"24h\") * (a)")
}

// wholesome finds what no value may hold: an infinity, NaN, a time that RFC 3339
// cannot write.
func wholesome(v any) string {
	switch v := v.(type) {
	case float64:
		if math.IsInf(v, 0) || math.IsNaN(v) {
			return fmt.Sprint(v)
		}
	case time.Time:
		if v.Year() < 0 || v.Year() > 9999 {
			return v.String()
		}
		if _, err := v.MarshalJSON(); err != nil {
			return err.Error()
		}
	case string:
		if strings.Contains(v, "Inf") || strings.Contains(v, "NaN") {
			return v
		}
	case []any:
		for _, item := range v {
			if problem := wholesome(item); problem != "" {
				return problem
			}
		}
	case map[string]any:
		for _, item := range v {
			if problem := wholesome(item); problem != "" {
				return problem
			}
		}
	}
	return ""
}

// TestNumbersStayNumbersEverywhere tries all operators and functions with all pairs of
// edges, as variables and as literals, which are folded; both give the same.
func TestNumbersStayNumbersEverywhere(t *testing.T) {
	for _, form := range numericForms(t) {
		variables := newEnvironment(map[string]any{"a": 0, "b": 0})
		_, compiled, problems := compile(t, form, variables, expression.Plain)
		if len(problems) > 0 {
			continue // a check of kinds, such as a slice of a number
		}
		machine := expression.NewMachine(variables, expression.Limits{})
		for i, a := range edges {
			for j, b := range edges {
				variables.values["a"], variables.values["b"] = a.number, b.number
				v, err := machine.Eval(compiled, variables.frame())
				if problem := wholesome(v); problem != "" {
					t.Errorf("%s with %s, %s gives %s", form, a.literal, b.literal, problem)
				}
				if (i+j)%5 != 0 || strings.Contains(form, "random") || strings.Contains(form, "uuid") {
					continue
				}
				agree(t, form, literal(form, a.literal, b.literal), v, err)
			}
		}
	}
}

// literal puts literals in place of a and b.
func literal(form, a, b string) string {
	return strings.NewReplacer("(a)", "("+a+")", "(b)", "("+b+")", "(a,", "("+a+",", " b)", " "+b+")", "[a]", "["+a+"]", "[a,", "["+a+",", " b]", " "+b+"]", " a)", " "+a+")", " a,", " "+a+",", " b,", " "+b+",", " a]", " "+a+"]", "[a:b]", "["+a+":"+b+"]", "a in a..b", a+" in "+a+".."+b).Replace(form)
}

func agree(t *testing.T, form, text string, v any, err error) {
	t.Helper()
	folded, problem := evaluate(t, text, newEnvironment(nil), expression.Plain)
	if strings.HasPrefix(problem, "check: ") {
		return
	}
	if (err == nil) != (problem == "") {
		t.Errorf("%s: as literals %v %q, as variables %v %v", text, folded, problem, v, err)
		return
	}
	if problem := wholesome(folded); problem != "" {
		t.Errorf("%s gives %s", text, problem)
	}
	if got, want := fmt.Sprintf("%T %v", folded, folded), fmt.Sprintf("%T %v", v, v); got != want {
		t.Errorf("%s: as literals %s, as variables %s", text, got, want)
	}
}

// TestOverflowIsAnErrorWhereverItHappens puts what overflows into every place of an
// expression, as literals and as variables.
func TestOverflowIsAnErrorWhereverItHappens(t *testing.T) {
	overflows := map[string]string{
		"1/0": "division by zero", "1 % 0": "division by zero", "0 ** -1": "division by zero", "1.5 / 0": "division by zero", "duration(\"1h\") / 0": "division by zero", "duration(\"1h\") / duration(\"0s\")": "division by zero", "1 / -0.0": "division by zero",
		"int(1e300)": "does not fit into 64 bits", "int(9223372036854775808.0)": "does not fit into 64 bits", "int(-9223372036854777856.0)": "does not fit into 64 bits", `int("9223372036854775808")`: "does not fit into 64 bits", "int(round(9223372036854775807))": "does not fit into 64 bits",
		"9223372036854775807 + 1": "does not fit into 64 bits", "-9223372036854775808 - 1": "does not fit into 64 bits", "9223372036854775807 * 2": "does not fit into 64 bits", "-(-9223372036854775808)": "does not fit into 64 bits", "abs(-9223372036854775808)": "does not fit into 64 bits",
		"sum([9223372036854775807, 1])": "does not fit into 64 bits", "sum([1, 2], # * 9223372036854775807)": "does not fit into 64 bits", "reduce([9223372036854775807, 1], #acc + #)": "does not fit into 64 bits", "-9223372036854775808 * -1": "does not fit into 64 bits",
		"10 ** 400": "too large for a float", "1e308 * 10": "too large for a float", "1e308 + 1e308": "too large for a float", "-1e308 - 1e308": "too large for a float", "1e308 / 5e-324": "too large for a float", "(-8) ** 0.5": "not a number", "mean([1e308, 1e308])": "too large for a float", `float("1e400")`: "too large for a float", `float("NaN")`: "is not a number", `float("Inf")`: "is not a number", `fromJSON("1e400")`: "too large", `fromJSON("9223372036854775808")`: "64 bits",
		`duration("2562047h") * 2`: "too long", `duration("2562047h") + duration("2562047h")`: "too long", `-duration("2562047h") - duration("2562047h")`: "too long", `duration("2562048h")`: "too long", `duration("1h") * 1e300`: "too long", `duration("2562047h") / 0.1`: "too long",
		`date("9999-12-31") + duration("24h")`: "outside of 0 to 9999", `duration("24h") + date("9999-12-31")`: "outside of 0 to 9999", `date("0000-01-01") - duration("24h")`: "outside of 0 to 9999", `date("9999-12-31 23:59:59", "2006-01-02 15:04:05", "UTC").In("Asia/Tokyo")`: "outside of 0 to 9999", `date("9999-01-01") - date("0001-01-01")`: "too long",
		"bitshl(1, -1)": "cannot shift",
	}
	places := []string{"@", "[@]", "{k: @}", "{(string(@)): 1}", `"${@}"`, `"a ${@} b"`, `html("<p>${@}</p>")`, "true ? (@) : 1", "[1, 2][int(@):]", "[1][int(@)]", "map([1], @)", "filter([1], (@) == 1)", "(@) == 1", "not ((@) == 1)", "true and (@) == 1", "(@) in [1]", "nil ?? (@)", "(@) | string()", "all([1], all([1], (@) == #))", "{a: [{b: @}]}.a[0].b", "1 < (@) < 3"}
	for text, want := range overflows {
		for _, place := range places {
			whole := strings.ReplaceAll(place, "@", text)
			if _, problem := evaluate(t, whole, newEnvironment(nil), expression.Plain); !strings.Contains(problem, want) && !(strings.HasPrefix(problem, "check: ") && strings.Contains(problem, "compared")) {
				t.Errorf("%s: got %q, want %q", whole, problem, want)
			}
		}
	}
}

// TestNumbersAtTheirEdgesAreExact has what just fits.
func TestNumbersAtTheirEdgesAreExact(t *testing.T) {
	for text, want := range map[string]any{
		"9223372036854775806 + 1": math.MaxInt, "-9223372036854775807 - 1": math.MinInt, "int(-9223372036854775808.0)": math.MinInt, "int(9223372036854774784.0)": 9223372036854774784, "-9223372036854775808 % -1": 0,
		"-4611686018427387904 * 2": math.MinInt, "sum([-9223372036854775807, -1])": math.MinInt, "abs(-9223372036854775807)": math.MaxInt, "9007199254740993 == 9007199254740992.0": false, "9223372036854775807 == 9223372036854775808.0": false, "9223372036854775807 < 9223372036854775808.0": true,
		"-9223372036854775808 == -9223372036854775808.0": true, "9007199254740993 in [9007199254740992.0]": false, "max(9007199254740993, 9007199254740992.0)": 9007199254740993,
		"bitshl(1, 63)": math.MinInt, "bitshl(1, 64)": 0, "bitshr(-1, 64)": -1, "bitshr(8, 200)": 0, "bitushr(-1, 63)": 1, "bitushr(-1, 64)": 0, "bitnot(-9223372036854775808)": math.MaxInt, "-0.0 == 0": true, "string(-0.0)": "0",
		"round(0.5)": 1.0, "round(-0.5)": -1.0, "round(2.5)": 3.0, "floor(-0.5)": -1.0, "ceil(9223372036854775807)": math.Exp2(63), "int(float(9007199254740993))": 1 << 53, "5e-324 / 2": 0.0, "string(5e-324) != \"0\"": true,
		`date("9999-12-31").Year()`: 9999, `date("0000-01-01").Year()`: 0, "mean([])": 0.0, "sum([])": 0, `string(duration("2562047h"))`: "106751d23h",
	} {
		if v, problem := evaluate(t, text, newEnvironment(nil), expression.Plain); problem != "" || v != want {
			t.Errorf("%s: got %v %s, want %v", text, v, problem, want)
		}
	}
}

func TestTheLeastDurationIsTakenOffATime(t *testing.T) {
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	e := newEnvironment(map[string]any{"at": at, "d": time.Duration(math.MinInt64)})
	v, problem := evaluate(t, "at - d", e, expression.Plain)
	if later, ok := v.(time.Time); !ok || !later.After(at) || problem != "" {
		t.Errorf("got %v %s", v, problem)
	}
	if _, problem := evaluate(t, "-d", e, expression.Plain); !strings.HasPrefix(problem, "the duration is too long") {
		t.Errorf("got %s", problem)
	}
}

func TestATimeThatRFC3339CannotWriteDoesNotEnter(t *testing.T) {
	for _, year := range []int{10000, -1, 292_000_000} {
		if v, err := value.From([]time.Time{time.Date(year, 6, 1, 0, 0, 0, 0, time.UTC)}); err == nil || !strings.Contains(err.Error(), "outside of 0 to 9999") {
			t.Errorf("%d: got %v, %v", year, v, err)
		}
	}
	if _, err := value.From(time.Time{}); err != nil {
		t.Error(err)
	}
}
