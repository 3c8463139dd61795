package script

import "math/rand/v2"

// Order is what the decision is about: its 8 inputs.
type Order struct {
	Name    string `flow:"name"`
	Country string `flow:"country"`
	Status  string `flow:"status"`
	Channel string `flow:"channel"`
	Total   int    `flow:"total"`
	Items   int    `flow:"items"`
	Days    int    `flow:"days"`
	VIP     bool   `flow:"vip"`
}

// RandomOrder draws an order with which every branch has a chance.
func RandomOrder(random *rand.Rand) *Order {
	pick := func(texts ...string) string { return texts[random.IntN(len(texts))] }
	return &Order{
		Name:    pick("Ann", "Bo", "Оксана", "O'Neil \"Jr\"", "A very long name of somebody who signs everything"),
		Country: pick("DE", "FR", "UA", "PL", "US"),
		Status:  pick("open", "paid", "late", "cancelled"),
		Channel: pick("email", "phone", "chat", "post", "visit"),
		Total:   random.IntN(10_000),
		Items:   random.IntN(20),
		Days:    random.IntN(30),
		VIP:     random.IntN(3) == 0,
	}
}

// Quote is the host function that the decision calls.
func Quote(kind string, amount int) int {
	switch kind {
	case "freight":
		return 5 + 2*amount
	case "late", "UA":
		return amount / 4
	default:
		return amount/10 + len(kind)
	}
}
