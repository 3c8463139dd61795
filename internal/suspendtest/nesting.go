package suspendtest

import (
	"context"
	"fmt"

	"flowrun/runtime"
)

// nesting is a statement observer that demands that statements end as they began,
// innermost first, and that whatever happens has the context of the innermost one.
type nesting struct {
	open    []*runtime.Statement
	problem string // the first
}

type innermost struct{}

func (n *nesting) StatementStarted(ctx context.Context, s *runtime.Statement) context.Context {
	n.within(ctx, "%s starts", s.Kind)
	n.open = append(n.open, s)
	return context.WithValue(ctx, innermost{}, s)
}

func (n *nesting) StatementEnded(ctx context.Context, s *runtime.Statement, how runtime.StatementEnd, err *runtime.Error) {
	n.within(ctx, "%s ends", s.Kind)
	switch last := len(n.open) - 1; {
	case last < 0 || n.open[last] != s:
		n.fault("%s in line %d ends, but is not the innermost", s.Kind, s.Range.Start.Line)
	case (how == runtime.StatementFailed) != (err != nil):
		n.fault("%s in line %d ends as %d with the error %v", s.Kind, s.Range.Start.Line, how, err)
	default:
		n.open = n.open[:last]
	}
}

func (n *nesting) event(e runtime.Event) { n.within(e.Context, "event %d", e.Kind) }

// within demands the context of the innermost statement.
func (n *nesting) within(ctx context.Context, format string, args ...any) {
	var want *runtime.Statement
	if len(n.open) > 0 {
		want = n.open[len(n.open)-1]
	}
	if got, _ := ctx.Value(innermost{}).(*runtime.Statement); got != want {
		n.fault("%s in the context of %v, want %v", fmt.Sprintf(format, args...), got, want)
	}
}

func (n *nesting) fault(format string, args ...any) {
	if n.problem == "" {
		n.problem = "statements: " + fmt.Sprintf(format, args...)
	}
}

// ended is what is wrong when the segment has ended, or "".
func (n *nesting) ended() string {
	if len(n.open) > 0 {
		n.fault("%d have not ended", len(n.open))
	}
	return n.problem
}
