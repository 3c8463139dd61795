package runtime_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"flowrun/runtime"
)

// statementLog writes a line for each statement, indented by how deep its context
// is nested.
type statementLog struct{ lines []string }

type nesting struct{}

func depthOf(ctx context.Context) int {
	depth, _ := ctx.Value(nesting{}).(int)
	return depth
}

func (l *statementLog) StatementStarted(ctx context.Context, s *runtime.Statement) context.Context {
	word := "start"
	if s.Entered {
		word = "enter"
	}
	l.write(ctx, "%s %d %s", word, s.Range.Start.Line, strings.TrimSpace(string(s.Kind)+" "+s.Name))
	return context.WithValue(ctx, nesting{}, depthOf(ctx)+1)
}

var endings = map[runtime.StatementEnd]string{
	runtime.StatementDone: "done", runtime.StatementLeft: "left",
	runtime.StatementFailed: "failed", runtime.StatementSuspended: "suspended",
}

func (l *statementLog) StatementEnded(ctx context.Context, s *runtime.Statement, how runtime.StatementEnd, err *runtime.Error) {
	text := ""
	if err != nil {
		text = ": " + err.Message
	}
	outer := context.WithValue(ctx, nesting{}, depthOf(ctx)-1)
	l.write(outer, "%s %d %s%s", endings[how], s.Range.Start.Line, s.Kind, text)
}

func (l *statementLog) write(ctx context.Context, format string, args ...any) {
	l.lines = append(l.lines, strings.Repeat("  ", depthOf(ctx))+fmt.Sprintf(format, args...))
}

func (l *statementLog) take() string {
	text := strings.Join(l.lines, "\n")
	l.lines = nil
	return text
}

func TestAStatementObserverSeesEveryStatementNestedInItsBlock(t *testing.T) {
	for _, flow := range []struct{ name, source, want string }{
		{"blocks", `
for i in 1..2 {
  if i == 1 { continue }
  switch i { case 2 { x = i } }
}
while true { break }
return 1`, `
start 2 for
  start 3 if
    start 3 continue
    left 3 continue
  left 3 if
  start 3 if
  done 3 if
  start 4 switch
    start 4 assign x
    done 4 assign
  done 4 switch
done 2 for
start 6 while
  start 6 break
  left 6 break
done 6 while
start 7 return
left 7 return`},
		{"calls", `
function f < n > {
  show < value: n >
}
f < n: 1 >
try < fail: "no", limit: 1 > catch problem { stop }
`, `
start 5 call f
  start 3 call show
  done 3 call
done 5 call
start 6 call try
  start 6 stop
  left 6 stop
left 6 call`},
		{"goto into a block", `
goto inside
if false {
inside:
  x = 1
}
`, `
start 2 goto inside
left 2 goto
enter 3 if
  start 5 assign x
  done 5 assign
done 3 if`},
		{"a failure", `
if true { x = 1 / 0 }
`, `
start 2 if
  start 2 assign x
  failed 2 assign: division by zero
failed 2 if: division by zero`},
		{"an error that is passed over", `
flow < onError: "continue" >
try < fail: "no" >
`, `
start 3 call try
done 3 call`},
	} {
		t.Run(flow.name, func(t *testing.T) {
			log := &statementLog{}
			program := compile(t, newEngine(t, &recorder{}), flow.source)
			_, _ = program.Run(t.Context(), nil, runtime.WithStatementObserver(log))
			if got := log.take(); got != strings.TrimSpace(flow.want) {
				t.Errorf("got\n%s\nwant%s", got, flow.want)
			}
		})
	}
}

func TestAStatementObserverSeesWhereARunIsSuspendedAndResumed(t *testing.T) {
	ask := runtime.NewComponent("ask", func(context.Context, *runtime.Call, *struct{}) (any, error) {
		return nil, runtime.Suspend("waits")
	})
	program := compile(t, newEngine(t, &recorder{}, runtime.WithComponents(ask)), "if true {\n  x = ask < >\n  y = x\n}\n")
	log := &statementLog{}
	outcome, err := program.Run(t.Context(), nil, runtime.WithStatementObserver(log))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := log.take(), "start 1 if\n  start 2 call ask\n  suspended 2 call\nsuspended 1 if"; got != want {
		t.Errorf("until suspended:\n%s\nwant\n%s", got, want)
	}
	if _, err := program.Resume(t.Context(), outcome.Snapshot, runtime.Reply{Result: 1}, runtime.WithStatementObserver(log)); err != nil {
		t.Fatal(err)
	}
	if got, want := log.take(), "enter 1 if\n  enter 2 call ask\n  done 2 call\n  start 3 assign y\n  done 3 assign\ndone 1 if"; got != want {
		t.Errorf("resumed:\n%s\nwant\n%s", got, want)
	}
}

func TestComponentsAndEventsHaveTheContextOfTheirStatement(t *testing.T) {
	var seen []int
	look := runtime.NewComponent("look", func(ctx context.Context, call *runtime.Call, _ *struct{}) (any, error) {
		seen = append(seen, depthOf(ctx))
		call.Tell("looks")
		return nil, nil
	})
	program := compile(t, newEngine(t, &recorder{}, runtime.WithComponents(look)),
		"function f < > { if true { look < timeout: \"1m\" > } }\nf < timeout: \"1m\" >\nlook < >\n")
	_, err := program.Run(t.Context(), nil, runtime.WithStatementObserver(&statementLog{}), runtime.WithObserver(func(e runtime.Event) {
		if e.Kind == runtime.CallTold {
			seen = append(seen, depthOf(e.Context))
		}
	}))
	if want := []int{3, 3, 1, 1}; err != nil || !slices.Equal(seen, want) {
		t.Errorf("depths %v, want %v; %v", seen, want, err)
	}
}

func TestSeveralObserversAreToldInTurn(t *testing.T) {
	var told []string
	observer := func(name string) runtime.RunOption {
		return runtime.WithObserver(func(e runtime.Event) {
			if e.Kind == runtime.CallStarted {
				told = append(told, name)
			}
		})
	}
	program := compile(t, newEngine(t, &recorder{}), "show < value: 1 >")
	if _, err := program.Run(t.Context(), nil, observer("first"), runtime.WithObserver(nil), observer("second")); err != nil {
		t.Fatal(err)
	}
	if want := []string{"first", "second"}; !slices.Equal(told, want) {
		t.Errorf("told %v, want %v", told, want)
	}
}
