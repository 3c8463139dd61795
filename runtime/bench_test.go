package runtime_test

import (
	"testing"

	"flowrun/runtime"
)

// BenchmarkRun is the cost of statements, loops and calls: what a run that is
// never suspended pays.
func BenchmarkRun(b *testing.B) {
	for _, flow := range []struct{ name, source string }{
		{"components", "for i in 1..1000 { if i > 0 { x = try < returns: i > } }"},
		{"functions", "function f < n > { return n }\nfor i in 1..1000 { x = f < n: i > }"},
		{"statements", "x = 0\nwhile x < 1000 { if x >= 0 { x = x + 1 } }"},
	} {
		b.Run(flow.name, func(b *testing.B) {
			program := compile(b, newEngine(b, &recorder{}), flow.source)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := program.Run(b.Context(), runtime.Inputs{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
