package value

import "strings"

// Clone copies the lists and maps in a value, so that whoever gets the copy may
// change it. Structs of the host stay the same ones.
func Clone(v any) any { return Replace(v, nil) }

// Replace is a copy of a value, as Clone makes it, in which something else stands
// in some places: what with gives, when it also gives true. It is asked about the
// value and everything in it, but for what is in something that it replaced.
func Replace(v any, with func(any) (any, bool)) any {
	if with != nil {
		if other, replaced := with(v); replaced {
			return other
		}
	}
	switch v := v.(type) {
	case []any:
		list := make([]any, len(v))
		for i, item := range v {
			list[i] = Replace(item, with)
		}
		return list
	case map[string]any:
		return replaceFields(v, with)
	case *Record:
		return &Record{Fields: replaceFields(v.Fields, with), Text: v.Text}
	}
	return v
}

func replaceFields(fields map[string]any, with func(any) (any, bool)) map[string]any {
	if fields == nil {
		return nil
	}
	m := make(map[string]any, len(fields))
	for key, item := range fields {
		m[key] = Replace(item, with)
	}
	return m
}

// WithoutSecrets is a copy of a value with the text *** in the place of each secret,
// and with texts in the place of templates, so that anybody may print and compare
// it.
func WithoutSecrets(v any) any {
	return Replace(v, func(v any) (any, bool) {
		switch v := v.(type) {
		case *Secret:
			return v.String(), true
		case *Template:
			return v.openText(), true
		}
		return nil, false
	})
}

// openText is the text of a template whose parts have one, or are secrets.
func (t *Template) openText() string {
	var text strings.Builder
	for _, part := range t.Parts {
		if part.Dynamic {
			inner, _ := t.bounds().Text(WithoutSecrets(part.Value)) // checked when the template was made
			text.WriteString(inner)
			continue
		}
		text.WriteString(part.Text)
	}
	return text.String()
}
