package flowotel

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"flowrun/observe/internal/told"
	"flowrun/runtime"
)

// spot is where a run is: the innermost span, and whether it is that of the
// innermost statement.
type spot struct {
	span   trace.Span
	own    bool
	counts *counts
	inside *spot // of the statements below that get no span
}

type spotKey struct{}

func newSpot(span trace.Span, counts *counts) *spot {
	s := &spot{span: span, own: true, counts: counts}
	s.inside = &spot{span: span, counts: counts}
	s.inside.inside = s.inside
	return s
}

func spotOf(ctx context.Context) *spot {
	s, _ := ctx.Value(spotKey{}).(*spot)
	return s
}

// counts bound the spans of one run.
type counts struct {
	byPlace map[int]int // by the offset of the statement
	total   int
	dropped int
}

// room counts one more span of a statement, or reports that there is none.
func (c *counts) room(config *Config, place int) bool {
	if c.total >= config.Spans || c.byPlace[place] >= config.SpansPerStatement {
		c.dropped++
		return false
	}
	c.total++
	c.byPlace[place]++
	return true
}

// statements makes the spans of statements.
type statements struct{ *Tracing }

// StatementStarted implements runtime.StatementObserver.
func (t statements) StatementStarted(ctx context.Context, s *runtime.Statement) context.Context {
	outer := spotOf(ctx)
	wanted := t.config.Only == nil || t.config.Only(s)
	if !wanted || !outer.counts.room(&t.config, s.Range.Start.Offset) {
		if outer == outer.inside {
			return ctx
		}
		return context.WithValue(ctx, spotKey{}, outer.inside)
	}
	name := string(s.Kind)
	if s.Name != "" {
		name += " " + told.Line(s.Name)
	}
	ctx, span := t.tracer.Start(ctx, name, trace.WithAttributes(
		attribute.String("flow.statement", string(s.Kind)),
		attribute.Int("code.line.number", s.Range.Start.Line),
		attribute.Int("code.column.number", s.Range.Start.Column)))
	if s.Entered {
		span.SetAttributes(attribute.Bool("flow.entered", true))
	}
	return context.WithValue(ctx, spotKey{}, newSpot(span, outer.counts))
}

// StatementEnded implements runtime.StatementObserver.
func (t statements) StatementEnded(ctx context.Context, _ *runtime.Statement, how runtime.StatementEnd, err *runtime.Error) {
	at := spotOf(ctx)
	if !at.own {
		return
	}
	switch how {
	case runtime.StatementFailed:
		fail(at.span, err)
	case runtime.StatementSuspended:
		at.span.AddEvent("suspended")
	}
	at.span.End()
}

// event tells the innermost span what happened.
func (t *Tracing) event(e runtime.Event) {
	at := spotOf(e.Context)
	if at.own && e.Call != nil {
		t.describe(at.span, e)
	}
	switch e.Kind {
	case runtime.CallTold:
		at.span.AddEvent("told", trace.WithAttributes(attribute.String("flow.text", told.Line(e.Text))))
	case runtime.FailoverTaken:
		at.add("failover taken", e)
	case runtime.CatchTaken:
		at.add("error caught", e)
	case runtime.CallEnded, runtime.CallRefused:
		switch {
		case e.Err == nil:
		case at.own:
			fail(at.span, e.Err)
		default:
			at.add("call failed", e)
		}
	case runtime.ErrorSkipped:
		if at.own {
			fail(at.span, e.Err)
		}
		at.add("error passed over", e)
	}
}

// add adds an event to the span; where the span is not that of the statement, the
// event says which it was.
func (at *spot) add(name string, e runtime.Event) {
	var attributes []attribute.KeyValue
	if e.Err != nil {
		attributes = append(attributes, errorType(e.Err), attribute.String("flow.error", told.Line(e.Err.Message)))
	}
	switch {
	case at.own:
	case e.Call != nil:
		attributes = append(attributes, callAttributes(e.Call)...)
		attributes = append(attributes, attribute.Int("code.line.number", e.Call.Range.Start.Line))
	case e.Err.Source != nil:
		attributes = append(attributes, attribute.Int("code.line.number", e.Err.Range().Start.Line))
	}
	at.span.AddEvent(name, trace.WithAttributes(attributes...))
}
