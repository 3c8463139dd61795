package main

import (
	"fmt"
	"log"
	"regexp"
	"time"

	"flowrun/bench/measure"
)

// workload is something that several do, and of which each row of a table tells
// how long it took.
type workload struct {
	name   string
	about  string
	unit   unit
	rounds func(scale) int
	// prepare makes the subjects, flowrun first, and how to end them.
	prepare func(scale) (subjects []measure.Subject, end func() error, err error)
}

// unit is how the values of a workload are shown.
type unit struct {
	of   string // the column's heading
	show func(value float64) string
}

var (
	duration   = unit{"run", func(ns float64) string { return shownTime(ns) }}
	throughput = unit{"source", func(nsPerByte float64) string { return fmt.Sprintf("%.2f MB/s", 1e3/nsPerByte) }}
	perMail    = unit{"mail", func(ns float64) string { return shownTime(ns) }}
	memory     = unit{"memory", func(bytes float64) string { return fmt.Sprintf("%.1f MiB", bytes/(1<<20)) }}
)

// shownTime shows nanoseconds with three digits that mean something.
func shownTime(ns float64) string {
	switch {
	case ns < 1e3:
		return fmt.Sprintf("%.3g ns", ns)
	case ns < 1e6:
		return fmt.Sprintf("%.3g µs", ns/1e3)
	case ns < 1e9:
		return fmt.Sprintf("%.3g ms", ns/1e6)
	default:
		return fmt.Sprintf("%.3g s", ns/1e9)
	}
}

func shortRounds(s scale) int { return s.rounds }

func longRounds(s scale) int { return s.longRounds }

// fewRounds are for what takes much longer still.
func fewRounds(s scale) int { return (s.longRounds + 1) / 2 }

// workloads are all of them, in the order of the tables.
func workloads() []workload {
	return append(scriptWorkloads(), mailWorkloads()...)
}

// result is a workload that was measured.
type result struct {
	workload
	series []measure.Series
}

// measureAll measures the workloads whose names match.
func measureAll(named *regexp.Regexp, s scale) (results []result, err error) {
	for _, w := range workloads() {
		if !named.MatchString(w.name) {
			continue
		}
		began := time.Now()
		series, err := w.measure(s)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", w.name, err)
		}
		log.Printf("%s: measured in %.0f s", w.name, time.Since(began).Seconds())
		results = append(results, result{w, series})
	}
	if results == nil {
		return nil, fmt.Errorf("no workload has such a name")
	}
	return results, nil
}

func (w workload) measure(s scale) ([]measure.Series, error) {
	subjects, end, err := w.prepare(s)
	if err != nil {
		return nil, err
	}
	series, err := measure.Compare(w.rounds(s), subjects)
	if ended := end(); err == nil {
		err = ended
	}
	return series, err
}
