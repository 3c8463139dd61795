package value

import (
	"cmp"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"time"
)

// Text is what interpolation prints: strings as they are, ints in decimal,
// floats shortest and without exponent below 1e21, times in RFC 3339 to the
// second, durations as `1h30m`, lists and maps as JSON, records and structs that
// have a text of their own as that. nil, html and secrets have no text here:
// these are errors.
func Text(v any) (string, error) { return standard.Text(v) }

// Text is the function Text within the bounds of the budget.
func (b *Budget) Text(v any) (string, error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case int:
		return strconv.Itoa(v), nil
	case float64:
		return formatFloat(v), nil
	case bool:
		return strconv.FormatBool(v), nil
	case time.Time:
		return v.Format(time.RFC3339), nil
	case time.Duration:
		return FormatDuration(v), nil
	case *Record:
		if v.Text != "" {
			return v.Text, nil
		}
		return b.JSON(v)
	case []any, map[string]any:
		return b.JSON(v)
	case *Template:
		return v.String()
	case nil:
		return "", fmt.Errorf("nil has no text")
	case HTML:
		return "", fmt.Errorf("html cannot become plain text")
	case *Secret:
		return "", fmt.Errorf("a secret cannot become plain text")
	}
	if text, ok, err := structText(v); err != nil || ok {
		return text, cmp.Or(err, b.CheckText(len(text)))
	}
	return b.JSON(v)
}

// structText is the text that a host's struct gives itself.
func structText(v any) (text string, ok bool, err error) {
	if s, ok := v.(*Struct); ok {
		return s.text, s.hasText, nil
	}
	if v == nil || !isStruct(reflect.TypeOf(v)) {
		return "", false, nil
	}
	return ownText(v)
}

// ownText is the text of a Go value with a method for it. A method that panics is
// an error.
func ownText(v any) (text string, ok bool, err error) {
	defer func() {
		if reason := recover(); reason != nil {
			err = &misfit{problem: "the method of the host that makes its text broke down", broken: Panicked(reason)}
		}
	}()
	switch v := v.(type) {
	case fmt.Stringer:
		return v.String(), true, nil
	case error:
		return v.Error(), true, nil
	}
	return "", false, nil
}

func formatFloat(f float64) string {
	switch {
	case f == 0:
		return "0"
	case math.Abs(f) < 1e21:
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	return strconv.FormatFloat(f, 'e', -1, 64)
}

// String is the template as plain text. A part that has no text is a *PartError
// that shows the expression.
func (t *Template) String() (string, error) {
	b := t.bounds()
	if len(t.Parts) == 1 && !t.Parts[0].Dynamic {
		return t.Parts[0].Text, nil
	}
	var text []byte
	for i, part := range t.Parts {
		piece := part.Text
		if part.Dynamic {
			var err error
			if piece, err = part.plain(b); err != nil {
				return "", &PartError{Part: i, Err: err}
			}
		}
		if err := b.CheckText(len(text) + len(piece)); err != nil {
			return "", err
		}
		if len(t.Parts) == 1 {
			return piece, nil
		}
		text = append(text, piece...)
	}
	return string(text), nil
}

func (p Part) plain(b *Budget) (string, error) {
	text, err := b.Text(p.Value)
	if err != nil && p.Source != "" {
		return "", fmt.Errorf("${%s}: %w", p.Source, err)
	}
	return text, err
}

// Plain makes strings of the templates in a value, at any depth.
func Plain(v any) (any, error) { return plain(v, 0) }

func plain(v any, depth int) (any, error) {
	if depth > DefaultDepth {
		return nil, standard.tooDeep("the value")
	}
	switch v := v.(type) {
	case *Template:
		if v.Form == Bare {
			return v.Parts[0].Value, nil
		}
		return v.String()
	case []any:
		return plainList(v, depth)
	case map[string]any:
		return plainMap(v, depth)
	}
	return v, nil
}

func plainList(list []any, depth int) (any, error) {
	changed := list
	for i, item := range list {
		made, err := plain(item, depth+1)
		if err != nil {
			return nil, err
		}
		if replaced(item, made) {
			if &changed[0] == &list[0] {
				changed = append([]any(nil), list...)
			}
			changed[i] = made
		}
	}
	return changed, nil
}

func plainMap(m map[string]any, depth int) (any, error) {
	made := make(map[string]any, len(m))
	for key, item := range m {
		var err error
		if made[key], err = plain(item, depth+1); err != nil {
			return nil, err
		}
	}
	return made, nil
}

// replaced reports whether plain gave something else than it got.
func replaced(before, after any) bool {
	switch before := before.(type) {
	case *Template, map[string]any:
		return true
	case []any:
		made := after.([]any)
		return len(before) > 0 && &before[0] != &made[0]
	}
	return false
}
