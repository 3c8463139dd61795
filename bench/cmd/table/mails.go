package main

import (
	"errors"
	"time"

	"flowrun/bench/mail"
	"flowrun/bench/measure"
)

func mailWorkloads() []workload {
	return []workload{
		{
			name:    "mail, plain",
			about:   "2,000 mails with a text of 700 bytes to one local server, without TLS.",
			unit:    perMail,
			rounds:  longRounds,
			prepare: letters(mail.OpenPlain, func(s scale) int { return s.mails }),
		},
		{
			name:    "mail, STARTTLS",
			about:   "The same with STARTTLS and a verified certificate.",
			unit:    perMail,
			rounds:  fewRounds,
			prepare: letters(mail.OpenEncrypted, func(s scale) int { return s.mails }),
		},
		{
			name:    "mail, latency",
			about:   "The same without TLS, one mail after the other, over a round trip of 20 ms.",
			unit:    perMail,
			rounds:  fewRounds,
			prepare: letters(mail.OpenFar, func(s scale) int { return s.farMails }),
		},
		{
			name:    "mail, memory",
			about:   "10 mails at the same time, each with a file of 25 MB: the most memory of a process that does only this. flowrun takes the files from its store, the others from the disk.",
			unit:    memory,
			rounds:  fewRounds,
			prepare: films,
		},
	}
}

// letters are subjects that send the same letters, each by a client of the place.
func letters(open func() (*mail.Place, error), count func(scale) int) func(scale) ([]measure.Subject, func() error, error) {
	return func(s scale) (subjects []measure.Subject, end func() error, err error) {
		place, err := open()
		if err != nil {
			return nil, nil, err
		}
		letters := mail.Letters(count(s))
		var outboxes []mail.Outbox
		end = func() error {
			var errs []error
			for _, outbox := range outboxes {
				errs = append(errs, outbox.Close())
			}
			return errors.Join(append(errs, place.Close())...)
		}
		for _, client := range place.Clients {
			outbox, err := client.Open(place.To)
			if err != nil {
				return nil, nil, errors.Join(err, end())
			}
			outboxes = append(outboxes, outbox)
			subjects = append(subjects, measure.Subject{Name: client.Name(), Measure: func() (float64, error) {
				began := time.Now()
				err := outbox.Send(letters)
				return float64(time.Since(began)) / float64(len(letters)), err
			}})
		}
		return subjects, end, nil
	}
}

// films are subjects that send files in a process of their own.
func films(s scale) (subjects []measure.Subject, end func() error, err error) {
	films, err := mail.OpenFilms(s.films, s.filmBytes)
	if err != nil {
		return nil, nil, err
	}
	for _, order := range films.Orders {
		subjects = append(subjects, measure.Subject{Name: order.Client, Measure: func() (float64, error) {
			peak, err := films.Peak(order)
			return float64(peak), err
		}})
	}
	return subjects, films.Close, nil
}
