package script

import "math/rand/v2"

// Offer is what the condition is about.
type Offer struct {
	Amount          int
	Status, Country string
}

// RandomOffer draws an offer. The condition holds for about a third of them.
func RandomOffer(random *rand.Rand) *Offer {
	pick := func(texts ...string) string { return texts[random.IntN(len(texts))] }
	return &Offer{
		Amount:  random.IntN(400),
		Status:  pick("open", "open", "open", "closed"),
		Country: pick("DE", "FR", "UA", "PL", "US"),
	}
}
