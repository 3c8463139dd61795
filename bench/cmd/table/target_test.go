package main

import (
	"testing"

	"flowrun/bench/measure"
)

// pretended is a result with these values, flowrun's first.
func pretended(own float64, peer string, values ...float64) result {
	r := result{series: []measure.Series{{Name: "flowrun"}, {Name: peer, Values: values}}}
	for range values {
		r.series[0].Values = append(r.series[0].Values, own)
	}
	return r
}

func TestTargetHoldsFromItsBoundOn(t *testing.T) {
	judge := atLeast(bound{"gopher-lua", 2})
	for _, test := range []struct {
		result result
		want   verdict
	}{
		{pretended(1, "gopher-lua", 2.1, 2.2, 2.3), holds},
		{pretended(1, "gopher-lua", 9, 1.9, 1.8), fails},
		{pretended(1, "goja", 9, 9, 9), notMeasured},
	} {
		if measured, got := judge(test.result); got != test.want {
			t.Errorf("%s: %s", measured, got)
		}
	}
}

func TestAllocationsAreJudgedAgainstEveryEngine(t *testing.T) {
	r := pretended(1, "goja", 1)
	r.series[0].Cost.Allocations, r.series[1].Cost.Allocations = 7, 8
	if measured, got := fewerAllocations(r); got != holds {
		t.Error(measured)
	}
	r.series[1].Cost.Allocations = 7
	if measured, got := fewerAllocations(r); got != fails || measured != "7, goja 7" {
		t.Error(measured)
	}
	r.series[1].Name = "flowrun, Program.Run"
	if measured, got := fewerAllocations(r); got != holds {
		t.Errorf("beside another row of flowrun: %s", measured)
	}
}

func TestSMTPSourceIsJudgedAgainstFourAtOnce(t *testing.T) {
	r := pretended(9, "flowrun, 4 at once", 1.4)
	r.series = append(r.series, measure.Series{Name: "smtp-source -s 4", Values: []float64{1}})
	if measured, got := besideSMTPSource(r); got != holds || measured != "1.40 × the time of smtp-source -s 4" {
		t.Error(measured)
	}
	r.series[2].Values[0] = 0.9
	if measured, got := besideSMTPSource(r); got != fails {
		t.Error(measured)
	}
}
