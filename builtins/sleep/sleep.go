// Package sleep is the component `sleep < for | until >`, with which a flow waits.
package sleep

import (
	"context"
	"strings"
	"time"

	"flowrun/runtime"
	"flowrun/runtime/value"
)

// Settings are those of sleep; exactly one of them is given.
type Settings struct {
	For   *time.Duration `flow:"for" doc:"How long to wait, such as \"5m\". Either for or until is given."`
	Until *time.Time     `flow:"until" doc:"The time to wait for. For one that has passed there is no wait."`
}

// New makes the component. It waits in the time of the run, and a wait ends at
// once when the run is cancelled or the call's timeout passes.
func New() *runtime.Component {
	return runtime.NewComponent("sleep", sleep,
		runtime.Doc("Waits for some time, or until a time."),
		runtime.Example(`sleep < for: "5m" >`),
		runtime.Checked(check),
		runtime.Explained(explain))
}

func explain(settings map[string]string) runtime.Wording {
	if until := settings["until"]; until != "" {
		return runtime.Wording{Does: "waits until " + until}
	}
	return runtime.Wording{Does: "waits for " + strings.Trim(settings["for"], `"`)}
}

func sleep(ctx context.Context, call *runtime.Call, s *Settings) (any, error) {
	var wait time.Duration
	switch {
	case s.For != nil && s.Until != nil:
		return nil, &runtime.Failure{Kind: runtime.KindValue, Setting: "until", Message: bothGiven}
	case s.For != nil && *s.For < 0:
		return nil, &runtime.Failure{Kind: runtime.KindValue, Setting: "for", Message: negative(*s.For)}
	case s.For != nil:
		wait = *s.For
	case s.Until != nil:
		wait = max(0, s.Until.Sub(call.Now()))
	default:
		return nil, &runtime.Failure{Kind: runtime.KindValue, Message: neitherGiven, Hint: neitherHint}
	}
	return nil, call.Sleep(ctx, wait)
}

const (
	bothGiven    = "for and until exclude each other"
	neitherGiven = "how long to wait is not said"
	neitherHint  = `write for: "5m", or until: a time`
)

func negative(d time.Duration) string {
	return "for is " + value.FormatDuration(d) + ", want 0s or more"
}

func check(c *runtime.Check) {
	hasFor, hasUntil := c.Has("for"), c.Has("until")
	if hasFor && hasUntil {
		c.Errorf("until", "", bothGiven)
	}
	if !hasFor && !hasUntil {
		c.Errorf("", neitherHint, neitherGiven)
	}
	if constant, ok := c.Constant("for"); ok {
		if text, isText := constant.(string); isText {
			if d, err := value.ParseDuration(text); err == nil && d < 0 {
				c.Errorf("for", "", "%s", negative(d))
			}
		}
	}
}
