package runtime_test

import (
	"context"
	goruntime "runtime"
	"testing"
	"weak"

	"flowrun/runtime"
)

// possession is a value of a host that flows hold as it is.
type possession struct {
	Name string
}

// TestNothingHoldsTheValuesOfARunThatEnded has runs of one program, and the snapshot of
// one, outlive what was given to the run.
func TestNothingHoldsTheValuesOfARunThatEnded(t *testing.T) {
	end := runtime.NewComponentFunc("end", func(_ context.Context, s struct {
		How string `flow:"how"`
	}) (int, error) {
		switch s.How {
		case "suspend":
			return 0, runtime.Suspend("for a word")
		case "panic":
			panic("broken")
		}
		return 1, nil
	})
	program := compile(t, newEngine(t, &recorder{}, runtime.WithComponents(end)), `
input given
input how: string
function f < taken > {
  own = [taken, any([taken], # == given)]
  x = end < how: "" >
  return own
}
kept = [given, {by: given}]
for each in kept { last = each }
own = f < taken: given >
between = 1 < len(kept) < 9 ? "${given.Name} ${kept[0].Name}" : given
if how != "suspend" { x = end < how: how > }
name = given.Name
if how == "suspend" {
  given = 0
  kept = 0
  last = 0
  own = 0
  x = end < how: how >
}
return kept
`[1:])
	type in struct {
		Given *possession `flow:"given"`
		How   string      `flow:"how"`
	}
	call, err := runtime.FuncOf[in, any](program)
	if err != nil {
		t.Fatal(err)
	}
	ways := map[string]func(*possession, string) *runtime.Snapshot{
		"Run": func(given *possession, how string) *runtime.Snapshot {
			outcome, _ := program.Run(t.Context(), runtime.Inputs{"given": given, "how": how})
			return outcome.Snapshot
		},
		"a function": func(given *possession, how string) *runtime.Snapshot {
			call(t.Context(), &in{given, how})
			return nil
		},
	}
	for name, run := range ways {
		for _, how := range []string{"", "panic", "suspend"} {
			run(&possession{Name: "first"}, how)
			given := &possession{Name: "second"}
			still := weak.Make(given)
			snapshot := run(given, how)
			given = nil
			goruntime.GC()
			if still.Value() != nil {
				t.Errorf("%s, %q: the value is still held", name, how)
			}
			if (snapshot != nil) != (name == "Run" && how == "suspend") {
				t.Errorf("%s, %q: snapshot %v", name, how, snapshot != nil)
			}
			goruntime.KeepAlive(snapshot)
		}
	}
	goruntime.KeepAlive(program)
}
