package lang

// Severity ranks a diagnostic.
type Severity uint8

const (
	// Error stops the flow from starting.
	Error Severity = iota
	// Warning does not, except under a strict check.
	Warning
)

func (s Severity) String() string {
	if s == Warning {
		return "warning"
	}
	return "error"
}

// Diagnostic is one problem of a source.
type Diagnostic struct {
	Severity Severity
	Source   *Source
	Span     Span
	// Summary is one line in lower case, without a full stop.
	Summary string
	// Detail says more, in whole sentences; may be empty.
	Detail string
	// Hint is what to write instead, shown beside the marked text; may be empty.
	Hint string
	// Cause is the error behind the problem, for errors.As; may be nil.
	Cause error
}

// Range is the place of the problem.
func (d Diagnostic) Range() Range { return d.Source.Range(d.Span) }

// Diagnostics is a list of problems in the order of the source.
type Diagnostics []Diagnostic
