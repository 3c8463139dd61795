package mail

import (
	"net"
	"sync"
	"time"
)

// Delay is a server that stands before another one and makes it far away: what
// goes through takes half a round trip each way, and a connection the round trip
// and a half that TCP's handshake takes from the client's first packet until the
// server can speak.
type Delay struct {
	listener  net.Listener
	target    Server
	roundTrip time.Duration
	serving   sync.WaitGroup
}

// StartDelay starts one before the target. Close it when done, after the clients'
// connections.
func StartDelay(target Server, roundTrip time.Duration) (*Delay, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	d := &Delay{listener: listener, target: target, roundTrip: roundTrip}
	d.serving.Go(d.accept)
	return d, nil
}

// Server is the target as clients reach it.
func (d *Delay) Server() Server {
	far := d.target
	far.Port = d.listener.Addr().(*net.TCPAddr).Port
	return far
}

// Close takes no more connections, and returns when all have ended.
func (d *Delay) Close() error {
	err := d.listener.Close()
	d.serving.Wait()
	return err
}

func (d *Delay) accept() {
	for {
		near, err := d.listener.Accept()
		if err != nil {
			return
		}
		d.serving.Go(func() { d.join(near) })
	}
}

// join connects a client with the target.
func (d *Delay) join(near net.Conn) {
	defer near.Close()
	time.Sleep(d.roundTrip * 3 / 2)
	far, err := net.Dial("tcp", d.target.address())
	if err != nil {
		return
	}
	defer far.Close()
	var both sync.WaitGroup
	both.Go(func() { d.carry(far, near) })
	both.Go(func() { d.carry(near, far) })
	both.Wait()
}

// packet is what came at a time.
type packet struct {
	bytes []byte
	due   time.Time
}

// carry moves what comes from one side to the other, half a round trip late, and
// then its end.
func (d *Delay) carry(to, from net.Conn) {
	underWay := make(chan packet, 1024)
	go func() {
		defer close(underWay)
		for {
			buffer := make([]byte, 32<<10)
			n, err := from.Read(buffer)
			due := time.Now().Add(d.roundTrip / 2)
			if n > 0 {
				underWay <- packet{buffer[:n], due}
			}
			if err != nil {
				return
			}
		}
	}()
	for p := range underWay {
		time.Sleep(time.Until(p.due))
		if _, err := to.Write(p.bytes); err != nil {
			from.Close()
			for range underWay {
			}
			break
		}
	}
	to.(*net.TCPConn).CloseWrite()
}
