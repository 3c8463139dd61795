package fail_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"flowrun/builtins/fail"
	"flowrun/runtime"
)

func compile(t *testing.T, flow string) (*runtime.Program, string) {
	t.Helper()
	engine, err := runtime.New(runtime.WithComponents(fail.New()))
	if err != nil {
		t.Fatal(err)
	}
	program, diagnostics := engine.Compile("test.flow", flow)
	var all []string
	for _, d := range diagnostics {
		all = append(all, d.Error())
	}
	return program, strings.Join(all, "\n")
}

func failure(t *testing.T, flow string) (*runtime.Outcome, *runtime.Error) {
	t.Helper()
	program, problems := compile(t, flow)
	if program == nil {
		t.Fatal(problems)
	}
	outcome, err := program.Run(context.Background(), nil)
	var failed *runtime.Error
	if err != nil && !errors.As(err, &failed) {
		t.Fatalf("error %v is no *runtime.Error", err)
	}
	return outcome, failed
}

func TestFailAlwaysFails(t *testing.T) {
	_, err := failure(t, `fail < message: "gave up on ${7}" >`)
	if err == nil || err.Error() != "test.flow:1:1: fail: gave up on 7" || err.Kind != runtime.KindFailed {
		t.Errorf("error %v", err)
	}
}

func TestFailHasTheKindThatItIsGiven(t *testing.T) {
	outcome, err := failure(t, `fail < message: "no stock", kind: "stock" > catch f { kind = f.kind }`)
	if err != nil || outcome.Variables()["kind"] != "stock" {
		t.Errorf("kind %v, error %v", outcome.Variables()["kind"], err)
	}
}

func TestCauseRaisesAnErrorAgain(t *testing.T) {
	const inner = `function inner < > {
  fail < message: "deep", kind: "stock" >
}
inner < > catch f {
  %s catch g { seen = "${g.message} | ${g.kind} ${g.component} ${g.line} ${g.stack}" }
}`
	for name, c := range map[string]struct{ call, want string }{
		"as it is":       {`fail < cause: f >`, `deep | stock fail 2 [{"function":"inner","line":4}]`},
		"with a message": {`fail < cause: f, message: "gave up" >`, `gave up: deep | stock fail 2 [{"function":"inner","line":4}]`},
		"with a kind":    {`fail < cause: f, kind: "mine" >`, `deep | mine fail 2 [{"function":"inner","line":4}]`},
	} {
		t.Run(name, func(t *testing.T) {
			outcome, err := failure(t, strings.Replace(inner, "%s", c.call, 1))
			if err != nil {
				t.Fatal(err)
			}
			if got := outcome.Variables()["seen"]; got != c.want {
				t.Errorf("got  %v\nwant %s", got, c.want)
			}
		})
	}
}

func TestFailRefusesWhatItCannotRaise(t *testing.T) {
	_, err := failure(t, "x = 7\nfail < cause: x >")
	if err == nil || !strings.Contains(err.Error(), "test.flow:2:15: fail: cause is an int, want an error that a catch block has bound") {
		t.Errorf("error %v", err)
	}
	_, err = failure(t, "k = \"cancelled\"\nfail < message: \"x\", kind: k >")
	if err == nil || err.Kind != runtime.KindValue || !strings.Contains(err.Error(), "belongs to the runtime") {
		t.Errorf("error %v", err)
	}
}

func TestFailFaultsAreFoundByCheck(t *testing.T) {
	for flow, want := range map[string]string{
		`fail < >`: "test.flow:1:1: why it fails is not said",
		`fail < message: "x", kind: "resource" >`: `test.flow:1:28: the kind "resource" belongs to the runtime`,
	} {
		program, problems := compile(t, flow)
		if program != nil || !strings.Contains(problems, want) {
			t.Errorf("%s: problems %q, want %q", flow, problems, want)
		}
	}
}
