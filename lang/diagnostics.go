package lang

import (
	"cmp"
	"fmt"
	"slices"
)

// Error gives place and summary on one line, fit to be printed.
func (d Diagnostic) Error() string {
	return d.prefix() + VisibleLine(d.Summary)
}

// Unwrap gives the cause.
func (d Diagnostic) Unwrap() error { return d.Cause }

// prefix is `name:line:column: `, or "" for a problem without a source.
func (d Diagnostic) prefix() string {
	if d.Source == nil {
		return ""
	}
	start := d.Range().Start
	return fmt.Sprintf("%s:%d:%d: ", VisibleLine(d.Source.Name), start.Line, start.Column)
}

// HasErrors reports whether one of the problems keeps the flow from starting.
func (ds Diagnostics) HasErrors() bool {
	return slices.ContainsFunc(ds, Diagnostic.isError)
}

func (d Diagnostic) isError() bool { return d.Severity == Error }

// Err gives the errors of the list, warnings left out, as one error, or nil when
// it has none. errors.As finds a Diagnostics and the first Diagnostic in it.
func (ds Diagnostics) Err() error {
	if !ds.HasErrors() {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(ds), func(d Diagnostic) bool { return !d.isError() })
}

// Error gives the first problem and the number of the others.
func (ds Diagnostics) Error() string {
	switch len(ds) {
	case 0:
		return "no problems"
	case 1:
		return ds[0].Error()
	}
	return fmt.Sprintf("%s (and %d more)", ds[0].Error(), len(ds)-1)
}

// Unwrap gives each problem as an error.
func (ds Diagnostics) Unwrap() []error {
	all := make([]error, len(ds))
	for i, d := range ds {
		all[i] = d
	}
	return all
}

// Sort orders the list by source and place, drops those that say the same of
// the same place, and gives what is left; the list given is changed.
func (ds Diagnostics) Sort() Diagnostics {
	slices.SortStableFunc(ds, func(a, b Diagnostic) int {
		return cmp.Or(
			cmp.Compare(a.sourceName(), b.sourceName()),
			cmp.Compare(a.Span.Start, b.Span.Start),
			cmp.Compare(a.Severity, b.Severity),
			cmp.Compare(a.Span.End, b.Span.End),
			cmp.Compare(a.Summary, b.Summary),
		)
	})
	return slices.CompactFunc(ds, func(a, b Diagnostic) bool {
		return a.Source == b.Source && a.Span == b.Span && a.Severity == b.Severity && a.Summary == b.Summary
	})
}

func (d Diagnostic) sourceName() string {
	if d.Source == nil {
		return ""
	}
	return d.Source.Name
}

// Limit keeps the first MaxDiagnostics of the list; warnings give way to errors.
func (ds Diagnostics) Limit() Diagnostics {
	excess := len(ds) - MaxDiagnostics
	if excess <= 0 {
		return ds
	}
	warnings := 0
	for _, d := range ds {
		if !d.isError() {
			warnings++
		}
	}
	keptWarnings := max(0, warnings-excess)
	kept := make(Diagnostics, 0, len(ds))
	for _, d := range ds {
		if !d.isError() {
			keptWarnings--
			if keptWarnings < 0 {
				continue
			}
		}
		kept = append(kept, d)
	}
	return kept[:min(len(kept), MaxDiagnostics)]
}
