package flowslog_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"

	"flowrun/observe/flowslog"
	"flowrun/runtime"
)

type askSettings struct {
	Token    runtime.Password `flow:"token"`
	Question string           `flow:"question"`
	Fails    bool             `flow:"fails"`
}

func ask(_ context.Context, call *runtime.Call, s *askSettings) (any, error) {
	call.Tell("asks\x1b[31m" + s.Question)
	if s.Fails {
		return nil, &runtime.Failure{Kind: "busy", Message: "nobody answers" + s.Question}
	}
	return "yes", nil
}

// logged runs a flow and gives its records from a level on, without their times and
// durations.
func logged(t *testing.T, level slog.Level, source string) string {
	t.Helper()
	engine, err := runtime.New(
		runtime.WithComponents(runtime.NewComponent("ask", ask)),
		runtime.WithSecrets(func(string) (string, error) { return "swordfish", nil }))
	if err != nil {
		t.Fatal(err)
	}
	program, problems := engine.Compile("ask.flow", source)
	if program == nil {
		t.Fatal(problems)
	}
	var out bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: level, ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey || a.Key == "duration" && a.Value.Kind() == slog.KindDuration {
			return slog.Attr{}
		}
		return a
	}}))
	_, _ = program.Run(t.Context(), nil, runtime.WithRunID("r1"), runtime.WithObserver(flowslog.Observer(logger)))
	return strings.TrimSpace(out.String())
}

func TestEachEventIsOneRecordThatSaysWhatAndWhere(t *testing.T) {
	for _, c := range []struct {
		name   string
		level  slog.Level
		source string
		want   []string
	}{
		{"a call that ends", slog.LevelInfo, `ask < description: "the first" >`, []string{
			`level=INFO msg="call ended" flow=ask.flow run=r1 component=ask address=0.1 description="the first" line=1 column=1`,
		}},
		{"a call that fails and is caught", slog.LevelDebug - 1, "x = 1\nask < fails: true > catch { x = 2 }", []string{
			`level=DEBUG msg="call started" flow=ask.flow run=r1 component=ask address=0.1 line=2 column=1 settings.fails=true`,
			`level=DEBUG msg="call tells" flow=ask.flow run=r1 component=ask address=0.1 line=2 column=1 text=asks\u{1b}[31m`,
			`level=WARN msg="call failed" flow=ask.flow run=r1 component=ask address=0.1 line=2 column=1 error="nobody answers" kind=busy`,
			`level=DEBUG msg="error caught" flow=ask.flow run=r1 component=ask address=0.1 line=2 column=1 error="nobody answers" kind=busy`,
		}},
		{"a call that is refused", slog.LevelWarn, `while true { ask < limit: 1 > }`, []string{
			`level=WARN msg="call refused" flow=ask.flow run=r1 component=ask address=0.2 line=1 column=14 error="passed its limit of 1" kind=limit`,
		}},
		{"a failover", slog.LevelWarn, "while true { ask < limit: 1 > failover { stop } }", []string{
			`level=WARN msg="failover taken" flow=ask.flow run=r1 component=ask address=0.2 line=1 column=14`,
		}},
		{"an error that is passed over", slog.LevelWarn, "flow \"asks\" < onError: \"continue\" >\nx = 1 / 0", []string{
			`level=WARN msg="error passed over" flow=asks run=r1 line=2 column=5 error="division by zero" kind=value`,
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got, want := logged(t, c.level, c.source), strings.Join(c.want, "\n"); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

func TestNoRecordHasASecret(t *testing.T) {
	got := logged(t, slog.LevelDebug-1, "ask < token: secret(\"SHOP_TOKEN\"), question: \"a\" >\nask < token: \"swordfish\" >")
	if strings.Contains(got, "swordfish") || strings.Contains(got, "SHOP_TOKEN") || strings.Count(got, "settings.token=***") != 2 {
		t.Errorf("got\n%s", got)
	}
}

func TestNoRecordIsAsLongAsTheTextsOfAFlow(t *testing.T) {
	source := "name = repeat(\"x\", 1000000)\nask < question: name, fails: true, description: \"" + strings.Repeat("d", 50_000) + "\" >"
	got := logged(t, slog.LevelDebug-1, source)
	if len(got) > 20_000 || strings.Count(got, "more bytes)") < 5 {
		t.Errorf("the records have %d bytes: %.300s…", len(got), got)
	}
}
