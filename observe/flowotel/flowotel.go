// Package flowotel makes OpenTelemetry spans of runs: one for the run and one for
// each statement, nested as the statements are. Nothing else in flowrun imports
// OpenTelemetry.
//
//	tracing := flowotel.New(flowotel.Config{TracerProvider: provider})
//	outcome, err := tracing.Run(ctx, program, inputs)
//
// A span in ctx is the parent of the run's span. The span of a statement is the
// current one in the context of the component that it calls, so that what the
// component does by itself, an HTTP request say, is below it. Spans have the times
// of the machine, also when the run has a time of its own. A text of more than
// 2,000 bytes, such as an error's, is cut.
package flowotel

import (
	"context"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"flowrun/observe/internal/told"
	"flowrun/runtime"
)

// Config says which spans there are. Its zero value makes one for every statement,
// within bounds.
type Config struct {
	// TracerProvider takes the spans; nil means otel.GetTracerProvider().
	TracerProvider trace.TracerProvider
	// Only tells which statements get a span; nil means all. What happens in the
	// others belongs to the span around them.
	Only func(*runtime.Statement) bool
	// SpansPerStatement is how many spans one statement of the source gets in a run,
	// so that a loop does not take those of the statements behind it. 0 means 20.
	SpansPerStatement int
	// Spans is how many spans a run gets beside its own. 0 means 1,000. How many
	// more there would have been is the attribute flow.spans.dropped of the run.
	Spans int
	// Values adds the values of settings, shortened; without it their keys are
	// told. Passwords and secrets are *** in any case, and everything else that a
	// flow gives a component is shown.
	Values bool
}

// Tracing makes spans of any number of runs at once.
type Tracing struct {
	config Config
	tracer trace.Tracer
}

// New makes a Tracing.
func New(config Config) *Tracing {
	if config.TracerProvider == nil {
		config.TracerProvider = otel.GetTracerProvider()
	}
	if config.SpansPerStatement <= 0 {
		config.SpansPerStatement = 20
	}
	if config.Spans <= 0 {
		config.Spans = 1000
	}
	return &Tracing{config, config.TracerProvider.Tracer("flowrun")}
}

// Run is program.Run under a span.
func (t *Tracing) Run(ctx context.Context, program *runtime.Program, inputs runtime.Inputs, options ...runtime.RunOption) (*runtime.Outcome, error) {
	return t.trace(ctx, program, options, false, func(ctx context.Context, options []runtime.RunOption) (*runtime.Outcome, error) {
		return program.Run(ctx, inputs, options...)
	})
}

// Resume is program.Resume under a span of its own, whose parent is the span in
// ctx: a host that wants the parts of a run in one trace keeps the trace context
// with the snapshot.
func (t *Tracing) Resume(ctx context.Context, program *runtime.Program, snapshot *runtime.Snapshot, reply runtime.Reply, options ...runtime.RunOption) (*runtime.Outcome, error) {
	return t.trace(ctx, program, options, true, func(ctx context.Context, options []runtime.RunOption) (*runtime.Outcome, error) {
		return program.Resume(ctx, snapshot, reply, options...)
	})
}

func (t *Tracing) trace(ctx context.Context, program *runtime.Program, options []runtime.RunOption, resumed bool,
	run func(context.Context, []runtime.RunOption) (*runtime.Outcome, error),
) (*runtime.Outcome, error) {
	name := told.Line(program.Name())
	ctx, span := t.tracer.Start(ctx, "flow "+name, trace.WithAttributes(attribute.String("flow.name", name)))
	defer span.End()
	if resumed {
		span.SetAttributes(attribute.Bool("flow.resumed", true))
	}
	counts := &counts{byPlace: map[int]int{}}
	ctx = context.WithValue(ctx, spotKey{}, newSpot(span, counts))
	all := append(options[:len(options):len(options)], runtime.WithStatementObserver(statements{t}), runtime.WithObserver(t.event))
	outcome, err := run(ctx, all)
	span.SetAttributes(attribute.String("flow.run", told.Line(outcome.Run)), attribute.Int("flow.steps", outcome.Steps))
	if counts.dropped > 0 {
		span.SetAttributes(attribute.Int("flow.spans.dropped", counts.dropped))
	}
	if s := outcome.Snapshot; s != nil {
		span.AddEvent("suspended", trace.WithAttributes(
			attribute.String("flow.component", told.Line(s.Component)), attribute.String("flow.address", s.Address),
			attribute.String("flow.reason", told.Line(s.Reason))))
	}
	if err != nil {
		fail(span, outcome.Failures[len(outcome.Failures)-1])
	}
	return outcome, err
}

// fail gives a span the status and the kind of an error.
func fail(span trace.Span, err *runtime.Error) {
	span.SetAttributes(errorType(err))
	span.SetStatus(codes.Error, told.Line(err.Summary()))
}

func errorType(err *runtime.Error) attribute.KeyValue {
	return attribute.String("error.type", told.Line(string(err.Kind)))
}
