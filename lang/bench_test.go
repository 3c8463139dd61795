package lang_test

import (
	"fmt"
	"strings"
	"testing"

	"flowrun/lang"
)

// sizeable gives a flow of about a hundred bytes a statement.
func sizeable(statements int) string {
	var b strings.Builder
	b.WriteString("flow service \"bulk\"\ninput order: map\n")
	for i := 0; i < statements; i += 5 {
		fmt.Fprintf(&b, `total%[1]d = order.lines[%[1]d].price * order.lines[%[1]d].count + (order.shipping ?? 0) // the sum
if total%[1]d > 1000 and order.customer.country in ["UA", "PL", "DE"] {
  note%[1]d = "Order ${order.id} of ${order.customer.name ?? "a friend"} comes to ${total%[1]d}"
}
sent%[1]d = sendEmail <
  to:         "${order.customer.name} <${order.customer.email}>"
  subject:    "Order ${order.id} has shipped"
  message:    note%[1]d
  retryCount: 3
> catch failure { log < message: "not sent: ${failure.message}", level: "error" > }
`, i)
	}
	return b.String()
}

func BenchmarkParseLarge(b *testing.B) {
	text := sizeable(10_000)
	if len(text) > lang.DefaultLimits.Source {
		b.Fatalf("the source has %d bytes", len(text))
	}
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, diagnostics := lang.Parse("large.flow", text); len(diagnostics) > 0 {
			b.Fatal(diagnostics)
		}
	}
}

func BenchmarkParseSmall(b *testing.B) {
	text := sizeable(5)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, diagnostics := lang.Parse("small.flow", text); len(diagnostics) > 0 {
			b.Fatal(diagnostics)
		}
	}
}
