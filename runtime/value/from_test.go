package value_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/netip"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"flowrun/runtime/value"
)

type (
	status   string
	level    uint8
	weekday  int
	settings map[status]level
)

func (d weekday) String() string { return [...]string{"Sunday", "Monday"}[d] }

type invoice struct {
	Number int
	Lines  []string
}

func TestWhatEntersBecomesAValue(t *testing.T) {
	n := 5
	p := &n
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	host := &invoice{Number: 1}
	for _, c := range []struct{ in, want any }{
		{nil, nil}, {true, true}, {1, 1}, {int8(-1), -1}, {int64(math.MinInt64), math.MinInt64}, {uint8(200), 200},
		{uint64(math.MaxInt64), math.MaxInt64}, {float32(1.5), 1.5}, {2.5, 2.5}, {"a", "a"},
		{status("new"), "new"}, {level(3), 3}, {weekday(1), "Monday"}, {time.Duration(5), time.Duration(5)}, {at, at}, {&at, at},
		{p, 5}, {&p, 5}, {(*int)(nil), nil}, {(*invoice)(nil), nil}, {(func())(nil), nil},
		{[]string{"a"}, []any{"a"}}, {[2]int{1, 2}, []any{1, 2}}, {[]any{int8(1), []uint16{2}}, []any{1, []any{2}}},
		{[]string(nil), []any{}}, {map[string]int(nil), map[string]any{}},
		{[]byte("text"), "text"}, {json.RawMessage(`{"a":[1,1.5]}`), map[string]any{"a": []any{1, 1.5}}},
		{map[string][]int8{"a": {1}}, map[string]any{"a": []any{1}}}, {settings{"x": 3}, map[string]any{"x": 3}},
		{map[int]string{1: "a"}, map[string]any{"1": "a"}}, {map[any]any{"k": 1}, map[string]any{"k": 1}},
		{json.Number("3"), 3}, {json.Number("3.5"), 3.5}, {json.Number("1e2"), 100.0},
		{errors.New("down"), "down"}, {netip.MustParseAddr("10.0.0.1"), "10.0.0.1"}, {time.UTC, "UTC"},
		{host, host}, {*host, *host}, {[]*invoice{host}, []any{host}},
		{value.Secret{Name: "A"}, &value.Secret{Name: "A"}},
		{value.Record{Fields: map[string]any{"n": uint8(1)}, Text: "t"}, &value.Record{Fields: map[string]any{"n": 1}, Text: "t"}},
		{value.TrustedHTML("<b>"), value.TrustedHTML("<b>")},
	} {
		got, err := value.From(c.in)
		if err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%#v: got %#v, %v, want %#v", c.in, got, err, c.want)
		}
	}
}

func TestWhatIsNoValueIsRefusedWithItsPlace(t *testing.T) {
	loop := map[string]any{}
	loop["self"] = []any{loop}
	var deep any = 1
	for range 201 {
		deep = []any{deep}
	}
	for _, c := range []struct {
		in   any
		want string
	}{
		{func() {}, "a function is not a value of the language"},
		{map[string]any{"a": []any{1, make(chan int)}}, "a[1]: a channel is not a value of the language"},
		{map[string]any{"odd key": map[string]any{"b": func() {}}}, `["odd key"].b: a function is not a value of the language`},
		{uint64(math.MaxUint64), "the integer 18446744073709551615 does not fit into 64 bits"},
		{[]uint64{1 << 63}, "[0]: the integer 9223372036854775808 does not fit into 64 bits"},
		{json.Number("9223372036854775808"), "the integer 9223372036854775808 does not fit into 64 bits"},
		{math.NaN(), "NaN is not a number of the language"},
		{[]float32{float32(math.Inf(1))}, "[0]: +Inf is not a number of the language"},
		{complex(1, 2), "a complex number is not a value of the language"},
		{map[float64]int{1: 1}, "the keys of a map must be strings"},
		{value.Range{From: 1, To: 2}, "a range is not a value of its own"},
	} {
		if got, err := value.From(c.in); err == nil || err.Error() != c.want {
			t.Errorf("%T: got %v, %v, want %q", c.in, got, err, c.want)
		}
	}
	for name, endless := range map[string]any{"a loop": loop, "201 levels": deep} {
		if _, err := value.From(endless); err == nil || !strings.HasSuffix(err.Error(), "…: it contains itself, or is nested more than 200 deep") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestNestingOf200IsAllowed(t *testing.T) {
	var deep any = 1
	for range 200 {
		deep = []any{deep}
	}
	made, err := value.From(deep)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := value.JSON(made); err != nil {
		t.Error(err)
	}
	if equal, err := value.Equal(made, made); err != nil || !equal {
		t.Error(equal, err)
	}
}

// TestASharedListCountsAsOftenAsItIsHeld would otherwise run for ages: each level
// holds the one below it twice.
func TestASharedListCountsAsOftenAsItIsHeld(t *testing.T) {
	var shared any = 1
	for range 100 {
		shared = []any{shared, shared}
	}
	if _, err := value.From(shared); err == nil || !strings.Contains(err.Error(), "larger than 16 MiB") {
		t.Errorf("got %v", err)
	}
}

func TestWhatEntersIsACopy(t *testing.T) {
	inner := []int{1}
	host := map[string]any{"xs": inner}
	made, err := value.From(host)
	if err != nil {
		t.Fatal(err)
	}
	inner[0], host["y"] = 2, 3
	if !reflect.DeepEqual(made, map[string]any{"xs": []any{1}}) {
		t.Errorf("got %v", made)
	}
}

func TestKindsHaveNamesOfTheLanguage(t *testing.T) {
	for want, v := range map[string]any{
		"nil": nil, "a bool": true, "an int": 1, "a float": 1.5, "a string": "", "a time": time.Time{}, "a duration": time.Second,
		"a list": []any{}, "a map": map[string]any{}, "html": value.TrustedHTML(""), "a secret": &value.Secret{}, "a struct": &invoice{}, "a range": value.Range{},
	} {
		if got := value.Phrase(v); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if got := value.KindOf(&value.Record{}); got != "map" {
		t.Errorf("a record is %q", got)
	}
}

func TestFieldsOfStructs(t *testing.T) {
	type base struct{ ID int }
	type order struct {
		base
		*invoice
		URL    *url.URL
		Secret string `expr:"-"`
		Total  int    `expr:"sum"`
	}
	host := order{base: base{ID: 7}, URL: &url.URL{Host: "x"}, Total: 3}
	if names := strings.Join(value.FieldNames(host), " "); names != "ID URL sum" {
		t.Errorf("got %q", names)
	}
	for name, want := range map[string]any{"ID": 7, "sum": 3} {
		if got, found, err := value.Field(host, name); err != nil || !found || got != want {
			t.Errorf("%s: got %v, %v, %v", name, got, found, err)
		}
	}
	if _, found, _ := value.Field(host, "Secret"); found {
		t.Error("a hidden field was found")
	}
	if _, _, err := value.Field(5, "x"); err == nil || err.Error() != "an int has no fields" {
		t.Errorf("got %v", err)
	}
}

func TestStructsCompareByTheFieldsThatAFlowCanRead(t *testing.T) {
	type order struct {
		Number int
		Key    *value.Secret
		Lines  []string
		hidden int
	}
	for _, c := range []struct {
		a, b any
		want string
	}{
		{order{Number: 1, Lines: []string{"a"}}, order{Number: 1, Lines: []string{"a"}, hidden: 2}, "true <nil>"},
		{&order{Number: 1}, &order{Number: 2}, "false <nil>"},
		{order{Number: 1, Key: &value.Secret{Name: "A"}}, order{Number: 1, Key: &value.Secret{Name: "A"}}, "false a secret cannot be compared"},
		{order{Number: 1}, struct{ Number int }{1}, "false <nil>"},
	} {
		equal, err := value.Equal(c.a, c.b)
		if got := fmt.Sprint(equal, err); got != c.want {
			t.Errorf("%+v == %+v: got %s, want %s", c.a, c.b, got, c.want)
		}
	}
}
