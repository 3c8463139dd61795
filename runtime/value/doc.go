// Package value holds what a flow computes with: nil, bool, int (Go int, 64
// bits), float (float64), string, time (time.Time), duration (time.Duration),
// list ([]any), map (map[string]any), records of components (*Record), and the
// opaque kinds HTML and *Secret. From makes one of these of whatever a host, a
// component or a builtin brings in; nothing else circulates in a run.
//
// Values are immutable by convention: whoever changes a list or a map changes a
// copy.
package value
