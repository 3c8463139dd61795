package email

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"mime/quotedprintable"
	"strings"
	"unicode"
	"unicode/utf8"
)

// part is one entity of a mail, RFC 2045 section 2.4: a leaf with content, or
// several parts. It is written as a stream, so that no content is held in memory.
type part struct {
	fields   []field // of its head, which tell how to read it
	content  func(io.Writer) error
	parts    []*part
	boundary string // of the parts
}

// multipart puts parts together; one part alone stays as it is. A boundary begins
// with `=_`, which neither quoted-printable nor base64 ever gives (RFC 2045
// section 6.7), so that it cannot occur in a part whatever that holds.
func multipart(subtype, unique string, parts ...*part) *part {
	if len(parts) == 1 {
		return parts[0]
	}
	sum := sha256.Sum256([]byte(subtype + "\x00" + unique))
	p := &part{parts: parts, boundary: "=_" + hex.EncodeToString(sum[:16])}
	parameters := []string{quotedParameter("boundary", p.boundary)}
	if subtype == "related" {
		root, _, _ := strings.Cut(parts[0].fields[0].words[0], ";")
		parameters = append(parameters, quotedParameter("type", root))
	}
	p.fields = []field{parameterField("Content-Type", "multipart/"+subtype, parameters...)}
	return p
}

// textPart is a part that readers show as the message.
func textPart(mediaType, text string) *part {
	plain := isQuotedPrintable(text)
	encoding := "quoted-printable"
	if !plain {
		encoding = encodingOf(text)
	}
	return &part{
		fields: []field{
			parameterField("Content-Type", mediaType, "charset=UTF-8"),
			unstructured("Content-Transfer-Encoding", encoding),
		},
		content: func(w io.Writer) error {
			if plain {
				_, err := io.WriteString(w, canonical(text))
				return err
			}
			if encoding == "base64" {
				return writeBase64(w, strings.NewReader(canonical(text)))
			}
			q := quotedprintable.NewWriter(w)
			if _, err := io.WriteString(q, canonical(text)); err != nil {
				return err
			}
			return q.Close()
		},
	}
}

// write writes the part with these fields before its own.
func (p *part) write(w io.Writer, before ...field) error {
	if err := writeHead(w, append(before, p.fields...)); err != nil {
		return err
	}
	if p.content != nil {
		return p.content(w)
	}
	for i, child := range p.parts {
		delimiter := "\r\n--" + p.boundary + "\r\n"
		if i == 0 {
			delimiter = delimiter[2:]
		}
		if _, err := io.WriteString(w, delimiter); err != nil {
			return err
		}
		if err := child.write(w); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(w, "\r\n--%s--\r\n", p.boundary)
	return err
}

// canonical ends every line of a text with CRLF, RFC 2046 section 4.1.1.
func canonical(text string) string {
	if pairs := strings.Count(text, "\r\n"); pairs == strings.Count(text, "\n") && pairs == strings.Count(text, "\r") {
		return text
	}
	return lineEnds.Replace(text)
}

var lineEnds = strings.NewReplacer("\r\n", "\r\n", "\r", "\r\n", "\n", "\r\n")

// isQuotedPrintable reports text that quoted-printable leaves as it is (RFC 2045
// section 6.7): of printable ASCII in short lines that end with no blank.
func isQuotedPrintable(text string) bool {
	line := 0 // where it begins
	for i := range len(text) {
		c := text[i]
		if isPlain[c] {
			continue
		}
		switch {
		case c == '\r' || c == '\n':
			if !isQuotedPrintableLine(text[line:i]) {
				return false
			}
			line = i + 1
		default:
			return false
		}
	}
	return isQuotedPrintableLine(text[line:])
}

// isPlain has the characters that quoted-printable leaves as they are within a line.
var isPlain = func() (plain [256]bool) {
	for c := ' '; c <= '~'; c++ {
		plain[c] = c != '='
	}
	plain['\t'] = true
	return plain
}()

// isQuotedPrintableLine judges the length and the end of a line.
func isQuotedPrintableLine(line string) bool {
	const longest = 75
	return len(line) <= longest && (line == "" || !isSpaceOrTab(line[len(line)-1]))
}

func isSpaceOrTab(c byte) bool { return c == ' ' || c == '\t' }

// encodingOf chooses the shorter of quoted-printable and base64 (RFC 2045
// section 6), leaning to what people can read.
func encodingOf(text string) string {
	escaped := 0
	for i := 0; i < len(text); i++ {
		if text[i] >= utf8.RuneSelf || text[i] < ' ' && !unicode.IsSpace(rune(text[i])) {
			escaped++
		}
	}
	if escaped > len(text)/4 {
		return "base64"
	}
	return "quoted-printable"
}

// base64Line is how many bytes one line of base64 holds, RFC 2045 section 6.8.
const base64Line = 57

// writeBase64 writes everything that r gives, in lines of 76 characters.
func writeBase64(w io.Writer, r io.Reader) error {
	plain := make([]byte, 128*base64Line)
	encoded := make([]byte, 0, 128*(76+2))
	for {
		n, err := readFull(r, plain)
		encoded = encoded[:0]
		for rest := plain[:n]; len(rest) > 0; rest = rest[min(base64Line, len(rest)):] {
			encoded = base64.StdEncoding.AppendEncode(encoded, rest[:min(base64Line, len(rest))])
			encoded = append(encoded, "\r\n"...)
		}
		if _, err := w.Write(encoded); err != nil {
			return err
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// readFull fills the buffer. Unlike io.ReadFull it gives io.EOF at the end alone,
// so that a reader that fails with io.ErrUnexpectedEOF is not taken for a short one.
func readFull(r io.Reader, buffer []byte) (n int, err error) {
	for n < len(buffer) && err == nil {
		var read int
		read, err = r.Read(buffer[n:])
		n += read
	}
	return n, err
}
