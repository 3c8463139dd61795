package email

import (
	"context"
	"errors"
	"io"
	"strings"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // character sets other than UTF-8
)

// Bounds of what is read of a mail to quote it: a mail with more is quoted by what
// was found up to there.
const (
	mostQuoted      = 256 << 10 // bytes of each body
	mostRead        = 64 << 20  // bytes of the mail
	deepestRead     = 20        // multiparts within each other
	mostPartsOfMail = 500
)

// parentBody is what a mail of the store says.
type parentBody struct {
	text, html string // "": it has none; both without CR
	cut        bool   // it says more than mostQuoted
}

// readBody reads the first plain text and the first HTML of a mail. What follows
// a part that cannot be read, as in mails that were cut, is passed over; only a
// failing reader and the end of ctx are errors.
func readBody(ctx context.Context, raw io.Reader) (parentBody, error) {
	source := &watchedReader{ctx: ctx, from: io.LimitReader(raw, mostRead)}
	r := &bodyReader{parts: mostPartsOfMail}
	entity, err := message.Read(source)
	if err == nil || message.IsUnknownCharset(err) || message.IsUnknownEncoding(err) {
		r.entity(entity, 0)
	}
	return r.body, source.err
}

// bodyReader looks for the bodies of a mail.
type bodyReader struct {
	body  parentBody
	parts int // that may still be looked at
}

// entity reads a part with all parts within it, as far as it goes.
func (r *bodyReader) entity(e *message.Entity, depth int) {
	within := e.MultipartReader()
	if within == nil {
		r.leaf(e)
		return
	}
	if depth == deepestRead {
		return
	}
	for r.parts > 0 && (r.body.text == "" || r.body.html == "") {
		r.parts--
		part, err := within.NextPart()
		if err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
			return
		}
		r.entity(part, depth+1)
	}
}

// leaf reads a text that is not an attachment.
func (r *bodyReader) leaf(e *message.Entity) {
	disposition, parameters, _ := e.Header.ContentDisposition()
	if disposition == "attachment" || parameters["filename"] != "" {
		return
	}
	mediaType, _, err := e.Header.ContentType()
	switch {
	case err != nil:
	case mediaType == "text/plain" && r.body.text == "":
		r.body.text = r.body.read(e.Body)
	case mediaType == "text/html" && r.body.html == "":
		r.body.html = r.body.read(e.Body)
	}
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

// watchedReader ends with its context and remembers why it failed, apart from its
// end.
type watchedReader struct {
	ctx  context.Context
	from io.Reader
	err  error
}

func (r *watchedReader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		r.err = err
		return 0, err
	}
	n, err := r.from.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		r.err = err
	}
	return n, err
}
