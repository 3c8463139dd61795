package mailtest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // character sets other than UTF-8
	"github.com/emersion/go-message/mail"
)

// Mail is one captured mail, as the server acknowledged it.
type Mail struct {
	From     string    // envelope sender, "" for <>
	To       []string  // envelope recipients that were accepted
	Raw      []byte    // content, with CR LF and without dot-stuffing
	Size     int64     // announced by SIZE= (RFC 1870), or 0
	Body     string    // announced by BODY= (RFC 6152): "7BIT", "8BITMIME" or ""
	UTF8     bool      // announced by SMTPUTF8 (RFC 6531)
	TLS      string    // "TLS 1.3", or "" for plain text
	User     string    // who authenticated, or ""
	Received time.Time // when the final dot came
	Conn     int       // connection number, from 1
}

// Message is the parsed view of a mail.
type Message struct {
	Headers     []Header // in order, values decoded (RFC 2047) and unfolded
	Text        string   // the first text/plain part, decoded
	HTML        string   // the first text/html part, decoded
	Attachments []Attachment
}

// Header is one header field, its name as the mail has it.
type Header struct{ Name, Value string }

// Attachment is a part that is neither the text nor the HTML.
type Attachment struct {
	Name      string // file name, decoded (RFC 2231 and 2047), or ""
	Type      string // media type such as "application/pdf"
	ContentID string // without <>, for parts shown by cid: links
	Inline    bool   // Content-Disposition: inline
	Size      int    // bytes, decoded
	Content   []byte
}

// Header returns the decoded value of the first field of that name, or "".
// Upper and lower case are the same.
func (m *Message) Header(name string) string {
	for _, field := range m.Headers {
		if strings.EqualFold(field.Name, name) {
			return field.Value
		}
	}
	return ""
}

// Parse reads the mail's MIME structure. An unknown character set is no error;
// its text stays as it came.
func (m Mail) Parse() (*Message, error) {
	reader, err := mail.CreateReader(bytes.NewReader(m.Raw))
	if err != nil && !message.IsUnknownCharset(err) {
		return nil, fmt.Errorf("parse captured mail: %w", err)
	}
	parsed := &Message{}
	for fields := reader.Header.Fields(); fields.Next(); {
		value, err := fields.Text()
		if err != nil {
			value = fields.Value()
		}
		parsed.Headers = append(parsed.Headers, Header{Name: fieldName(fields), Value: value})
	}
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return parsed, nil
		}
		if err != nil && !message.IsUnknownCharset(err) {
			return nil, fmt.Errorf("parse captured mail: %w", err)
		}
		if err := parsed.add(part); err != nil {
			return nil, err
		}
	}
}

// fieldName is the name of a field as the mail has it.
func fieldName(fields message.HeaderFields) string {
	raw, err := fields.Raw()
	name, _, found := strings.Cut(string(raw), ":")
	if err != nil || !found {
		return fields.Key()
	}
	return strings.TrimSpace(name)
}

func (m *Message) add(part *mail.Part) error {
	content, err := io.ReadAll(part.Body)
	if err != nil {
		return fmt.Errorf("parse captured mail: %w", err)
	}
	var header message.Header
	inline := false
	switch h := part.Header.(type) {
	case *mail.InlineHeader:
		header, inline = h.Header, true
	case *mail.AttachmentHeader:
		header = h.Header
	}
	mediaType, typeParameters, err := header.ContentType()
	if err != nil {
		mediaType = header.Get("Content-Type")
	}
	_, parameters, err := header.ContentDisposition()
	name := parameters["filename"]
	if err != nil || name == "" {
		name = typeParameters["name"]
	}
	switch {
	case inline && mediaType == "text/plain" && name == "" && m.Text == "":
		m.Text = string(content)
	case inline && mediaType == "text/html" && name == "" && m.HTML == "":
		m.HTML = string(content)
	default:
		m.Attachments = append(m.Attachments, Attachment{
			Name:      decodeWords(name),
			Type:      mediaType,
			ContentID: strings.Trim(header.Get("Content-Id"), "<> "),
			Inline:    inline,
			Size:      len(content),
			Content:   content,
		})
	}
	return nil
}

// decodeWords decodes a file name that was written as encoded words, against
// RFC 2047 section 5 but common.
func decodeWords(name string) string {
	var header message.Header
	header.Set("Name", name)
	if decoded, err := header.Text("Name"); err == nil {
		return decoded
	}
	return name
}
