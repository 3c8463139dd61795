package mail

import (
	"errors"
	"time"
)

// Place is where a workload's mails go, and by whom.
type Place struct {
	To      Server
	Clients []Client
	ends    []func() error
}

// Close ends the place's servers.
func (p *Place) Close() error {
	var errs []error
	for _, end := range p.ends {
		errs = append(errs, end())
	}
	return errors.Join(errs...)
}

// OpenPlain starts a server for mails without TLS: smtp-sink where it is found,
// else one inside this process.
func OpenPlain() (*Place, error) {
	postfix, found, err := StartSMTPSink()
	if err != nil {
		return nil, err
	}
	if found {
		return &Place{postfix.Server(), PlainClients(), []func() error{postfix.Close}}, nil
	}
	own, err := StartSink(false, nil)
	if err != nil {
		return nil, err
	}
	return &Place{own.Server(), PlainClients(), []func() error{own.Close}}, nil
}

// OpenEncrypted starts a server for mails by STARTTLS.
func OpenEncrypted() (*Place, error) {
	own, err := StartSink(true, nil)
	if err != nil {
		return nil, err
	}
	return &Place{own.Server(), Clients(), []func() error{own.Close}}, nil
}

// RoundTrip is how far away the server of OpenFar is.
const RoundTrip = 20 * time.Millisecond

// OpenFar starts a server for mails without TLS that is far away. Its clients send
// one mail after the other.
func OpenFar() (*Place, error) {
	place, err := OpenPlain()
	if err != nil {
		return nil, err
	}
	far, err := StartDelay(place.To, RoundTrip)
	if err != nil {
		return nil, errors.Join(err, place.Close())
	}
	place.Clients = nil
	for _, client := range Clients() {
		if client != (Flowrun{AtOnce: 4}) {
			place.Clients = append(place.Clients, client)
		}
	}
	place.To, place.ends = far.Server(), append([]func() error{far.Close}, place.ends...)
	return place, nil
}
