package flowotel

import (
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"flowrun/observe/internal/told"
	"flowrun/runtime"
	"flowrun/runtime/value"
)

// describe gives the span of a call what its events tell of it. A call that is
// refused, has failed over or goes on in a resumed run has no CallStarted.
func (t *Tracing) describe(span trace.Span, e runtime.Event) {
	if e.Kind == runtime.CallTold || e.Kind == runtime.CatchTaken {
		return
	}
	span.SetAttributes(callAttributes(e.Call)...)
	if e.Kind != runtime.CallStarted {
		return
	}
	keys := make([]string, len(e.Settings))
	for i, s := range e.Settings {
		keys[i] = s.Key
		if t.config.Values {
			span.SetAttributes(attribute.String("flow.setting."+s.Key, told.Line(value.Glance(s.Value))))
		}
	}
	span.SetAttributes(attribute.StringSlice("flow.settings", keys))
}

func callAttributes(call *runtime.Call) []attribute.KeyValue {
	attributes := []attribute.KeyValue{
		attribute.String("flow.component", told.Line(call.Component)), attribute.String("flow.address", call.Address),
	}
	if call.Description != "" {
		attributes = append(attributes, attribute.String("flow.description", told.Line(call.Description)))
	}
	return attributes
}
