package main

import (
	"fmt"
	"slices"
	"strings"

	"flowrun/bench/measure"
)

// target is what flowrun is to reach in a workload.
type target struct {
	workload string
	goal     string
	judge    func(result) (measured string, verdict verdict)
}

// verdict tells whether a target holds.
type verdict string

const (
	holds       verdict = "holds"
	fails       verdict = "**does not hold**"
	notMeasured verdict = "not measured"
)

// holdsIf is a verdict on what was measured.
func holdsIf(reached bool) verdict {
	if reached {
		return holds
	}
	return fails
}

var targets = []target{
	{"decision", "in less than gopher-lua's time / 2, goja's / 4 and otto's / 15",
		atLeast(bound{"gopher-lua", 2}, bound{"goja", 4}, bound{"otto", 15})},
	{"decision", "fewer allocations than every peer", fewerAllocations},
	{"condition", "faster than expr's own machine, with a run for each condition", atLeast(bound{"expr", 1})},
	{"conditions", "faster than expr's own machine, with 1,000 conditions in a run", atLeast(bound{"expr", 1})},
	{"loop", "in less than gopher-lua's time / 2 and starlark-go's / 4",
		atLeast(bound{"gopher-lua", 2}, bound{"starlark-go", 4})},
	{"cold start", "faster than otto, tengo and gopher-lua, and beside starlark-go and goja: at most a quarter slower",
		atLeast(bound{"otto", 1}, bound{"tengo", 1}, bound{"gopher-lua", 1}, bound{"starlark-go", 0.8}, bound{"goja", 0.8})},
	{"parse", "5 MB/s", fastEnough},
	{"parse", "garbage under 80 × the source", littleGarbage},
	{"mail, plain", "4 × as fast as gomail.v2 per message", atLeast(bound{"gomail.v2, per message", 4})},
	{"mail, plain", "4 at once: in less than 1.5 × the time of `smtp-source -s 4`", besideSMTPSource},
	{"mail, STARTTLS", "10 × as fast as gomail.v2 per message", atLeast(bound{"gomail.v2, per message", 10})},
	{"mail, latency", "over one connection, in less than a third of the time of gomail.v2 per message",
		atLeast(bound{"gomail.v2, per message", 3})},
	{"mail, memory", "under 64 MiB", littleMemory},
}

// named gives the series of a subject.
func (r result) named(name string) (measure.Series, bool) {
	i := slices.IndexFunc(r.series, func(s measure.Series) bool { return s.Name == name })
	if i < 0 {
		return measure.Series{}, false
	}
	return r.series[i], true
}

// own is flowrun's series.
func (r result) own() measure.Series { return r.series[0] }

// bound is how many times flowrun's time a peer must take.
type bound struct {
	peer  string
	times float64
}

// atLeast wants that peers take at least so many times as long.
func atLeast(bounds ...bound) func(result) (string, verdict) {
	return func(r result) (string, verdict) {
		reached := true
		var measured []string
		for _, b := range bounds {
			peer, found := r.named(b.peer)
			if !found {
				return b.peer + " is not here", notMeasured
			}
			ratio := peer.Against(r.own())
			reached = reached && ratio > b.times
			measured = append(measured, fmt.Sprintf("%s takes %s", b.peer, times(ratio)))
		}
		return strings.Join(measured, ", "), holdsIf(reached)
	}
}

func besideSMTPSource(r result) (string, verdict) {
	const name = "smtp-source -s 4"
	source, found := r.named(name)
	four, _ := r.named("flowrun, 4 at once")
	if !found {
		return name + " is not here", notMeasured
	}
	ratio := four.Against(source)
	return fmt.Sprintf("%s the time of %s", times(ratio), name), holdsIf(ratio < 1.5)
}

// fewerAllocations compares with every other engine; plain Go is none.
func fewerAllocations(r result) (string, verdict) {
	own := r.own().Cost.Allocations
	fewer := ""
	for _, peer := range r.series[1:] {
		if peer.Name != "plain Go" && !strings.HasPrefix(peer.Name, "flowrun") && peer.Cost.Allocations <= own {
			fewer += fmt.Sprintf(", %s %.0f", peer.Name, peer.Cost.Allocations)
		}
	}
	return fmt.Sprintf("%.0f%s", own, fewer), holdsIf(fewer == "")
}

func fastEnough(r result) (string, verdict) {
	perByte := r.own().Median()
	return throughput.show(perByte), holdsIf(perByte < 1e3/5)
}

func littleGarbage(r result) (string, verdict) {
	garbage := r.own().Cost.Bytes
	return fmt.Sprintf("%.0f ×", garbage), holdsIf(garbage < 80)
}

func littleMemory(r result) (string, verdict) {
	peak := slices.Max(r.own().Values)
	return "at most " + memory.show(peak), holdsIf(peak < 64<<20)
}
