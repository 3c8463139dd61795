package transaction

import (
	"bufio"
	"io"
)

// ReadReply reads a reply as a session does whose secret is "hunter2".
func ReadReply(r io.Reader) (Reply, error) {
	return readReply(bufio.NewReaderSize(r, 16), Server{User: "ann", Password: "hunter2"}.scrubber())
}
