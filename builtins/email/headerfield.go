package email

import (
	"io"
	"strings"
	"sync"
	"unicode/utf8"
)

// preferredLine is how long a line of a header should be at most, RFC 5322
// section 2.1.1.
const preferredLine = 78

// field is one header field, encoded. Each of its words stays on one line; in
// front of each but the first the field may be folded (RFC 5322 section 2.2.3).
type field struct {
	name  string
	text  string   // when there are no words: they are parted by single blanks
	words []string // which may have blanks
}

// unstructured is a field of text.
func unstructured(name, text string) field { return field{name: name, text: headerLine(text)} }

// addressField is a field with a list of mailboxes.
func addressField(name string, list ...Address) field {
	f := field{name: name, words: make([]string, 0, len(list))}
	for i, address := range list {
		f.words = appendMailboxWords(f.words, address)
		if i < len(list)-1 {
			f.words[len(f.words)-1] += ","
		}
	}
	return f
}

// appendMailboxWords appends a mailbox as a header holds it: its name as it is, quoted,
// or in encoded-words (RFC 2047 section 5), which also say it when it looks like one.
func appendMailboxWords(words []string, a Address) []string {
	if a.Name == "" && isDotAtom(a.Local) {
		return append(words, "<"+a.Local+"@"+a.Domain+">")
	}
	if a.Name == "" {
		return append(words, strings.Split("<"+a.Spec()+">", " ")...)
	}
	if isASCII(a.Name) && !strings.Contains(a.Name, "=?") {
		return append(words, strings.Split(a.header().String(), " ")...)
	}
	words = append(words, strings.Split(headerLine(a.Name), " ")...)
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
	return field{name: name, words: words}
}

// appendTo appends the field, folded, with the line break at its end.
func (f field) appendTo(head []byte) []byte {
	begin := len(head)
	head = append(append(head, f.name...), ':')
	line := len(head) - begin
	first := true
	add := func(word string) {
		if !first && line+1+len(word) > preferredLine {
			head = append(head, "\r\n"...)
			line = 0
		}
		head = append(append(head, ' '), word...)
		line += 1 + len(word)
		first = false
	}
	if len(f.words) == 0 {
		for word := range strings.SplitSeq(f.text, " ") {
			add(word)
		}
	}
	for _, word := range f.words {
		add(word)
	}
	return append(head, "\r\n"...)
}

// heads are buffers for the heads of mails and their parts.
var heads = sync.Pool{New: func() any {
	head := make([]byte, 0, 1<<10) // most heads fit into it
	return &head
}}

// writeHead writes fields and the empty line that ends them.
func writeHead(w io.Writer, fields []field) error {
	room := heads.Get().(*[]byte)
	defer heads.Put(room)
	head := (*room)[:0]
	for _, f := range fields {
		head = f.appendTo(head)
	}
	head = append(head, "\r\n"...)
	*room = head
	_, err := w.Write(head)
	return err
}
