package runtime_test

import (
	"context"
	"errors"
	"testing"

	"flowrun/runtime"
)

// slow is a component that its context does not hurry: it ends well, though late.
// A call with `cancel` cancels the run, one with `wait` returns when its context has ended.
type slow struct {
	cancel context.CancelCauseFunc
	calls  int
}

var errEnough = errors.New("enough")

func (s *slow) component() *runtime.Component {
	type settings struct {
		Cancel bool `flow:"cancel"`
		Wait   bool `flow:"wait"`
	}
	return runtime.NewComponent("slow", func(ctx context.Context, _ *runtime.Call, set *settings) (any, error) {
		s.calls++
		if set.Cancel {
			s.cancel(errEnough)
		}
		if set.Wait {
			<-ctx.Done()
		}
		return s.calls, nil
	})
}

func (s *slow) run(t *testing.T, source string) (*runtime.Outcome, error) {
	t.Helper()
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	s.cancel = cancel
	return compile(t, newEngine(t, &recorder{}, runtime.WithComponents(s.component())), source).Run(ctx, nil)
}

func TestACancelledRunStartsNoMoreCalls(t *testing.T) {
	for name, source := range map[string]string{
		"a component":                "\nx = slow < cancel: true >\nslow < >",
		"a function":                 "function f < > { slow < > }\nx = slow < cancel: true >\nf < >",
		"after a function":           "function f < > { slow < cancel: true > }\nx = f < >\nslow < >",
		"in a loop":                  "\nfor i in 1..50 { x = slow < cancel: true > }",
		"nothing but an assignment":  "\nx = slow < cancel: true >\ny = 1",
		"behind one that is caught":  "\nslow < cancel: true > catch { }\nslow < > catch { }",
		"under onError":              "flow < onError: \"continue\" >\nx = slow < cancel: true >\nslow < >",
		"a failover after the limit": "\nfor i in 1..2 { slow < cancel: true, limit: 1 > failover { slow < > } }",
	} {
		t.Run(name, func(t *testing.T) {
			var s slow
			_, err := s.run(t, source)
			if failed := failure(t, err); failed.Kind != runtime.KindCancelled || !errors.Is(err, errEnough) || failed.Range().Start.Line < 2 {
				t.Errorf("got %v of kind %s", err, failed.Kind)
			}
			if s.calls != 1 {
				t.Errorf("%d calls were made", s.calls)
			}
		})
	}
}

func TestARunThatIsCancelledInItsLastCallHasEnded(t *testing.T) {
	var s slow
	if _, err := s.run(t, "x = slow < cancel: true >\n"); err != nil || s.calls != 1 {
		t.Errorf("got %v after %d calls", err, s.calls)
	}
}

func TestACallThatEndsWellAfterItsTimeoutHasNotFailed(t *testing.T) {
	var s slow
	outcome, err := s.run(t, `
x = slow < timeout: "1ms", wait: true > catch { x = "lost" }
return x
`)
	if err != nil || outcome.Result != 1 {
		t.Errorf("got %v, %v", outcome.Result, err)
	}
}

func TestAFunctionWhoseTimeoutHasPassedStartsNoMoreCalls(t *testing.T) {
	var s slow
	outcome, err := s.run(t, `
function f < > {
  slow < wait: true >
  slow < > catch { }
  return "done"
}
x = f < timeout: "1ms" > catch problem { x = problem.kind }
return x
`)
	if err != nil || outcome.Result != "timeout" || s.calls != 1 {
		t.Errorf("got %v, %v after %d calls", outcome.Result, err, s.calls)
	}
}

func TestAnEntryUnderAnEndedContextMakesNoCall(t *testing.T) {
	var s slow
	session := newEngine(t, &recorder{}, runtime.WithComponents(s.component())).NewSession()
	ctx, cancel := context.WithCancelCause(t.Context())
	s.cancel = cancel
	if _, _, err := session.Eval(ctx, "entry", "slow < cancel: true >"); err != nil {
		t.Fatal(err)
	}
	_, _, err := session.Eval(ctx, "entry", "slow < >")
	if failed := failure(t, err); failed.Kind != runtime.KindCancelled || s.calls != 1 {
		t.Errorf("got %v after %d calls", err, s.calls)
	}
}

// TestAContextThatEndsWhileSettingsAreReadStopsTheCall cancels in the type of a setting.
func TestAContextThatEndsWhileSettingsAreReadStopsTheCall(t *testing.T) {
	type settings struct {
		Word cancelling `flow:"word"`
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	calls := 0
	component := runtime.NewComponent("say", func(context.Context, *runtime.Call, *settings) (any, error) {
		calls++
		return nil, nil
	})
	program := compile(t, newEngine(t, &recorder{}, runtime.WithComponents(component)), "input word\nsay < word: word >")
	cancelWord = cancel
	_, err := program.Run(ctx, runtime.Inputs{"word": "x"})
	if failed := failure(t, err); failed.Kind != runtime.KindCancelled || calls != 0 {
		t.Errorf("got %v after %d calls", err, calls)
	}
}

// cancelWord ends the context of the run that decodes a cancelling.
var cancelWord context.CancelFunc

type cancelling struct{}

func (*cancelling) DecodeSetting(any) error {
	cancelWord()
	return nil
}
