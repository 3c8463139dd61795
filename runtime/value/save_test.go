package value_test

import (
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"flowrun/runtime/value"
)

func roundTrip(t *testing.T, v any) any {
	t.Helper()
	saved, err := value.Save(v)
	if err != nil {
		t.Fatalf("%v: %v", v, err)
	}
	restored, err := value.Restore(saved)
	if err != nil {
		t.Fatalf("%s: %v", saved, err)
	}
	return restored
}

func TestEveryKindOfValueIsRestoredAsItWas(t *testing.T) {
	for _, v := range []any{
		nil, true, false, 0, math.MaxInt64, math.MinInt64, 1.0, 0.1, 1e300, 5e-324, math.MaxFloat64, "", "ünï\x00\u2028<&>\U0001F600", "a\xffb",
		[]any{}, []any{nil, 1, 1.0, "1", []any{}}, map[string]any{}, map[string]any{"map": 1, "time": []any{1}, "": nil},
		map[string]any{"\xff": map[string]any{"a": 1}, "b": 2}, time.Duration(math.MinInt64), 90 * time.Minute,
		value.TrustedHTML("<b>\xff</b>"), &value.Secret{Name: "PIN"}, value.Range{From: math.MaxInt64 - 1, To: math.MaxInt64},
		&value.Record{Fields: map[string]any{"code": 550}, Text: "550 no"},
		&value.Template{Form: value.Interpolated, Parts: []value.Part{{Text: "a"}, {Dynamic: true, Value: &value.Secret{Name: "PIN"}, Source: "s"}}},
	} {
		if got := roundTrip(t, v); !reflect.DeepEqual(got, v) {
			t.Errorf("%#v became %#v", v, got)
		}
	}
	if got := roundTrip(t, math.Copysign(0, -1)); !math.Signbit(got.(float64)) {
		t.Error("-0.0 lost its sign")
	}
}

func TestATimeKeepsItsZone(t *testing.T) {
	kyiv, err := time.LoadLocation("Europe/Kyiv")
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []time.Time{
		time.Date(2026, 7, 1, 12, 0, 0, 123456789, kyiv), time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), {},
		time.Date(2026, 7, 1, 12, 0, 0, 0, time.FixedZone("Moon", 4242)), time.Date(2026, 7, 1, 12, 0, 0, 0, time.FixedZone("", -3600)),
		time.Date(123456, 7, 1, 12, 0, 0, 0, time.UTC), time.Date(2026, 7, 1, 12, 0, 0, 0, time.Local),
	} {
		got := roundTrip(t, at).(time.Time)
		name, offset := at.Zone()
		if gotName, gotOffset := got.Zone(); !got.Equal(at) || gotName != name || gotOffset != offset || got.String() != at.String() {
			t.Errorf("%v became %v", at, got)
		}
	}
	if winter := roundTrip(t, time.Date(2026, 7, 1, 12, 0, 0, 0, kyiv)).(time.Time).AddDate(0, 6, 0); winter.Hour() != 12 {
		t.Errorf("half a year later it is %v: the zone is an offset only", winter)
	}
}

type address struct{ City string }

type person struct {
	Name    string
	Address *address
	Work    func()
	hidden  int
}

func (p person) String() string { return "Mx " + p.Name }

func TestARestoredStructReadsAsTheHostsOwn(t *testing.T) {
	host := person{Name: "Ann", Address: &address{"Kyiv"}, Work: func() {}, hidden: 1}
	restored := roundTrip(t, host)
	if kind := value.KindOf(restored); kind != "struct" {
		t.Errorf("its kind is %s", kind)
	}
	if !reflect.DeepEqual(value.FieldNames(restored), value.FieldNames(host)) {
		t.Errorf("its fields are %v", value.FieldNames(restored))
	}
	if name, found, err := value.Field(restored, "Name"); name != "Ann" || !found || err != nil {
		t.Errorf("its name is %v, %v, %v", name, found, err)
	}
	inner, _, _ := value.Field(restored, "Address")
	if city, _, _ := value.Field(inner, "City"); city != "Kyiv" {
		t.Errorf("its city is %v", city)
	}
	_, _, wanted := value.Field(host, "Work")
	if _, _, err := value.Field(restored, "Work"); err == nil || err.Error() != wanted.Error() {
		t.Errorf("got %v, want %v", err, wanted)
	}
	if text, err := value.Text(restored); text != "Mx Ann" || err != nil {
		t.Errorf("its text is %q, %v", text, err)
	}
	var unassignable *value.AssignmentError
	if _, _, err := new(value.Budget).Assign("p", restored, []any{"Name"}, "Bo"); !errors.As(err, &unassignable) {
		t.Errorf("assigning gave %v", err)
	}
	for other, want := range map[any]bool{restored: true, &value.Record{}: false, address{"Kyiv"}: false} {
		if same, err := value.Equal(restored, other); same != want || err != nil {
			t.Errorf("equal to %v: %v, %v", other, same, err)
		}
	}
	if kept, err := value.From(restored); kept != restored || err != nil {
		t.Errorf("From made %v of it, %v", kept, err)
	}
	if again := roundTrip(t, restored); !reflect.DeepEqual(again, restored) {
		t.Errorf("saved again it is %v", again)
	}
}

type endless struct{ Next *endless }

func TestAStructThatContainsItselfCannotBeSaved(t *testing.T) {
	loop := &endless{}
	loop.Next = loop
	if _, err := value.Save(loop); err == nil {
		t.Error("it was saved")
	}
}

func TestRestoreRefusesWhatSaveDoesNotWrite(t *testing.T) {
	for _, text := range []string{
		``, `{`, `1 2`, `{}`, `{"map":{},"list":[]}`, `{"gadget":1}`, `{"map":[]}`, `{"map":null}`, `{"entries":[[1]]}`, `{"entries":[[1,2]]}`,
		`{"bytes":"?"}`, `{"bytes":{"bytes":""}}`, `{"html":1}`, `{"secret":null}`, `{"duration":1.5}`, `{"time":[1,2]}`,
		`{"time":[1,-2,"","",0]}`, `{"time":[1,2,"","",1e9]}`, `{"record":["",[]]}`, `{"record":[1,{"map":{}}]}`, `{"template":[7,[]]}`,
		`{"template":[2,[]]}`, `{"template":[2,["text"]]}`, `{"template":[0,[[1]]]}`, `{"struct":["T",1,{"map":{}},{"map":{}}]}`,
		`{"struct":["T",null,{"map":{}},{"map":{"a":1}}]}`, `{"range":[1,2.0]}`, `99999999999999999999`, `1e999`,
		strings.Repeat("[", 2_200) + strings.Repeat("]", 2_200), strings.Repeat("[", 1_000_000), strings.Repeat(`{"record":["",`, 5000),
	} {
		if v, err := value.Restore([]byte(text)); err == nil {
			t.Errorf("%.60s became %v", text, v)
		}
	}
}
