package crashtest

import (
	"bytes"
	"io"
	"net"
	"sync"
)

// held is a connection to the site's server that is held up when the whole mail
// has gone to the server: its answer comes after the release.
type held struct {
	reached chan struct{}
	release chan struct{}
}

// hold puts a relay for one connection before the site's server.
func (s *site) hold() *held {
	s.t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { listener.Close() })
	h := &held{reached: make(chan struct{}), release: make(chan struct{})}
	server := s.server.Addr()
	s.address = listener.Addr().String()
	go func() {
		client, err := listener.Accept()
		if err != nil {
			return
		}
		defer client.Close()
		upstream, err := net.Dial("tcp", server)
		if err != nil {
			return
		}
		defer upstream.Close()
		h.relay(client, upstream)
	}()
	return h
}

// relay copies both ways until one side leaves.
func (h *held) relay(client, upstream net.Conn) {
	var group sync.WaitGroup
	defer group.Wait()
	group.Go(func() {
		defer client.Close()
		io.Copy(gate{h, client}, upstream)
	})
	defer upstream.Close()
	buffer := make([]byte, 64<<10)
	for {
		n, err := client.Read(buffer)
		if bytes.HasSuffix(buffer[:n], []byte("\r\n.\r\n")) {
			close(h.reached)
		}
		if _, failed := upstream.Write(buffer[:n]); failed != nil || err != nil {
			return
		}
	}
}

// gate lets what the server says pass, but for the answer to the mail.
type gate struct {
	*held
	to io.Writer
}

func (g gate) Write(p []byte) (int, error) {
	select {
	case <-g.reached:
		<-g.release
	default:
	}
	return g.to.Write(p)
}
