// Package measure measures subjects side by side: in rounds, each subject once a
// round, so that whatever else the machine does meets all of them, and compares
// them round by round.
package measure

import (
	"cmp"
	"fmt"
	"math"
	"runtime"
	"slices"
	"time"
)

// Subject is one of those that are measured.
type Subject struct {
	Name string
	// Measure makes one measurement. The smaller the value, the better.
	Measure func() (float64, error)
	// Cost, when set, is what one run takes of memory.
	Cost func() (Cost, error)
}

// Cost is what one run allocates.
type Cost struct{ Allocations, Bytes float64 }

// Series are the measurements of one subject.
type Series struct {
	Name   string
	Values []float64 // one a round
	Cost   Cost      // zero for a subject without
}

// Compare measures the subjects in so many rounds. Each round begins with another
// subject.
func Compare(rounds int, subjects []Subject) ([]Series, error) {
	all := make([]Series, len(subjects))
	for i, subject := range subjects {
		all[i].Name = subject.Name
		if subject.Cost == nil {
			continue
		}
		var err error
		if all[i].Cost, err = subject.Cost(); err != nil {
			return nil, fmt.Errorf("%s: %w", subject.Name, err)
		}
	}
	for round := range rounds {
		for i := range subjects {
			i = (i + round) % len(subjects)
			runtime.GC()
			value, err := subjects[i].Measure()
			if err != nil {
				return nil, fmt.Errorf("%s: %w", subjects[i].Name, err)
			}
			all[i].Values = append(all[i].Values, value)
		}
	}
	return all, nil
}

// Min is the best of the measurements.
func (s Series) Min() float64 { return slices.Min(s.Values) }

// Median is the one in the middle of the measurements.
func (s Series) Median() float64 { return median(s.Values) }

// Against is how many times another series' value this one's is: the median of
// the rounds' ratios.
func (s Series) Against(other Series) float64 {
	ratios := make([]float64, len(s.Values))
	for round := range ratios {
		ratios[round] = s.Values[round] / other.Values[round]
	}
	return median(ratios)
}

func median(values []float64) float64 {
	sorted := slices.SortedFunc(slices.Values(values), cmp.Compare)
	n := len(sorted)
	if n == 0 {
		return math.NaN()
	}
	return (sorted[n/2] + sorted[(n-1)/2]) / 2
}

// Repeated measures nanoseconds per run by a clock, over as many runs as take about
// the given time; these are counted out once, at the first measurement.
func Repeated(clock Clock, run func() error, about time.Duration) func() (float64, error) {
	count := 0
	return func() (float64, error) {
		if count == 0 {
			var err error
			if count, err = countOut(clock, run, about); err != nil {
				return 0, err
			}
		}
		took, err := timed(clock, run, count)
		return float64(took) / float64(count), err
	}
}

// countOut finds how many runs take about so long.
func countOut(clock Clock, run func() error, about time.Duration) (int, error) {
	for count := 1; ; {
		took, err := timed(clock, run, count)
		if err != nil {
			return 0, err
		}
		if took >= about/4 {
			return max(1, int(float64(count)*float64(about)/max(1, float64(took)))), nil
		}
		count *= 2
	}
}

func timed(clock Clock, run func() error, count int) (time.Duration, error) {
	began := clock()
	for range count {
		if err := run(); err != nil {
			return 0, err
		}
	}
	return clock() - began, nil
}

// Allocating counts what a run allocates, on average over so many.
func Allocating(run func() error, runs int) func() (Cost, error) {
	return func() (Cost, error) {
		if err := run(); err != nil { // what is made once
			return Cost{}, err
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if _, err := timed(Passed, run, runs); err != nil {
			return Cost{}, err
		}
		runtime.ReadMemStats(&after)
		return Cost{
			Allocations: float64(after.Mallocs-before.Mallocs) / float64(runs),
			Bytes:       float64(after.TotalAlloc-before.TotalAlloc) / float64(runs),
		}, nil
	}
}
