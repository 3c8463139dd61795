package runtime_test

import (
	"fmt"
	"strings"
	"testing"

	"flowrun/lang"
)

// TestOfVeryManyMistakesTheFirstAreTold has its functions last, which are compiled
// first.
func TestOfVeryManyMistakesTheFirstAreTold(t *testing.T) {
	var source strings.Builder
	for i := range 10 {
		fmt.Fprintf(&source, "a%d = unknown%[1]d\n", i)
	}
	source.WriteString("function f < > {\n")
	for i := range 3000 {
		fmt.Fprintf(&source, "b%d = missing%[1]d\n", i)
	}
	source.WriteString("}\nf < >\n")
	_, problems := newEngine(t, &recorder{}).Compile("test.flow", source.String())
	if len(problems) != lang.MaxDiagnostics {
		t.Fatalf("got %d problems", len(problems))
	}
	for i, d := range problems {
		want := fmt.Sprintf("unknown%d is not declared", i)
		if i >= 10 {
			want = fmt.Sprintf("missing%d is not declared", i-10)
		}
		if d.Summary != want {
			t.Errorf("problem %d is %q, want %q", i, d.Summary, want)
		}
	}
}

// BenchmarkCompileMistakes compiles large sources that are wrong all over.
func BenchmarkCompileMistakes(b *testing.B) {
	name := strings.Repeat("c", 28)
	for _, c := range []struct{ name, head, each, between, line string }{
		{"unknown names among many", "", "%s%03d = 1\n", "", "x = %sa%05d\n"},
		{"unknown components among many", "", "function %s%03d < > { }\n", "", "%sa%05d < >\n"},
		{"many settings too few", "function f < ", "%s%03d, ", "last > { }\n", "f < %sa%05d: 1 >\n"},
	} {
		b.Run(c.name, func(b *testing.B) {
			var source strings.Builder
			source.WriteString(c.head)
			for i := range 400 {
				fmt.Fprintf(&source, c.each, name, i)
			}
			source.WriteString(c.between)
			for i := range 14_000 {
				fmt.Fprintf(&source, c.line, name, i)
			}
			engine := newEngine(b, &recorder{})
			for b.Loop() {
				if _, problems := engine.Compile("test.flow", source.String()); len(problems) != lang.MaxDiagnostics {
					b.Fatalf("got %d problems", len(problems))
				}
			}
		})
	}
}
