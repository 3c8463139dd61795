package script

import "math/rand/v2"

// Offer is what the condition is about.
type Offer struct {
	Amount  int    `flow:"amount"`
	Status  string `flow:"status"`
	Country string `flow:"country"`
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

// EveryAmount is the offer for whose amounts the condition is evaluated in full.
var EveryAmount = &Offer{Amount: 1000, Status: "open", Country: "UA"}

// siftByHost is Sifter.Sift by a loop of the host.
func siftByHost(engine Conditioner) (func(*Offer) (int, error), error) {
	matches, err := engine.Condition()
	if err != nil {
		return nil, err
	}
	return func(o *Offer) (matching int, err error) {
		offer := *o
		for offer.Amount = 1; offer.Amount <= o.Amount; offer.Amount++ {
			holds, err := matches(&offer)
			if err != nil {
				return 0, err
			}
			if holds {
				matching++
			}
		}
		return matching, nil
	}, nil
}
