package expression

import (
	"math"
	"time"

	"flowrun/runtime/value"
)

// dated gives a time, or a fault when it has left the calendar.
func dated(t time.Time) (any, error) {
	if err := value.CheckTime(t); err != nil {
		return nil, faultf("%v", err)
	}
	return t, nil
}

// earlier takes a duration off a time; the least duration has no opposite.
func earlier(t time.Time, d time.Duration) (any, error) {
	if d == math.MinInt64 {
		return dated(t.Add(-(d + 1)).Add(1))
	}
	return dated(t.Add(-d))
}
