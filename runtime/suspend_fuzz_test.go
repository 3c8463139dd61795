package runtime_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"flowrun/internal/suspendtest"
	"flowrun/runtime"
	"flowrun/runtime/value"
)

// FuzzResume resumes damaged snapshots: whatever they say, the run ends, with an
// error or without, and nothing breaks down.
func FuzzResume(f *testing.F) {
	const source = `input host
function f < a, b = 2 > {
  for k, v in a { try < wait: "1s", timeout: "1m", break: (b > 5) > catch e { show < value: [k, v] > } }
  return host
}
while true {
  for i in 1..3 {
    x = f < a: {p: 1, q: [1.5, nil, now()]}, timeout: "1h", limit: 2 > failover { show < value: i > }
    y = try < fail: (i == 2) ? "down" : "" > catch e { show < value: html("<b>${i}</b>") > }
    switch i { case 3 { pin = secret("PIN"); show < value: i > } default { } }
  }
}
`
	host := func() suspendtest.Host {
		host, err := suspendableHost()
		if err != nil {
			f.Fatal(err)
		}
		return host
	}
	flow := suspendtest.Segment{Name: "fuzz.flow", Source: source}
	whole, err := suspendtest.Suspended(flow, 300, func(_ int, s suspendtest.Segment) suspendtest.Ended {
		return s.Run(context.Background(), host())
	})
	if err != nil {
		f.Fatal(err)
	}
	for i := 0; i < min(24, len(whole.Snapshots)); i += 2 {
		f.Add([]byte(whole.Snapshots[i]))
	}
	engine := host().Engine
	program, _ := engine.Compile("fuzz.flow", source)
	f.Fuzz(func(t *testing.T, text []byte) {
		var snapshot runtime.Snapshot
		if err := json.Unmarshal(text, &snapshot); err != nil {
			return
		}
		outcome, err := program.Resume(t.Context(), &snapshot, runtime.Reply{Result: 1}, runtime.WithEffects(&instantEffects{}))
		var failed *runtime.Error
		if outcome == nil || err != nil && !errors.As(err, &failed) {
			t.Errorf("got %v, %v", outcome, err)
		}
		if outcome.Snapshot != nil {
			t.Error("the run is suspended, though nothing suspends it")
		}
	})
}

// FuzzRestoreValue restores damaged values; what it restores can be saved, and is
// the same when it is restored again.
func FuzzRestoreValue(f *testing.F) {
	for _, text := range []string{
		`null`, `-0.0`, `42`, `"x"`, `{"bytes":"/w=="}`, `[1,[2.5]]`, `{"map":{"a":{"map":{}}}}`, `{"entries":[[{"bytes":"/w=="},1]]}`,
		`{"time":[1782925200,5,"Europe/Kyiv","EEST",10800]}`, `{"duration":-1}`, `{"html":"<b>"}`, `{"secret":"PIN"}`,
		`{"record":["text",{"map":{"a":1}}]}`, `{"template":[1,["a",[1,"x"]]]}`, `{"template":[2,[[null,""]]]}`,
		`{"struct":["T",null,{"map":{"A":1}},{"map":{"B":"no"}}]}`, `{"range":[1,3]}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		v, err := value.Restore(text)
		if err != nil {
			return
		}
		saved, err := value.Save(v)
		if err != nil {
			t.Fatalf("%s cannot be saved again: %v", text, err)
		}
		again, err := value.Restore(saved)
		if err != nil {
			t.Fatalf("%s cannot be restored again: %v", saved, err)
		}
		if twice, err := value.Save(again); err != nil || string(twice) != string(saved) {
			t.Errorf("%s became %s (%v)", saved, twice, err)
		}
	})
}
