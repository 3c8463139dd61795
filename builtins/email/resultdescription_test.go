package email_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"flowrun/builtins/email"
	"flowrun/builtins/email/mailtest"
	"flowrun/runtime"
	"flowrun/runtime/value"
)

const refusedInPart = `
sent = sendEmail < to: ["a@x.y", "b@x.y"], from: "f@x.y", subject: "s", message: "m" > catch failure { }
`

// TestReferenceDescribesTheResultAsItIs holds the descriptions of the result and of
// the error to those of a mail that one of two recipients got.
func TestReferenceDescribesTheResultAsItIs(t *testing.T) {
	server := startSandbox(t, mailtest.WithFaults(mailtest.RefuseRecipient("b@x.y", 550, "5.1.1", "no such user")))
	variables, err := runFlow(t, sandboxed(server), refusedInPart, nil)
	if err != nil {
		t.Fatal(err)
	}
	component := email.New(email.Config{})
	asDescribed(t, "the result", component.Result(), variables["sent"])
	failure, _ := value.AsMap(variables["failure"])
	failure = maps.Clone(failure)
	for _, key := range []string{"message", "kind", "component", "line", "stack"} {
		if _, there := failure[key]; !there {
			t.Errorf("the error has no %s", key)
		}
		delete(failure, key)
	}
	asDescribed(t, "the error", component.ErrorFields(), failure)
}

// kindsOf are the kinds of values that the words of the descriptions stand for.
var kindsOf = map[string][]string{
	"string": {"string"}, "int": {"int"}, "bool": {"bool"}, "duration": {"duration"}, "map": {"map"},
	"list of strings": {"list"}, "list of maps": {"list"}, "string or nil": {"string", "nil"}, "int or nil": {"int", "nil"},
}

func asDescribed(t *testing.T, of string, described []runtime.FieldDescription, v any) {
	t.Helper()
	fields, isMap := value.AsMap(v)
	if !isMap {
		t.Fatalf("%s is %s, want a map", of, value.Phrase(v))
	}
	left := maps.Clone(fields)
	for _, d := range described {
		got, there := left[d.Key]
		delete(left, d.Key)
		if !there || !slices.Contains(kindsOf[d.Type], value.KindOf(got)) {
			t.Errorf("%s.%s is described as %s and is %s (there: %t)", of, d.Key, d.Type, value.Phrase(got), there)
			continue
		}
		for i, item := range itemsOf(d, got) {
			if d.Fields != nil {
				asDescribed(t, fmt.Sprintf("%s.%s[%d]", of, d.Key, i), d.Fields, item)
			} else if value.KindOf(item) != "string" {
				t.Errorf("%s.%s[%d] is %s", of, d.Key, i, value.Phrase(item))
			}
		}
	}
	if len(left) > 0 {
		t.Errorf("%s has %v, which nothing describes", of, slices.Sorted(maps.Keys(left)))
	}
}

// itemsOf are the maps or strings that a field holds.
func itemsOf(d runtime.FieldDescription, v any) []any {
	if list, ok := v.([]any); ok {
		return list
	}
	if d.Fields != nil {
		return []any{v}
	}
	return nil
}
