package main

import (
	"fmt"
	"io"

	"flowrun/bench/measure"
)

// render writes the tables: what is to be reached first, then a table for each
// workload.
func render(w io.Writer, machine string, results []result) {
	fmt.Fprintf(w, "\n%s\n\n### To reach\n\n", machine)
	fmt.Fprintln(w, "| workload | to reach | measured | |")
	fmt.Fprintln(w, "|---|---|---|---|")
	for _, t := range targets {
		for _, r := range results {
			if r.name != t.workload {
				continue
			}
			measured, verdict := t.judge(r)
			fmt.Fprintf(w, "| %s | %s | %s | %s |\n", t.workload, t.goal, measured, verdict)
		}
	}
	for _, r := range results {
		r.render(w)
	}
	fmt.Fprintln(w)
}

func (r result) render(w io.Writer) {
	fmt.Fprintf(w, "\n### %s\n\n%s %d rounds.\n\n", r.name, r.about, len(r.own().Values))
	costs := r.own().Cost != measure.Cost{}
	fmt.Fprintf(w, "| | best %s | median | as a multiple of flowrun's |%s\n", r.unit.of, r.costs(costs, " allocations | bytes |"))
	fmt.Fprintf(w, "|---|---|---|---|%s\n", r.costs(costs, "---|---|"))
	for _, s := range r.series {
		fmt.Fprintf(w, "| %s | %s | %s | %s |%s\n", s.Name, r.unit.show(s.Min()), r.unit.show(s.Median()), times(s.Against(r.own())),
			r.costs(costs, fmt.Sprintf(" %s | %s |", amount(s.Cost.Allocations), amount(s.Cost.Bytes))))
	}
}

// costs are the columns that tables about memory have beside the others.
func (r result) costs(has bool, columns string) string {
	if !has {
		return ""
	}
	return columns
}

// times shows a ratio.
func times(ratio float64) string {
	switch {
	case ratio < 0.1:
		return fmt.Sprintf("%.3f ×", ratio)
	case ratio < 10:
		return fmt.Sprintf("%.2f ×", ratio)
	default:
		return fmt.Sprintf("%.0f ×", ratio)
	}
}

// amount shows how much was allocated; small amounts are those per byte of a
// source.
func amount(n float64) string {
	if n > 0 && n < 10 {
		return fmt.Sprintf("%.2f", n)
	}
	return fmt.Sprintf("%.0f", n)
}
