package builtins_test

import (
	"fmt"
	goruntime "runtime"
	"testing"

	"flowrun/builtins"
	"flowrun/builtins/email"
	"flowrun/runtime"
)

// customerEngine is an engine as a host makes one for each customer.
func customerEngine(b *testing.B, pool *email.Pool) *runtime.Engine {
	b.Helper()
	config := email.Config{
		Server: &email.ServerConfig{Host: "mail.example.com"},
		Inline: email.NoServer,
		Pool:   pool,
		Permit: email.NewQuota(email.QuotaLimits{Mails: 500}).Permit,
	}
	var components []*runtime.Component
	for _, component := range builtins.Standard(builtins.Config{Email: config}) {
		if component.Name() == "sendEmail" {
			component = component.Without("server", "port", "tls", "smtp", "headers")
		}
		components = append(components, component)
	}
	engine, err := runtime.New(runtime.WithComponents(components...),
		runtime.WithSecrets(func(string) (string, error) { return "", nil }))
	if err != nil {
		b.Fatal(err)
	}
	return engine
}

const customerFlow = `
input order: map
if order.total > 100 {
  sendEmail < from: "shop@example.com", to: order.email, subject: "Order ${order.id}", message: "Thank you!", dryRun: true >
}
return order.total
`

// BenchmarkCustomer is what a customer costs a host: an engine, a flow to compile,
// a run; docs/embedding.md says what that comes to.
func BenchmarkCustomer(b *testing.B) {
	pool := email.NewPool(email.PoolLimits{})
	defer pool.Close()
	b.Run("engine", func(b *testing.B) {
		b.ReportAllocs()
		kept := []*runtime.Engine{}
		var before, after goruntime.MemStats
		goruntime.GC()
		goruntime.ReadMemStats(&before)
		for b.Loop() {
			kept = append(kept, customerEngine(b, pool))
		}
		goruntime.GC()
		goruntime.ReadMemStats(&after)
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(len(kept)), "B-kept/op")
		goruntime.KeepAlive(kept)
	})
	engine := customerEngine(b, pool)
	b.Run("compile", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if program, problems := engine.Compile("order.flow", customerFlow); program == nil {
				b.Fatal(problems)
			}
		}
	})
	program, _ := engine.Compile("order.flow", customerFlow)
	for _, total := range []int{50, 150} {
		b.Run(fmt.Sprintf("run of total %d", total), func(b *testing.B) {
			b.ReportAllocs()
			inputs := runtime.Inputs{"order": map[string]any{"id": 7, "total": total, "email": "ann@example.com"}}
			for b.Loop() {
				if _, err := program.Run(b.Context(), inputs); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkRunaway is a run that takes all the steps that it may, by default.
func BenchmarkRunaway(b *testing.B) {
	engine, err := runtime.New()
	if err != nil {
		b.Fatal(err)
	}
	for _, flow := range []struct{ name, source string }{
		{"loop", "i = 0\nwhile true { i = i + 1 }"},
		{"texts", "s = repeat(\"x\", 1000)\nwhile true { t = upper(s) }"},
		{"lists", "l = map(1..1000, #)\nwhile true { m = map(l, # + 1) }"},
	} {
		b.Run(flow.name, func(b *testing.B) {
			program, problems := engine.Compile("loop.flow", flow.source)
			if program == nil {
				b.Fatal(problems)
			}
			for b.Loop() {
				if _, err := program.Run(b.Context(), nil); err == nil {
					b.Fatal("it ended")
				}
			}
		})
	}
}
