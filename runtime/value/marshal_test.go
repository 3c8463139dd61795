package value_test

import (
	"encoding/json"
	"testing"

	"flowrun/runtime/value"
)

func TestWhatAHostMarshalsIsWhatTheCommandShows(t *testing.T) {
	text, err := json.Marshal(map[string]any{
		"html":   value.TrustedHTML("<b>"),
		"secret": &value.Secret{Name: "PIN"},
		"record": &value.Record{Fields: map[string]any{"code": 250}, Text: "250 ok"},
	})
	if want := `{"html":"\u003cb\u003e","record":{"code":250},"secret":"***"}`; string(text) != want || err != nil {
		t.Errorf("got %s, %v, want %s", text, err, want)
	}
}

func TestACloneSharesNoListAndNoMap(t *testing.T) {
	inner := []any{1}
	original := map[string]any{"xs": inner, "r": &value.Record{Fields: map[string]any{"xs": inner}}}
	clone := value.Clone(original).(map[string]any)
	clone["xs"].([]any)[0] = 2
	clone["r"].(*value.Record).Fields["xs"].([]any)[0] = 3
	clone["new"] = true
	if inner[0] != 1 || len(original) != 2 {
		t.Errorf("the original became %v", original)
	}
}
