package sleep_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"flowrun/builtins/sleep"
	"flowrun/runtime"
)

func compile(t *testing.T, flow string) (*runtime.Program, string) {
	t.Helper()
	engine, err := runtime.New(runtime.WithComponents(sleep.New()))
	if err != nil {
		t.Fatal(err)
	}
	program, diagnostics := engine.Compile("test.flow", flow)
	var all []string
	for _, d := range diagnostics {
		all = append(all, d.Error()+" "+d.Hint)
	}
	return program, strings.Join(all, "\n")
}

func TestSleepWaitsInTheTimeOfTheRun(t *testing.T) {
	for name, c := range map[string]struct {
		flow string
		want time.Duration
	}{
		"for":                   {`sleep < for: "1h30m" >`, 90 * time.Minute},
		"for a duration":        {`sleep < for: duration("2s") >`, 2 * time.Second},
		"until":                 {`sleep < until: at >`, time.Hour},
		"until what has passed": {`sleep < until: past >`, 0},
		"for no time":           {`sleep < for: "0s" >`, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				program, problems := compile(t, "input at: time\ninput past: time\n"+c.flow)
				if program == nil {
					t.Fatal(problems)
				}
				began := time.Now()
				inputs := runtime.Inputs{"at": began.Add(time.Hour), "past": began.Add(-time.Hour)}
				if _, err := program.Run(context.Background(), inputs); err != nil {
					t.Fatal(err)
				}
				if waited := time.Since(began); waited != c.want {
					t.Errorf("waited %s, want %s", waited, c.want)
				}
			})
		})
	}
}

func TestSleepEndsWhenTheRunIsCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		program, _ := compile(t, `sleep < for: "1d" >`)
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		began := time.Now()
		_, err := program.Run(ctx, nil)
		if !errors.Is(err, &runtime.Error{Kind: runtime.KindCancelled}) || time.Since(began) != time.Second {
			t.Errorf("error %v after %s", err, time.Since(began))
		}
	})
}

func TestSleepFaultsAreFoundByCheck(t *testing.T) {
	for name, c := range map[string]struct{ flow, want string }{
		"neither":     {"sleep < >", "test.flow:1:1: how long to wait is not said"},
		"both":        {"input t: time\nsleep < for: \"1s\", until: t >", "test.flow:2:27: for and until exclude each other"},
		"negative":    {`sleep < for: "-1s" >`, "for is -1s, want 0s or more"},
		"a number":    {`sleep < for: 5 >`, `"5s"`},
		"no duration": {`sleep < for: "soon" >`, "for"},
	} {
		t.Run(name, func(t *testing.T) {
			program, problems := compile(t, c.flow)
			if program != nil || !strings.Contains(problems, c.want) {
				t.Errorf("problems %q, want %q", problems, c.want)
			}
		})
	}
}

func TestSleepFaultsOfValues(t *testing.T) {
	for name, c := range map[string]struct{ flow, want string }{
		"negative": {"d = duration(\"-3s\")\nsleep < for: d >", "test.flow:2:14: sleep: for is -3s, want 0s or more"},
		"nil":      {"d = nil\nsleep < for: d >", "how long to wait is not said"},
	} {
		t.Run(name, func(t *testing.T) {
			program, problems := compile(t, c.flow)
			if program == nil {
				t.Fatal(problems)
			}
			if _, err := program.Run(context.Background(), nil); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}
