package script

import "strconv"

// Go is no engine: the programs as one would write them in Go who wants them to be
// fast. It shows what there is to gain.
type Go struct{}

func (Go) Name() string   { return "plain Go" }
func (Go) Module() string { return "" }

func (Go) Decision() (func(*Order) (string, error), error) {
	return func(o *Order) (string, error) { return decide(o), nil }, nil
}

func decide(o *Order) string {
	var priority int
	var team string
	switch {
	case o.Status == "cancelled":
		priority, team = 0, "archive"
	case o.VIP && o.Total > 5000:
		priority, team = 5, "key accounts"
	case o.Country == "UA" || o.Country == "PL":
		priority, team = 4, "east"
	case o.Total > 1000 && o.Days >= 14:
		priority, team = 3, "collections"
	case o.Items >= 10:
		priority, team = 2, "wholesale"
	default:
		priority, team = 1, "shop"
	}
	var verb string
	switch o.Channel {
	case "email":
		verb = "wrote"
	case "phone":
		verb = "called"
	case "chat":
		verb = "chatted"
	case "post":
		verb = "sent a letter"
	default:
		verb = "came by"
	}
	fee := Quote("freight", o.Items) + Quote(o.Country, o.Total)*priority + Quote(o.Status, o.Days)
	text := make([]byte, 0, 128) // on the stack, as long as it is enough
	text = append(append(text, '['), team...)
	text = strconv.AppendInt(append(text, '/'), int64(priority), 10)
	text = append(append(text, "] "...), o.Name...)
	text = append(append(text, ' '), verb...)
	text = strconv.AppendInt(append(text, ": "...), int64(o.Items), 10)
	text = strconv.AppendInt(append(text, " items for "...), int64(o.Total), 10)
	text = strconv.AppendInt(append(text, ", fee "...), int64(fee), 10)
	return string(text)
}

func (Go) Condition() (func(*Offer) (bool, error), error) {
	return func(o *Offer) (bool, error) {
		return o.Amount > 100 && o.Status == "open" && (o.Country == "DE" || o.Country == "FR" || o.Country == "UA"), nil
	}, nil
}

func (g Go) Sift() (func(*Offer) (int, error), error) { return siftByHost(g) }

func (Go) Loop() (func(rounds int) (int, error), error) {
	return func(rounds int) (int, error) {
		total, above := 0, 0
		for i := 1; i <= rounds; i++ {
			total = (total + i) % 1000003
			if total > 500000 {
				above++
			}
		}
		return total + above, nil
	}, nil
}
