package email

import (
	"io"
	"strings"
	"unicode/utf8"
)

// preferredLine is how long a line of a header should be at most, RFC 5322
// section 2.1.1.
const preferredLine = 78

// field is one header field, encoded. Each of its words stays on one line; in
// front of each but the first the field may be folded (RFC 5322 section 2.2.3).
type field struct {
	name  string
	words []string
}

// unstructured is a field of text.
func unstructured(name, text string) field {
	return field{name, strings.Split(headerLine(text), " ")}
}

// addressField is a field with a list of mailboxes.
func addressField(name string, list ...Address) field {
	f := field{name: name}
	for i, address := range list {
		words := mailboxWords(address)
		if i < len(list)-1 {
			words[len(words)-1] += ","
		}
		f.words = append(f.words, words...)
	}
	return f
}

// mailboxWords is a mailbox as a header holds it: its name as it is, quoted, or
// in encoded-words (RFC 2047 section 5), which also say it when it looks like one.
func mailboxWords(a Address) []string {
	if a.Name == "" {
		return strings.Split("<"+a.Spec()+">", " ")
	}
	if isASCII(a.Name) && !strings.Contains(a.Name, "=?") {
		return strings.Split(a.header().String(), " ")
	}
	words := strings.Split(headerLine(a.Name), " ")
	a.Name = ""
	return append(words, a.header().String())
}

func isASCII(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r >= utf8.RuneSelf })
}

// identifierField is a field with message ids, given without brackets.
func identifierField(name string, ids ...string) field {
	f := field{name: name}
	for _, id := range ids {
		f.words = append(f.words, "<"+id+">")
	}
	return f
}

// parameterField is a field with parameters, RFC 2045 section 5.1.
func parameterField(name, first string, parameters ...string) field {
	words := append([]string{first}, parameters...)
	for i := range words[:len(words)-1] {
		words[i] += ";"
	}
	return field{name, words}
}

// appendTo appends the field, folded, with the line break at its end.
func (f field) appendTo(head []byte) []byte {
	begin := len(head)
	head = append(append(head, f.name...), ':')
	line := len(head) - begin
	for i, word := range f.words {
		if i > 0 && line+1+len(word) > preferredLine {
			head = append(head, "\r\n"...)
			line = 0
		}
		head = append(append(head, ' '), word...)
		line += 1 + len(word)
	}
	return append(head, "\r\n"...)
}

// writeHead writes fields and the empty line that ends them.
func writeHead(w io.Writer, fields []field) error {
	head := make([]byte, 0, 1<<10) // most heads fit into it
	for _, f := range fields {
		head = f.appendTo(head)
	}
	_, err := w.Write(append(head, "\r\n"...))
	return err
}
