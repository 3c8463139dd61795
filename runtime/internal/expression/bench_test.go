package expression_test

import (
	"testing"

	"flowrun/runtime/internal/expression"
)

var benchmarks = []struct{ name, text string }{
	{"sum", `count + 1`},
	{"condition", `amount > 100 && status == "open" && country in ["DE", "FR", "UA"]`},
	{"members", `order.total > 1000 and order.customer.country == "UA"`},
	{"template", `"Order ${order.id} of ${order.customer.name}"`},
	{"coalesce", `order.customer.nick ?? order.customer.name ?? "friend"`},
	{"predicate", `filter(items, .price > 10)`},
	{"pipe", `order.customer.name | trim() | upper()`},
}

func benchmarkEnvironment() *environment {
	items := make([]any, 100)
	for i := range items {
		items[i] = map[string]any{"price": i}
	}
	return newEnvironment(map[string]any{
		"count": 1000, "amount": 250, "status": "open", "country": "UA",
		"items": items,
		"order": map[string]any{"id": 17, "total": 1200, "customer": map[string]any{"name": "Ann", "country": "UA"}},
	})
}

func BenchmarkEval(b *testing.B) {
	for _, bench := range benchmarks {
		b.Run(bench.name, func(b *testing.B) {
			e := benchmarkEnvironment()
			_, compiled, problems := compile(b, bench.text, e, expression.Plain)
			if len(problems) > 0 {
				b.Fatal(problems)
			}
			m, frame := expression.NewMachine(e, expression.Limits{}), e.frame()
			b.ReportAllocs()
			for b.Loop() {
				if _, err := m.Eval(compiled, frame); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkCompile(b *testing.B) {
	for _, bench := range benchmarks {
		b.Run(bench.name, func(b *testing.B) {
			e := benchmarkEnvironment()
			b.ReportAllocs()
			for b.Loop() {
				compile(b, bench.text, e, expression.Plain)
			}
		})
	}
}
