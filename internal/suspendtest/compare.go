package suspendtest

import (
	"fmt"
	"slices"
	"strings"
)

// Whole is a run from its begin to its end.
type Whole struct {
	Outcome   string
	Trace     []string
	Done      []string
	Snapshots []string // in order
}

// Suspended runs a flow in segments, each of which perform runs; it gives up
// after most of them.
func Suspended(s Segment, most int, perform func(number int, s Segment) Ended) (*Whole, error) {
	whole := &Whole{}
	for number := range most {
		ended := perform(number, s)
		if ended.Problem != "" {
			return nil, fmt.Errorf("segment %d: %s", number, ended.Problem)
		}
		whole.Trace = append(whole.Trace, ended.Trace...)
		whole.Done = append(whole.Done, ended.Done...)
		whole.Outcome = ended.Outcome
		if ended.Snapshot == nil {
			return whole, nil
		}
		whole.Snapshots = append(whole.Snapshots, string(ended.Snapshot))
		s.Snapshot, s.Reply, s.Clock = ended.Snapshot, ended.Reply, ended.Clock
	}
	return nil, fmt.Errorf("not ended after %d segments", most)
}

// Difference says how a run differs from another, or "".
func (w *Whole) Difference(from *Whole) string {
	switch {
	case w.Outcome != from.Outcome:
		return fmt.Sprintf("the outcome is\n%s\nwant\n%s", w.Outcome, from.Outcome)
	case !slices.Equal(w.Done, from.Done):
		return fmt.Sprintf("the components did\n%s\nwant\n%s", strings.Join(w.Done, "\n"), strings.Join(from.Done, "\n"))
	case !slices.Equal(w.Trace, from.Trace):
		return fmt.Sprintf("the trace is\n%s\nwant\n%s", strings.Join(w.Trace, "\n"), strings.Join(from.Trace, "\n"))
	}
	return ""
}
