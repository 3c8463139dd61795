package runtime_test

import (
	"context"
	"strings"
	"testing"

	"flowrun/runtime"
)

func TestANilComponentIsAnErrorOfTheEngine(t *testing.T) {
	if _, err := runtime.New(runtime.WithComponents(nil)); err == nil || !strings.Contains(err.Error(), "component 1 of WithComponents is nil") {
		t.Errorf("got %v", err)
	}
}

func TestOptionsOfNothingChangeNothing(t *testing.T) {
	engine := newEngine(t, &recorder{}, nil)
	var none context.Context
	_, err := compile(t, engine, "show < value: now() >").Run(none, nil, nil,
		runtime.WithObserver(nil), runtime.WithStatementObserver(nil), runtime.WithEffects(nil))
	if err != nil {
		t.Error(err)
	}
}

func TestAnEntryRunsOnceAndNotAfterAReset(t *testing.T) {
	session := newEngine(t, &recorder{}).NewSession()
	for _, c := range []struct {
		between func(*runtime.Entry)
		want    string
	}{
		{func(*runtime.Entry) { session.Reset() }, "the session was reset"},
		{func(e *runtime.Entry) {
			if _, err := e.Run(t.Context(), nil); err != nil {
				t.Error(err)
			}
			session.Reset()
		}, "the entry has run"},
	} {
		entry, problems := session.Compile("entry", "x = 1")
		if entry == nil {
			t.Fatal(problems)
		}
		c.between(entry)
		if _, err := entry.Run(t.Context(), nil); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %s", err, c.want)
		}
		if names := session.Names(); len(names) != 0 {
			t.Errorf("the session has %v", names)
		}
	}
}
