package value

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"flowrun/lang"
)

// JSON writes a value compactly with sorted keys (RFC 8259). Records are their
// map, structs their text or a map of their fields, times RFC 3339 with
// fractions, durations `1h30m`. html and secrets are errors.
func JSON(v any) (string, error) { return standard.JSON(v) }

// JSON is the function JSON within the bounds of the budget.
func (b *Budget) JSON(v any) (string, error) {
	w := jsonWriter{budget: b}
	if err := w.value(v, 0); err != nil {
		return "", err
	}
	if err := w.check(0); err != nil {
		return "", err
	}
	return string(w.text), nil
}

type jsonWriter struct {
	budget  *Budget
	text    []byte
	counted int // how much of text the budget was told of
}

// What writing or reading a byte of JSON costs, beside going through one.
const (
	writingEffort = 96
	parsingEffort = 512
)

// check tells the budget of the work done and asks for more bytes.
func (w *jsonWriter) check(more int) error {
	if err := w.budget.CheckText(len(w.text) + more); err != nil {
		return err
	}
	done := len(w.text) - w.counted
	w.counted = len(w.text)
	return w.budget.spend(done * writingEffort)
}

func (w *jsonWriter) value(v any, depth int) error {
	if depth > w.budget.depth() {
		return fmt.Errorf("no JSON: %w", w.budget.tooDeep("the value"))
	}
	switch v := v.(type) {
	case nil:
		w.text = append(w.text, "null"...)
	case bool:
		w.text = strconv.AppendBool(w.text, v)
	case int:
		w.text = strconv.AppendInt(w.text, int64(v), 10)
	case float64:
		w.text = append(w.text, formatFloat(v)...)
	case string:
		return w.string(v)
	case time.Time:
		w.quote(v.Format(time.RFC3339Nano))
	case time.Duration:
		w.quote(FormatDuration(v))
	case []any:
		return w.list(v, depth)
	case map[string]any:
		return w.mapping(v, depth)
	case *Record:
		return w.mapping(v.Fields, depth)
	case HTML, *Secret:
		return fmt.Errorf("%s cannot become JSON", Phrase(v))
	case *Template:
		text, err := v.String()
		if err != nil {
			return err
		}
		return w.string(text)
	default:
		return w.structure(v, depth)
	}
	return nil
}

func (w *jsonWriter) string(s string) error {
	if err := w.check(len(s) + 2); err != nil {
		return err
	}
	w.quote(s)
	return nil
}

func (w *jsonWriter) list(list []any, depth int) error {
	if err := w.check(2 * len(list)); err != nil {
		return err
	}
	w.text = append(w.text, '[')
	for i, item := range list {
		if i > 0 {
			w.text = append(w.text, ',')
		}
		if err := w.value(item, depth+1); err != nil {
			return err
		}
	}
	w.text = append(w.text, ']')
	return nil
}

func (w *jsonWriter) mapping(m map[string]any, depth int) error {
	return w.entries(slices.Sorted(maps.Keys(m)), func(key string) (any, error) { return m[key], nil }, depth)
}

func (w *jsonWriter) structure(v any, depth int) error {
	text, ok, err := structText(v)
	if err != nil {
		return err
	}
	if ok {
		return w.string(text)
	}
	return w.entries(FieldNames(v), func(name string) (any, error) {
		field, _, err := w.budget.Field(v, name)
		return field, err
	}, depth)
}

func (w *jsonWriter) entries(keys []string, get func(string) (any, error), depth int) error {
	if err := w.check(5 * len(keys)); err != nil {
		return err
	}
	w.text = append(w.text, '{')
	for i, key := range keys {
		if i > 0 {
			w.text = append(w.text, ',')
		}
		if err := w.string(key); err != nil {
			return err
		}
		w.text = append(w.text, ':')
		item, err := get(key)
		if err != nil {
			return err
		}
		if err := w.value(item, depth+1); err != nil {
			return err
		}
	}
	w.text = append(w.text, '}')
	return nil
}

func (w *jsonWriter) quote(s string) {
	const hex = "0123456789abcdef"
	w.text = append(w.text, '"')
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == '"' || r == '\\':
			w.text = append(w.text, '\\', byte(r))
		case r == '\n':
			w.text = append(w.text, `\n`...)
		case r == '\r':
			w.text = append(w.text, `\r`...)
		case r == '\t':
			w.text = append(w.text, `\t`...)
		case r < 0x20:
			w.text = append(w.text, '\\', 'u', '0', '0', hex[r>>4], hex[r&15])
		case r == '\u2028' || r == '\u2029':
			w.text = append(w.text, `\u202`...)
			w.text = append(w.text, hex[r&15])
		case r == utf8.RuneError && size == 1:
			w.text = append(w.text, `\ufffd`...)
		default:
			w.text = append(w.text, s[i:i+size]...)
		}
		i += size
	}
	w.text = append(w.text, '"')
}

// SyntaxError is why a text is no JSON.
type SyntaxError struct {
	// Offset is the place in the text, in bytes.
	Offset int
	// Reason says what is wrong there.
	Reason string

	message string
}

func (e *SyntaxError) Error() string { return e.message }

// In gives the error with its place in a file of this content.
func (e *SyntaxError) In(file string, content []byte) string {
	at := lang.NewSource(file, string(content)).Position(e.Offset)
	return fmt.Sprintf("%s:%d:%d: this is not JSON: %s", file, at.Line, at.Column, e.Reason)
}

// ParseJSON reads one JSON text (RFC 8259); a text that is none gives a
// *SyntaxError. Numbers that are written without
// fraction and exponent are ints. Integers beyond 64 bits, numbers beyond a
// float, nesting deeper than DefaultDepth and values larger than DefaultBytes
// are errors.
func ParseJSON(text string) (any, error) { return standard.ParseJSON(text) }

// ParseJSON is the function ParseJSON within the bounds of the budget; beyond
// them it gives a *LimitError.
func (b *Budget) ParseJSON(text string) (any, error) {
	if at := notUTF8(text); at >= 0 {
		reason := fmt.Sprintf("the JSON is not UTF-8 at byte %d", at+1)
		return nil, &SyntaxError{at, reason, reason}
	}
	if err := b.checkJSON(text); err != nil {
		return nil, err
	}
	if err := b.spend(len(text) * parsingEffort); err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var decoded any
	err := decoder.Decode(&decoded)
	if err == nil {
		if _, err = decoder.Token(); err == io.EOF {
			return numbers(decoded)
		}
		offset := int(decoder.InputOffset())
		return nil, &SyntaxError{offset, "text after the end", fmt.Sprintf("the JSON goes on after its end at byte %d", offset)}
	}
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, io.EOF):
		return nil, &SyntaxError{0, "nothing is there", "the JSON is empty"}
	case errors.Is(err, io.ErrUnexpectedEOF):
		return nil, &SyntaxError{len(text), "it ends too early", "the JSON ends too early"}
	case errors.As(err, &syntax):
		return nil, &SyntaxError{
			Offset:  max(0, int(syntax.Offset)-1),
			Reason:  syntax.Error(),
			message: fmt.Sprintf("the JSON has an error at byte %d: %s", syntax.Offset, syntax.Error()),
		}
	}
	return nil, &SyntaxError{0, "it cannot be read", "the text is no JSON"}
}

// notUTF8 gives the offset of the first byte that is no part of UTF-8, or -1.
func notUTF8(text string) int {
	if utf8.ValidString(text) {
		return -1
	}
	for i, r := range text {
		if r == utf8.RuneError {
			if _, size := utf8.DecodeRuneInString(text[i:]); size == 1 {
				return i
			}
		}
	}
	return -1
}

// checkJSON looks at the text without decoding it: how deep it nests, and how
// large what it says would be.
func (b *Budget) checkJSON(text string) error {
	depth, size := 0, 0
	quoted, plain := false, false // inside a string; inside a number or a word
	for i := 0; i < len(text); i++ {
		c := text[i]
		wasPlain := plain
		plain = false
		switch {
		case quoted:
			switch c {
			case '\\':
				i++
				size++
			case '"':
				quoted = false
			default:
				size++
			}
		case c == '"':
			quoted = true
			size += textSize
		case c == '[' || c == '{':
			if depth++; depth > b.depth() {
				return &LimitError{Message: fmt.Sprintf("the JSON is nested more than %d deep", b.depth()), Option: depthOption}
			}
			size += listSize
			if c == '{' {
				size += mapSize - listSize
			}
		case c == ']' || c == '}':
			depth--
		case c == ':':
			size += entrySize - textSize // what stands before it is no value but a key
		case c != ',' && c > ' ':
			plain = true
			if !wasPlain {
				size += PlainSize
			}
		}
		if size > b.bytes() {
			return b.tooLarge("what the JSON says")
		}
	}
	return nil
}

// numbers makes ints and floats of the numbers in decoded JSON, in place.
func numbers(v any) (any, error) {
	var err error
	switch v := v.(type) {
	case json.Number:
		return number(string(v))
	case []any:
		for i, item := range v {
			if v[i], err = numbers(item); err != nil {
				return nil, within("["+strconv.Itoa(i)+"]", err)
			}
		}
	case map[string]any:
		for key, item := range v {
			if v[key], err = numbers(item); err != nil {
				return nil, within(stepText(key), err)
			}
		}
	}
	return v, nil
}
