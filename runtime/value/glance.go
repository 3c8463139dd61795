package value

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

const (
	glanceText  = 60 // characters of a text that Glance shows
	glanceItems = 6  // items of a list or a map
)

// Glance shows a value on one line, as the language would write it, cut to what
// can be taken in, for traces and logs. Secrets are ***; control characters stay as
// they are.
func Glance(v any) string {
	switch v := v.(type) {
	case nil:
		return "nil"
	case string:
		return quoted(v)
	case HTML:
		return "html(" + quoted(v.Markup()) + ")"
	case *Secret:
		return v.String()
	case *Template:
		return glanceTemplate(v)
	case *Record:
		if v.Text != "" {
			return shortened(v.Text)
		}
		return glanceMap(v.Fields)
	case []any:
		return glanceList(v)
	case map[string]any:
		return glanceMap(v)
	}
	text, err := Text(v)
	if err != nil {
		return Phrase(v)
	}
	return shortened(text)
}

// glanceTemplate shows a template as the text that it makes.
func glanceTemplate(t *Template) string {
	if alone, ok := t.Alone(); ok {
		return Glance(alone)
	}
	var text strings.Builder
	for _, part := range t.Parts {
		switch piece, err := Text(part.Value); {
		case !part.Dynamic:
			text.WriteString(part.Text)
		case err == nil:
			text.WriteString(piece)
		default:
			text.WriteString(Glance(part.Value))
		}
	}
	return quoted(text.String())
}

func glanceList(list []any) string {
	var items []string
	for i, item := range list {
		if i == glanceItems {
			items = append(items, "… "+strconv.Itoa(len(list)-i)+" more")
			break
		}
		items = append(items, Glance(item))
	}
	return "[" + strings.Join(items, ", ") + "]"
}

func glanceMap(fields map[string]any) string {
	var entries []string
	for i, key := range slices.Sorted(maps.Keys(fields)) {
		if i == glanceItems {
			entries = append(entries, "… "+strconv.Itoa(len(fields)-i)+" more")
			break
		}
		entries = append(entries, key+": "+Glance(fields[key]))
	}
	if len(entries) == 0 {
		return "{}"
	}
	return "{ " + strings.Join(entries, ", ") + " }"
}

func quoted(text string) string {
	return `"` + shortened(text) + `"`
}

func shortened(text string) string {
	characters := []rune(text)
	if len(characters) <= glanceText {
		return text
	}
	return string(characters[:glanceText-1]) + "…"
}
