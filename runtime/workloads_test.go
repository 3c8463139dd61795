package runtime_test

import (
	"context"
	"testing"

	"flowrun/runtime"
)

// The workloads by which the speed of runs is judged: a decision with calls of a
// host function, one condition, a long loop.
const (
	decisionFlow = `input name: string
input country: string
input status: string
input channel: string
input total: int
input items: int
input days: int
input vip: bool

if status == "cancelled" {
  priority = 0
  team = "archive"
} else if vip and total > 5000 {
  priority = 5
  team = "key accounts"
} else if country == "UA" or country == "PL" {
  priority = 4
  team = "east"
} else if total > 1000 and days >= 14 {
  priority = 3
  team = "collections"
} else if items >= 10 {
  priority = 2
  team = "wholesale"
} else {
  priority = 1
  team = "shop"
}

switch channel {
  case "email" { verb = "wrote" }
  case "phone" { verb = "called" }
  case "chat" { verb = "chatted" }
  case "post" { verb = "sent a letter" }
  default { verb = "came by" }
}

freight = quote < kind: "freight", amount: items >
risk = quote < kind: country, amount: total >
wait = quote < kind: status, amount: days >
fee = freight + risk * priority + wait

return "[${team}/${priority}] ${name} ${verb}: ${items} items for ${total}, fee ${fee}"
`
	conditionFlow = `input amount: int
input status: string
input country: string
return amount > 100 && status == "open" && country in ["DE", "FR", "UA"]
`
	conditionsFlow = `input most: int
input status: string
input country: string
matching = 0
for amount in 1..most {
  if amount > 100 and status == "open" and country in ["DE", "FR", "UA"] {
    matching = matching + 1
  }
}
return matching
`
	loopFlow = `input rounds: int
total = 0
above = 0
for i in 1..rounds {
  total = (total + i) % 1000003
  if total > 500000 {
    above = above + 1
  }
}
return total + above
`
)

type quoted struct {
	Kind   string `flow:"kind,required"`
	Amount int    `flow:"amount,required"`
}

var quoting = runtime.NewComponent("quote", func(_ context.Context, _ *runtime.Call, s *quoted) (any, error) {
	return len(s.Kind)*10 + s.Amount%7, nil
})

func BenchmarkWorkloads(b *testing.B) {
	for _, w := range []struct {
		name, source string
		inputs       runtime.Inputs
		result       any
	}{
		{"decision", decisionFlow, runtime.Inputs{
			"name": "Ann Smith", "country": "DE", "status": "open", "channel": "chat", "total": 2400, "items": 3, "days": 20, "vip": false,
		}, "[collections/3] Ann Smith chatted: 3 items for 2400, fee 197"},
		{"condition", conditionFlow, runtime.Inputs{"amount": 250, "status": "open", "country": "UA"}, true},
		{"conditions", conditionsFlow, runtime.Inputs{"most": 1000, "status": "open", "country": "UA"}, 900},
		{"loop", loopFlow, runtime.Inputs{"rounds": 1_000_000}, 499375},
	} {
		b.Run(w.name, func(b *testing.B) {
			engine, err := runtime.New(runtime.WithComponents(quoting))
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
