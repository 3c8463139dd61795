package mail_test

import (
	"testing"

	"flowrun/bench/mail"
)

func BenchmarkPlain(b *testing.B) { benchmarkLetters(b, mail.OpenPlain, 2000, 20) }

func BenchmarkSTARTTLS(b *testing.B) { benchmarkLetters(b, mail.OpenEncrypted, 2000, 20) }

func BenchmarkLatency(b *testing.B) { benchmarkLetters(b, mail.OpenFar, 10, 1) }

// benchmarkLetters sends so many letters in a round; few in a short run.
func benchmarkLetters(b *testing.B, open func() (*mail.Place, error), many, few int) {
	place, err := open()
	if err != nil {
		b.Fatal(err)
	}
	defer place.Close()
	if testing.Short() {
		many = few
	}
	letters := mail.Letters(many)
	for _, client := range place.Clients {
		b.Run(client.Name(), func(b *testing.B) {
			outbox, err := client.Open(place.To)
			if err != nil {
				b.Fatal(err)
			}
			defer outbox.Close()
			b.ReportAllocs()
			for b.Loop() {
				if err := outbox.Send(letters); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*many), "µs/mail")
		})
	}
}

func BenchmarkMemory(b *testing.B) {
	count, size := 10, 25<<20
	if testing.Short() {
		count, size = 2, 1<<20
	}
	films, err := mail.OpenFilms(count, size)
	if err != nil {
		b.Fatal(err)
	}
	defer films.Close()
	for _, order := range films.Orders {
		b.Run(order.Client, func(b *testing.B) {
			most := 0
			for b.Loop() {
				peak, err := films.Peak(order)
				if err != nil {
					b.Fatal(err)
				}
				most = max(most, peak)
			}
			b.ReportMetric(float64(most)/(1<<20), "MiB")
		})
	}
}
