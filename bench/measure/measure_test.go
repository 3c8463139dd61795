package measure_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"flowrun/bench/measure"
)

// scripted gives these values, one at each measurement.
func scripted(name string, order *[]string, values ...float64) measure.Subject {
	return measure.Subject{Name: name, Measure: func() (float64, error) {
		*order = append(*order, name)
		value := values[0]
		values = values[1:]
		return value, nil
	}}
}

func TestRoundsInterleaveAndBeginWithAnother(t *testing.T) {
	var order []string
	_, err := measure.Compare(3, []measure.Subject{
		scripted("a", &order, 1, 1, 1), scripted("b", &order, 1, 1, 1), scripted("c", &order, 1, 1, 1),
	})
	if got := strings.Join(order, ""); err != nil || got != "abcbcacab" {
		t.Errorf("measured in the order %s, %v", got, err)
	}
}

func TestRatiosAreThoseOfRounds(t *testing.T) {
	var order []string
	// The machine is ten times as slow in the second round, for both.
	series, err := measure.Compare(3, []measure.Subject{
		scripted("a", &order, 1, 10, 1), scripted("b", &order, 3, 30, 2.9),
	})
	if err != nil {
		t.Fatal(err)
	}
	if a := series[0]; a.Min() != 1 || a.Median() != 1 {
		t.Errorf("minimum %v, median %v", a.Min(), a.Median())
	}
	if ratio := series[1].Against(series[0]); ratio != 3 {
		t.Errorf("ratio %v", ratio)
	}
}

func TestMedianOfAnEvenNumberLiesBetween(t *testing.T) {
	if got := (measure.Series{Values: []float64{9, 1, 2, 4}}).Median(); got != 3 {
		t.Errorf("median %v", got)
	}
}

func TestFailureNamesItsSubject(t *testing.T) {
	broken := errors.New("broken")
	for _, subject := range []measure.Subject{
		{Name: "a", Measure: measure.Repeated(measure.Passed, func() error { return broken }, time.Millisecond)},
		{Name: "a", Cost: measure.Allocating(func() error { return broken }, 1)},
	} {
		_, err := measure.Compare(1, []measure.Subject{subject})
		if !errors.Is(err, broken) || !strings.HasPrefix(err.Error(), "a: ") {
			t.Errorf("error %v", err)
		}
	}
}

func TestAllocationsAreCounted(t *testing.T) {
	var kept [][]byte
	cost, err := measure.Allocating(func() error {
		kept = append(slices.Grow(kept[:0], 1), make([]byte, 64), make([]byte, 64), make([]byte, 64))[:0]
		return nil
	}, 1000)()
	if err != nil || cost.Allocations < 3 || cost.Allocations > 3.5 || cost.Bytes < 192 || cost.Bytes > 224 {
		t.Errorf("cost %+v, %v", cost, err)
	}
}

func TestOnlyWorkTakesTimeOfTheProcessor(t *testing.T) {
	const pause = 50 * time.Millisecond
	rest := func() error { time.Sleep(pause); return nil }
	work := func() error {
		for began := measure.Processor(); measure.Processor()-began < pause; {
		}
		return nil
	}
	for _, test := range []struct {
		name          string
		clock         measure.Clock
		run           func() error
		least, atMost time.Duration
	}{
		{"rest", measure.Passed, rest, pause, time.Minute},
		{"rest", measure.Processor, rest, 0, pause * 3 / 4},
		{"work", measure.Processor, work, pause, time.Minute},
	} {
		took, err := measure.Repeated(test.clock, test.run, 0)()
		if err != nil || took < float64(test.least) || took > float64(test.atMost) {
			t.Errorf("%s took %v, %v", test.name, time.Duration(took), err)
		}
	}
}
