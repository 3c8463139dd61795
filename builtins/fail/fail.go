// Package fail is the component `fail < message, kind, cause >`, which always
// fails.
package fail

import (
	"context"
	"fmt"

	"flowrun/runtime"
	"flowrun/runtime/value"
)

// Settings are those of fail; message or cause is given.
type Settings struct {
	Message any    `flow:"message" doc:"What went wrong. A message or a cause is given, or both."`
	Kind    string `flow:"kind" default:"failed" doc:"The kind of the error, for whoever catches it. Without it that of the cause."`
	Cause   any    `flow:"cause" doc:"An error that a catch block has bound. It is raised again, with its kind, component, line and stack."`
}

// New makes the component.
func New() *runtime.Component {
	return runtime.NewComponent("fail", fail,
		runtime.Doc("Fails, always: it ends the run with an error, or goes to the catch block."),
		runtime.Example(`fail < message: "no stock left", kind: "stock" >`),
		runtime.Checked(check),
		runtime.Explained(explain))
}

func explain(settings map[string]string) runtime.Wording {
	message, cause := settings["message"], settings["cause"]
	switch {
	case cause == "":
		return runtime.Wording{Does: "fails with the message " + message}
	case message == "":
		return runtime.Wording{Does: "fails again with the error " + cause}
	}
	return runtime.Wording{Does: "fails again with the error " + cause + ", and the message " + message}
}

const (
	nothingGiven = "why it fails is not said"
	nothingHint  = "give a message, or the cause that a catch block has bound"
	reservedKind = "the kind %q belongs to the runtime, since nothing catches it"
)

func fail(_ context.Context, _ *runtime.Call, s *Settings) (any, error) {
	if runtime.Kind(s.Kind).Final() {
		return nil, &runtime.Failure{Kind: runtime.KindValue, Setting: "kind", Message: fmt.Sprintf(reservedKind, s.Kind)}
	}
	if s.Cause == nil && s.Message == nil {
		return nil, &runtime.Failure{Kind: runtime.KindValue, Message: nothingGiven, Hint: nothingHint}
	}
	failure := &runtime.Failure{Kind: runtime.Kind(s.Kind)}
	if s.Message != nil {
		text, err := value.Text(s.Message)
		if err != nil {
			return nil, &runtime.Failure{Kind: runtime.KindValue, Setting: "message", Message: err.Error(), Cause: err}
		}
		failure.Message = text
	}
	if s.Cause != nil {
		if err := raiseAgain(failure, s.Cause); err != nil {
			return nil, err
		}
	}
	return nil, failure
}

// raiseAgain gives a failure what its cause holds: kind, component, line, stack
// and whatever the component that failed had added.
func raiseAgain(failure *runtime.Failure, cause any) error {
	fields, ok := value.AsMap(cause)
	message, hasMessage := fields["message"].(string)
	if !ok || !hasMessage {
		return &runtime.Failure{
			Kind:    runtime.KindValue,
			Setting: "cause",
			Message: fmt.Sprintf("cause is %s, want an error that a catch block has bound", value.Phrase(cause)),
		}
	}
	if failure.Message == "" {
		failure.Message = message
	} else {
		failure.Message += ": " + message
	}
	kind, _ := fields["kind"].(string)
	if failure.Kind == "" && !runtime.Kind(kind).Final() {
		failure.Kind = runtime.Kind(kind)
	}
	failure.Fields = map[string]any{}
	for key, v := range fields {
		if key != "message" && key != "kind" {
			failure.Fields[key] = v
		}
	}
	return nil
}

func check(c *runtime.Check) {
	if !c.Has("message") && !c.Has("cause") {
		c.Errorf("", nothingHint, nothingGiven)
	}
	if kind, ok := c.Constant("kind"); ok {
		if text, isText := kind.(string); isText && runtime.Kind(text).Final() {
			c.Errorf("kind", "", reservedKind, text)
		}
	}
}
