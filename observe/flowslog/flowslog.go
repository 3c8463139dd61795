// Package flowslog tells a log/slog logger what happens in runs.
//
//	outcome, err := program.Run(ctx, inputs, runtime.WithObserver(flowslog.Observer(logger)))
package flowslog

import (
	"log/slog"

	"flowrun/lang"
	"flowrun/observe/internal/told"
	"flowrun/runtime"
	"flowrun/runtime/value"
)

// Observer makes an observer for any number of runs at once. Each event is one
// record, logged with the context of its statement, so that a handler finds the
// trace it belongs to:
//
//	level  message            when
//	debug  call started       a component or function starts; has the settings
//	debug  call tells         a component tells what it does, text
//	debug  error caught       a catch block takes the failure
//	info   call ended         without an error
//	warn   call failed        with error, kind
//	warn   call refused       the same, before its component started
//	warn   failover taken     a call above its limit
//	warn   error passed over  by onError: "continue", with error, kind
//
// Every record has flow, run, component, address, line and column; description
// when the call has one, and duration when it ended. The error that ends a run is
// what Run returns: the host logs that one.
//
// Passwords and secrets are ***; everything else that a flow gives a component is
// in the settings of "call started", shortened, so a host whose flows handle
// personal data leaves debug off. A text of more than 2,000 bytes is cut. Nil means
// slog.Default().
func Observer(logger *slog.Logger) func(runtime.Event) {
	return func(e runtime.Event) {
		to := logger
		if to == nil {
			to = slog.Default()
		}
		level, message := levelAndMessage(e)
		if to.Enabled(e.Context, level) {
			to.LogAttrs(e.Context, level, message, attributes(e)...)
		}
	}
}

func levelAndMessage(e runtime.Event) (slog.Level, string) {
	switch e.Kind {
	case runtime.CallStarted:
		return slog.LevelDebug, "call started"
	case runtime.CallTold:
		return slog.LevelDebug, "call tells"
	case runtime.CatchTaken:
		return slog.LevelDebug, "error caught"
	case runtime.CallRefused:
		return slog.LevelWarn, "call refused"
	case runtime.FailoverTaken:
		return slog.LevelWarn, "failover taken"
	case runtime.ErrorSkipped:
		return slog.LevelWarn, "error passed over"
	}
	if e.Err != nil {
		return slog.LevelWarn, "call failed"
	}
	return slog.LevelInfo, "call ended"
}

func attributes(e runtime.Event) []slog.Attr {
	all := append(identity(e), place(e)...)
	if e.Kind == runtime.CallStarted {
		all = append(all, settings(e.Settings))
	}
	if e.Kind == runtime.CallTold {
		all = append(all, slog.String("text", told.Line(e.Text)))
	}
	if e.Kind == runtime.CallEnded {
		all = append(all, slog.Duration("duration", e.Duration))
	}
	if e.Err != nil {
		all = append(all, slog.String("error", told.Line(e.Err.Message)), slog.String("kind", told.Line(string(e.Err.Kind))))
	}
	return all
}

// identity says whose event it is.
func identity(e runtime.Event) []slog.Attr {
	all := []slog.Attr{slog.String("flow", told.Line(e.Flow)), slog.String("run", told.Line(e.Run))}
	switch {
	case e.Call != nil:
		all = append(all, slog.String("component", told.Line(e.Call.Component)), slog.String("address", e.Call.Address))
		if e.Call.Description != "" {
			all = append(all, slog.String("description", told.Line(e.Call.Description)))
		}
	case e.Err != nil && e.Err.Component != "":
		all = append(all, slog.String("component", told.Line(e.Err.Component)))
	}
	return all
}

// place says where in the source it happened: the error, else the call.
func place(e runtime.Event) []slog.Attr {
	var at lang.Position
	switch {
	case e.Err != nil && e.Err.Source != nil:
		at = e.Err.Range().Start
	case e.Call != nil:
		at = e.Call.Range.Start
	default:
		return nil
	}
	return []slog.Attr{slog.Int("line", at.Line), slog.Int("column", at.Column)}
}

func settings(given []runtime.EventSetting) slog.Attr {
	shown := make([]slog.Attr, len(given))
	for i, s := range given {
		shown[i] = slog.String(s.Key, told.Line(value.Glance(s.Value)))
	}
	return slog.GroupAttrs("settings", shown...)
}
