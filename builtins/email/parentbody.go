package email

import (
	"errors"
	"io"
	"strings"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // character sets other than UTF-8
	"github.com/emersion/go-message/mail"
)

// mostQuoted bounds each body that is read of a mail, in bytes.
const mostQuoted = 256 << 10

// parentBody is what a mail of the store says.
type parentBody struct {
	text, html string // "": it has none; both without CR
	cut        bool   // it says more than mostQuoted
}

// readBody reads the first plain text and the first HTML of a mail. What follows
// a part that cannot be read, as in mails that were cut, is passed over; only a
// failing reader is an error.
func readBody(raw io.Reader) (parentBody, error) {
	source := &failingReader{from: raw}
	var b parentBody
	reader, err := mail.CreateReader(source)
	if err != nil && !message.IsUnknownCharset(err) {
		return b, source.err
	}
	for b.text == "" || b.html == "" {
		part, err := reader.NextPart()
		if err != nil && !message.IsUnknownCharset(err) {
			break
		}
		header, inline := part.Header.(*mail.InlineHeader)
		if !inline {
			continue
		}
		mediaType, _, err := header.ContentType()
		if err != nil {
			continue
		}
		switch {
		case mediaType == "text/plain" && b.text == "":
			b.text = b.read(part.Body)
		case mediaType == "text/html" && b.html == "":
			b.html = b.read(part.Body)
		}
	}
	return b, source.err
}

// read reads a part as far as it goes.
func (b *parentBody) read(part io.Reader) string {
	content, _ := io.ReadAll(io.LimitReader(part, mostQuoted+1))
	if len(content) > mostQuoted {
		b.cut = true
		content = content[:mostQuoted]
	}
	text := strings.ToValidUTF8(string(content), "\ufffd")
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x00", "\ufffd").Replace(text)
	return strings.Trim(text, "\n")
}

// failingReader remembers why the reader below failed, apart from its end.
type failingReader struct {
	from io.Reader
	err  error
}

func (r *failingReader) Read(p []byte) (int, error) {
	n, err := r.from.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		r.err = err
	}
	return n, err
}
