package runtime_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"flowrun/runtime"
	"flowrun/runtime/value"
)

const declarations = `flow < timezone: "Europe/Kyiv" >
input order: map
input count: int = 1
input at: time = now()
input wait: duration = "1m"
return [order, count, at, wait]
`

func declaring(t *testing.T) *runtime.Program {
	t.Helper()
	engine, err := runtime.New()
	if err != nil {
		t.Fatal(err)
	}
	program, diagnostics := engine.Compile("inputs.flow", declarations)
	if program == nil {
		t.Fatal(diagnostics)
	}
	return program
}

func TestReadInputsPrefersTextsToTheDocument(t *testing.T) {
	inputs, err := declaring(t).ReadInputs(
		[]byte(`{"order": {"id": 1}, "count": 2, "at": "2026-11-23", "wait": "5m"}`),
		map[string]string{"count": "3", "wait": "1h30m"})
	if err != nil {
		t.Fatal(err)
	}
	outcome, err := declaring(t).Run(t.Context(), inputs)
	if err != nil {
		t.Fatal(err)
	}
	text, err := value.JSON(outcome.Result)
	if want := `[{"id":1},3,"2026-11-23T00:00:00+02:00","1h30m"]`; err != nil || text != want {
		t.Errorf("the run sees %s (%v), want %s", text, err, want)
	}
}

func TestReadInputsListsEveryProblemInTheOrderOfTheFlow(t *testing.T) {
	_, err := declaring(t).ReadInputs(
		[]byte(`{"wait": "soon", "ordr": {}, "at": "2026-11-23"}`),
		map[string]string{"count": "many", "z": "1"})
	var unfit *runtime.InputError
	if !errors.As(err, &unfit) {
		t.Fatalf("the error is %v", err)
	}
	want := []string{
		`input "order" is missing, want a map`,
		`input "count" is "many", want a whole number of at most 64 bits`,
		`input "wait" is "soon", want a duration like "1h30m"`,
		`unknown input "ordr", did you mean "order"?`,
		`unknown input "z"`,
	}
	if !slices.Equal(unfit.Problems, want) {
		t.Errorf("the problems are\n%q\nwant\n%q", unfit.Problems, want)
	}
}

func TestReadInputsSaysWhereADocumentIsNoJSON(t *testing.T) {
	_, err := declaring(t).ReadInputs([]byte(`{"order": }`), nil)
	var syntax *value.SyntaxError
	if !errors.As(err, &syntax) || syntax.Offset != 10 {
		t.Errorf("the error is %#v, want a syntax error at byte 10", err)
	}
	if _, err := declaring(t).ReadInputs([]byte(`[]`), nil); err == nil {
		t.Error("a list passes as inputs")
	}
}

func TestReadInputsNeedsNoDocument(t *testing.T) {
	inputs, err := declaring(t).ReadInputs(nil, map[string]string{"order": `{"id": 1}`, "wait": "2s"})
	if err != nil {
		t.Fatal(err)
	}
	if inputs["wait"] != 2*time.Second {
		t.Errorf("wait is %v", inputs["wait"])
	}
}
