package runtime_test

import (
	"context"
	"testing"

	"flowrun/runtime"
)

// The workloads by which the speed of runs is judged: a decision with calls of a
// host function, one condition, a long loop.
const (
	decisionFlow = `input amount: number
input status: string
input country: string
input tier: string
input age: int
input items: int
input name: string
input vip: bool

if amount > 10000 {
  route = "manual"
} else if status == "blocked" {
  route = "reject"
} else if country in ["DE", "FR", "UA"] and amount > 100 {
  route = "priority"
} else {
  route = "normal"
}
switch tier {
  case "bronze" { discount = 0 }
  case "silver" { discount = 5 }
  case "gold" { discount = 10 }
  case "platinum" { discount = 15 }
  default { discount = 1 }
}
total = amount - amount * discount / 100
subject = "Order of ${name}: ${items} items, ${route}"
a = notify < to: name, subject: subject, amount: total >
b = notify < to: country, subject: subject, amount: amount >
c = notify < to: tier, subject: route, amount: age >
score = a + b + c
if vip and score > 0 {
  score = score + 100
}
return score
`
	conditionFlow = `input amount: int
input status: string
input country: string
return amount > 100 && status == "open" && country in ["DE", "FR", "UA"]
`
	loopFlow = `i = 0
sum = 0
while i < 1000000 {
  if i % 3 == 0 {
    sum = sum + i
  }
  i = i + 1
}
return sum
`
)

type notification struct {
	To      string  `flow:"to,required"`
	Subject string  `flow:"subject"`
	Amount  float64 `flow:"amount"`
}

var notifying = runtime.NewComponent("notify", func(_ context.Context, _ *runtime.Call, s *notification) (any, error) {
	return len(s.To) + len(s.Subject) + int(s.Amount), nil
})

func BenchmarkWorkloads(b *testing.B) {
	for _, w := range []struct {
		name, source string
		inputs       runtime.Inputs
		result       any
	}{
		{"decision", decisionFlow, runtime.Inputs{
			"amount": 1200, "status": "open", "country": "UA", "tier": "gold", "age": 42, "items": 3, "name": "Ann Smith", "vip": true,
		}, 2519},
		{"condition", conditionFlow, runtime.Inputs{"amount": 250, "status": "open", "country": "UA"}, true},
		{"loop", loopFlow, nil, 166666833333},
	} {
		b.Run(w.name, func(b *testing.B) {
			engine, err := runtime.New(runtime.WithComponents(notifying))
			if err != nil {
				b.Fatal(err)
			}
			program := compile(b, engine, w.source)
			b.ReportAllocs()
			for b.Loop() {
				outcome, err := program.Run(b.Context(), w.inputs)
				if err != nil {
					b.Fatal(err)
				}
				if outcome.Result != w.result {
					b.Fatalf("got %v, want %v", outcome.Result, w.result)
				}
			}
		})
	}
}
