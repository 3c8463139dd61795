package value_test

import (
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"flowrun/runtime/value"

	"pgregory.net/rapid"
)

func TestTextIsWhatInterpolationPrints(t *testing.T) {
	for _, c := range []struct {
		in   any
		want string
	}{
		{"a <b> é", "a <b> é"}, {42, "42"}, {math.MinInt, "-9223372036854775808"}, {true, "true"},
		{1.0, "1"}, {-0.5, "-0.5"}, {1e20, "100000000000000000000"}, {1e21, "1e+21"}, {1e-7, "0.0000001"}, {math.Copysign(0, -1), "0"},
		{time.Date(2026, 1, 2, 3, 4, 5, 600, time.UTC), "2026-01-02T03:04:05Z"}, {90 * time.Minute, "1h30m"},
		{[]any{1, "a<", nil, 1.5, time.Second}, `[1,"a<",null,1.5,"1s"]`}, {map[string]any{"b": 1, "a": "\n\t\"\\\u2028\x01"}, `{"a":"\n\t\"\\\u2028\u0001","b":1}`},
		{&value.Record{Fields: map[string]any{"code": 550}, Text: "550 no"}, "550 no"}, {&value.Record{Fields: map[string]any{"code": 550}}, `{"code":550}`},
		{[]any{&value.Record{Fields: map[string]any{"code": 550}, Text: "550 no"}}, `[{"code":550}]`},
		{invoice{Number: 1, Lines: []string{"a"}}, `{"Lines":["a"],"Number":1}`},
	} {
		if got, err := value.Text(c.in); err != nil || got != c.want {
			t.Errorf("%v: got %q, %v, want %q", c.in, got, err, c.want)
		}
	}
	for want, v := range map[string]any{
		"nil has no text": nil, "html cannot become plain text": value.TrustedHTML("a"), "a secret cannot become plain text": &value.Secret{},
		"a secret cannot become JSON": []any{&value.Secret{}}, "html cannot become JSON": map[string]any{"a": value.TrustedHTML("a")},
	} {
		if got, err := value.Text(v); err == nil || err.Error() != want {
			t.Errorf("got %q, %v, want %q", got, err, want)
		}
	}
}

func TestJSONComesBackAsItWas(t *testing.T) {
	scalar := rapid.OneOf(
		rapid.Just[any](nil), rapid.Map(rapid.Bool(), func(b bool) any { return b }), rapid.Map(rapid.Int(), func(i int) any { return i }),
		rapid.Map(rapid.String(), func(s string) any { return strings.ToValidUTF8(s, "?") }),
		rapid.Map(rapid.Float64Range(-1e9, 1e9), func(f float64) any { return math.Trunc(f) + 0.5 }),
	)
	anything := rapid.Deferred(func() *rapid.Generator[any] {
		return rapid.OneOf(scalar,
			rapid.Map(rapid.SliceOfN(scalar, 0, 4), func(list []any) any { return list }),
			rapid.Map(rapid.MapOfN(rapid.StringMatching(`[a-zé" ]{0,4}`), scalar, 0, 4), func(m map[string]any) any { return m }))
	})
	rapid.Check(t, func(t *rapid.T) {
		v := anything.Draw(t, "v")
		text, err := value.JSON(v)
		if err != nil {
			t.Fatal(err)
		}
		back, err := value.ParseJSON(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if equal, err := value.Equal(v, back); err != nil || !equal {
			t.Fatalf("%s: got %v, want %v", text, back, v)
		}
	})
}

func TestWholeJSONNumbersAreInts(t *testing.T) {
	got, err := value.ParseJSON(`[1, -2, 1.0, 1e2, 9223372036854775807]`)
	if want := []any{1, -2, 1.0, 100.0, math.MaxInt}; err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %#v, %v", got, err)
	}
}

func TestJSONIsNestedAtMost200Deep(t *testing.T) {
	if _, err := value.ParseJSON(strings.Repeat("[", 200) + strings.Repeat("]", 200)); err != nil {
		t.Error(err)
	}
	for _, text := range []string{strings.Repeat("[", 201) + strings.Repeat("]", 201), strings.Repeat(`{"a":`, 1_000_000)} {
		if _, err := value.ParseJSON(text); err == nil || err.Error() != "the JSON is nested more than 200 deep" {
			t.Errorf("got %v", err)
		}
	}
	if _, err := value.ParseJSON(`["` + strings.Repeat(`[\"`, 300) + `"]`); err != nil {
		t.Errorf("brackets in a string count: %v", err)
	}
}

func TestDurationsAreReadAndWrittenInTheirUnits(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"1d2h30m": 26*time.Hour + 30*time.Minute, "1w": 168 * time.Hour, "250ms": 250 * time.Millisecond, "1.5h": 90 * time.Minute,
		"0": 0, "0s": 0, "-5m": -5 * time.Minute, "90s": 90 * time.Second, "1m1m": 2 * time.Minute, "0.001s": time.Millisecond,
	} {
		if got, err := value.ParseDuration(text); err != nil || got != want {
			t.Errorf("%q: got %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "5", "m", "1x", "1 h", "1h ", "+1h", "--1h", "1us", "1µs", "1ns", "1.h", ".5h", "1..5h", "1h30", "١h", "1H"} {
		if got, err := value.ParseDuration(text); err == nil || !strings.Contains(err.Error(), "is not a duration") {
			t.Errorf("%q: got %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"99999999999w", "9223372036855ms999999999999s", "300000w300000w", "1e9h"} {
		if got, err := value.ParseDuration(text); err == nil {
			t.Errorf("%q: got %v", text, got)
		}
	}
	for want, d := range map[string]time.Duration{
		"0s": 0, "1h30m": 90 * time.Minute, "2d": 48 * time.Hour, "1.5s": 1500 * time.Millisecond, "250ms": 250 * time.Millisecond,
		"0.5ms": 500 * time.Microsecond, "-1m": -time.Minute, "1d1ms": 24*time.Hour + time.Millisecond,
		"-106751d23h47m16.854775808s": math.MinInt64, "8d": 192 * time.Hour,
	} {
		if got := value.FormatDuration(d); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestDurationsComeBackAsTheyWere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := time.Duration(rapid.Int64Range(-1<<52, 1<<52).Draw(t, "d")).Truncate(time.Microsecond)
		if got, err := value.ParseDuration(value.FormatDuration(d)); err != nil || got != d {
			t.Fatalf("%s: got %v, %v", value.FormatDuration(d), got, err)
		}
	})
}

func TestIntAndFloatCompareExactly(t *testing.T) {
	for _, c := range []struct {
		a, b any
		want int
	}{
		{1, 1.0, 0}, {1, 1.5, -1}, {-1, -1.5, 1}, {1<<53 + 1, float64(1 << 53), 1}, {math.MaxInt, float64(1 << 63), -1},
		{math.MinInt, -float64(1 << 63), 0}, {0, 1e300, -1}, {0, -1e300, 1}, {"a", "b", -1}, {time.Second, time.Minute, -1},
	} {
		if got, err := value.Compare(c.a, c.b); err != nil || got != c.want {
			t.Errorf("%v, %v: got %d, %v", c.a, c.b, got, err)
		}
		if got, err := value.Compare(c.b, c.a); err != nil || got != -c.want {
			t.Errorf("%v, %v: got %d, %v", c.b, c.a, got, err)
		}
		if equal, err := value.Equal(c.a, c.b); err != nil || equal != (c.want == 0) {
			t.Errorf("%v == %v: got %v, %v", c.a, c.b, equal, err)
		}
	}
}

func TestTimesAreEqualAsInstants(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	if equal, _ := value.Equal(at, at.In(time.FixedZone("x", 3600))); !equal {
		t.Error("the zone matters")
	}
}

func TestPlainMakesStringsOfTemplates(t *testing.T) {
	template := &value.Template{Form: value.Interpolated, Parts: []value.Part{{Text: "n"}, {Dynamic: true, Value: 1, Source: "x"}}}
	got, err := value.Plain([]any{template, []any{1, template}, map[string]any{"a": template}, "b", []any{}})
	if want := []any{"n1", []any{1, "n1"}, map[string]any{"a": "n1"}, "b", []any{}}; err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, %v", got, err)
	}
	template.Parts[1].Value = &value.Secret{Name: "A"}
	if got, err := value.Plain([]any{template}); err == nil || err.Error() != "${x}: a secret cannot become plain text" {
		t.Errorf("got %v, %v", got, err)
	}
}
