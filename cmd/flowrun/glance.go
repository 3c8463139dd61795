package main

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"flowrun/lang"
	"flowrun/runtime/value"
)

const (
	glanceText  = 60 // characters of a text that glance shows
	glanceItems = 6  // items of a list or a map
)

// glance shows a value on one line, as the language would write it, cut to what
// can be taken in. Secrets are ***.
func glance(v any) string {
	switch v := v.(type) {
	case nil:
		return "nil"
	case string:
		return quoted(v)
	case value.HTML:
		return "html(" + quoted(v.Markup()) + ")"
	case *value.Secret:
		return v.String()
	case *value.Template:
		return glanceTemplate(v)
	case *value.Record:
		if v.Text != "" {
			return shortened(v.Text)
		}
		return glanceMap(v.Fields)
	case []any:
		return glanceList(v)
	case map[string]any:
		return glanceMap(v)
	}
	text, err := value.Text(v)
	if err != nil {
		return value.Phrase(v)
	}
	return shortened(text)
}

// glanceTemplate shows a template as the text that it makes.
func glanceTemplate(t *value.Template) string {
	if alone, ok := t.Alone(); ok {
		return glance(alone)
	}
	var text strings.Builder
	for _, part := range t.Parts {
		switch piece, err := value.Text(part.Value); {
		case !part.Dynamic:
			text.WriteString(part.Text)
		case err == nil:
			text.WriteString(piece)
		default:
			text.WriteString(glance(part.Value))
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
		items = append(items, glance(item))
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
		entries = append(entries, key+": "+glance(fields[key]))
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

// quotedLine shows a name in quotes, on one line.
func quotedLine(name string) string { return `"` + lang.VisibleLine(name) + `"` }
