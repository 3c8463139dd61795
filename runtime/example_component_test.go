package runtime_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"flowrun/runtime"
	"flowrun/runtime/value"
)

// changeSettings are the settings of the component change. The struct is the only
// place where they are described: check, decoding, completion and the reference read it.
type changeSettings struct {
	Amount  float64          `flow:"amount,required" min:"0" doc:"How much is changed."`
	To      string           `flow:"to,required" enum:"EUR,UAH,USD" doc:"The currency that is wanted."`
	Day     *time.Time       `flow:"day" doc:"Whose rate holds; without it today's."`
	Key     runtime.Password `flow:"key,required" doc:"Key of the bank's service: secret(\"NAME\")."`
	Explain bool             `flow:"explain" default:"false" doc:"Whether the result says how it came about."`
}

// bank is what the component stands for: a service with a client of its own.
type bank struct{ rates map[string]float64 }

var errClosed = errors.New("the bank is closed")

func (b *bank) rate(ctx context.Context, to, key string) (float64, error) {
	switch {
	case ctx.Err() != nil:
		return 0, context.Cause(ctx)
	case key != "open sesame":
		return 0, errClosed
	}
	return b.rates[to], nil
}

func (b *bank) change(ctx context.Context, call *runtime.Call, s *changeSettings) (any, error) {
	call.Tell("asks for the rate of " + s.To)
	rate, err := b.rate(ctx, s.To, s.Key.Reveal())
	if errors.Is(err, errClosed) {
		return nil, &runtime.Failure{
			Kind:    "closed",
			Message: "the bank does not open for this key",
			Setting: "key",
			Hint:    "ask your bank for a new one",
			Fields:  map[string]any{"opens": "09:00"},
			Cause:   err,
		}
	}
	if err != nil {
		return nil, err
	}
	changed := s.Amount * rate
	return &value.Record{
		Fields: map[string]any{"amount": changed, "rate": rate},
		Text:   fmt.Sprintf("%.2f %s", changed, s.To),
	}, nil
}

// component is what the engine gets.
func (b *bank) component() *runtime.Component {
	return runtime.NewComponent("change", b.change,
		runtime.Doc("Changes an amount into another currency."),
		runtime.Checked(func(c *runtime.Check) {
			if to, constant := c.Constant("to"); constant && to == "UAH" && c.Has("day") {
				c.Errorf("day", "leave it out", "the bank keeps no former rates of UAH")
			}
		}))
}

// A component over a client that the host has.
func ExampleNewComponent() {
	acme := &bank{rates: map[string]float64{"EUR": 0.5, "USD": 1, "UAH": 40}}
	engine, err := runtime.New(
		runtime.WithComponents(acme.component()),
		runtime.WithSecrets(func(name string) (string, error) {
			if name != "BANK_KEY" {
				return "", fmt.Errorf("the secret %q is not granted", name)
			}
			return "open sesame", nil
		}))
	if err != nil {
		log.Fatal(err)
	}
	program, problems := engine.Compile("change.flow", `
price = change < amount: 30, to: "EUR", key: secret("BANK_KEY") >
again = change < amount: 30, to: "EUR", key: "guessed" > catch problem {
  text = "${problem.kind}: ${problem.message}, it opens at ${problem.opens}"
}
return ["${price}", price.rate, text]
`)
	if program == nil {
		log.Fatal(problems)
	}
	outcome, err := program.Run(context.Background(), nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(outcome.Result)
	_, problems = engine.Compile("wrong.flow", `change < amount: -1, to: "GBP", key: "" >`)
	for _, problem := range problems {
		fmt.Println(problem)
	}
	// Output:
	// [15.00 EUR 0.5 closed: the bank does not open for this key, it opens at 09:00]
	// wrong.flow:1:18: amount is -1, want 0 or more
	// wrong.flow:1:26: to is the string "GBP", want "EUR", "UAH" or "USD"
}
