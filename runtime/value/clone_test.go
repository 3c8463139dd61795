package value_test

import (
	"reflect"
	"testing"

	"flowrun/runtime/value"
)

func TestWithoutSecretsStarsStandAtAnyDepthAndTheRestStays(t *testing.T) {
	secret := &value.Secret{Name: "KEY"}
	bearer := value.NewTemplate(value.Interpolated, []value.Part{
		{Text: "Bearer "}, {Dynamic: true, Value: secret}, {Text: " "}, {Dynamic: true, Value: 7},
	}, nil)
	v := map[string]any{
		"list":   []any{secret, bearer, 1.5, nil},
		"record": &value.Record{Fields: map[string]any{"key": secret}, Text: "its text"},
		"html":   value.TrustedHTML("<b>"),
	}
	before := value.Clone(v)
	want := map[string]any{
		"list":   []any{"***", "Bearer *** 7", 1.5, nil},
		"record": &value.Record{Fields: map[string]any{"key": "***"}, Text: "its text"},
		"html":   value.TrustedHTML("<b>"),
	}
	if got := value.WithoutSecrets(v); !reflect.DeepEqual(got, want) {
		t.Errorf("got %#v, want %#v", got, want)
	}
	if !reflect.DeepEqual(any(v), before) {
		t.Errorf("the value itself is now %#v", v)
	}
}

func TestReplaceDoesNotLookIntoWhatItReplaced(t *testing.T) {
	v := []any{[]any{1}, 1, map[string]any{"a": 1}}
	got := value.Replace(v, func(v any) (any, bool) {
		switch v := v.(type) {
		case map[string]any:
			return []any{1}, true
		case int:
			return v + 1, true
		}
		return nil, false
	})
	if want := []any{[]any{2}, 2, []any{1}}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
