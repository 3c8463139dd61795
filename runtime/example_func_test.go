package runtime_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"flowrun/runtime"
)

// order is what the flow of the example gets: one field for each input.
type order struct {
	Kind   string `flow:"kind"`
	Amount int    `flow:"amount"`
	Coupon *int   `flow:"coupon"` // percent; nil: the input's default holds
}

// quoteSettings are the settings of the component quote.
type quoteSettings struct {
	Kind   string `flow:"kind,required"`
	Amount int    `flow:"amount,required" min:"1"`
}

// quote is the price in cents.
func quote(_ context.Context, s quoteSettings) (int, error) {
	if s.Kind != "tea" {
		return 0, errors.New("there is no " + s.Kind)
	}
	return s.Amount * 250, nil
}

// A flow as a Go function, and a Go function as a component.
func ExampleFuncOf() {
	engine, err := runtime.New(runtime.WithComponents(runtime.NewComponentFunc("quote", quote)))
	if err != nil {
		log.Fatal(err)
	}
	program, problems := engine.Compile("price.flow", `
input kind: string
input amount: int
input coupon: int = 0
price = quote < kind: kind, amount: amount >
return price - price * coupon / 100
`)
	if program == nil {
		log.Fatal(problems)
	}
	price, err := runtime.FuncOf[order, float64](program)
	if err != nil {
		log.Fatal(err)
	}
	cents, err := price(context.Background(), &order{Kind: "tea", Amount: 4})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(cents)
	_, err = price(context.Background(), &order{Kind: "coffee", Amount: 1})
	fmt.Println(err)
	// Output:
	// 1000
	// price.flow:5:9: quote: there is no coffee
}
