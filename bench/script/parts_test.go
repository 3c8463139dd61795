package script_test

import (
	"fmt"
	"testing"

	"flowrun/bench/script"
)

// BenchmarkParts runs flowrun's decision as far as each of its paragraphs: the differences
// are what each takes.
func BenchmarkParts(b *testing.B) {
	parts, err := script.Flowrun{}.Parts()
	if err != nil {
		b.Fatal(err)
	}
	inputs := orders(64)
	for n, part := range parts {
		b.Run(fmt.Sprint(n+1), func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				if _, err := part(inputs[i%len(inputs)]); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
