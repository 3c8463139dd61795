package email

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"flowrun/lang"
	"flowrun/runtime"
	"flowrun/runtime/value"
)

// Attached is content that a flow makes and attaches.
type Attached struct {
	Name    string
	Content string

	mediaType mediaType
}

// Attach is a setting that takes a list of maps with name, content and type; one
// map alone is a list of one. The type comes from the name's ending when it is not
// given.
type Attach []Attached

// attachKeys are what an item of the list holds.
var attachKeys = []string{"content", "name", "type"}

// SettingType says what the setting takes.
func (*Attach) SettingType() string { return "list of maps with name, content and type" }

// DecodeSetting reads a list of a flow; its errors name the item at fault.
func (a *Attach) DecodeSetting(v any) error {
	if alone, ok := aloneIn(v); ok {
		v = alone
	}
	*a = nil
	if v == nil {
		return nil
	}
	list, isList := v.([]any)
	if !isList {
		list = []any{v}
	}
	for i, element := range list {
		attached, err := a.item(element)
		if err != nil {
			failure := asFailure(err)
			if isList {
				failure.Message = fmt.Sprintf("element %d: %s", i, failure.Message)
			}
			return failure
		}
		*a = append(*a, attached)
	}
	return nil
}

func (a *Attach) item(v any) (Attached, error) {
	if alone, ok := aloneIn(v); ok {
		v = alone
	}
	fields, ok := value.AsMap(v)
	if !ok {
		return Attached{}, &runtime.Failure{
			Message: fmt.Sprintf("%s where a map with name and content is wanted", value.Phrase(v)),
			Hint:    `write [{ name: "report.csv", content: "…" }]; files of the store belong in files:`,
		}
	}
	for _, key := range slices.Sorted(maps.Keys(fields)) {
		if err := a.CheckItem(key, fields[key], true); err != nil {
			return Attached{}, err
		}
	}
	for _, key := range []string{"name", "content"} {
		if fields[key] == nil {
			return Attached{}, &runtime.Failure{Message: fmt.Sprintf("it lacks the key %q", key)}
		}
	}
	name, _ := attachText(fields["name"])
	content, isHTML, _ := attachContent(fields["content"])
	attached := Attached{Name: strings.TrimSpace(name), Content: content, mediaType: typeOf(name, content, isHTML)}
	if given := fields["type"]; given != nil {
		text, _ := attachText(given)
		attached.mediaType, _ = parseMediaType(text)
	}
	if attached.mediaType.isText() {
		attached.mediaType.parameters = append(attached.mediaType.parameters, "charset=utf-8")
	}
	return attached, nil
}

// CheckItem checks one item of a map of the list, which may not be known yet.
func (a *Attach) CheckItem(key string, v any, known bool) error {
	switch {
	case !slices.Contains(attachKeys, key):
		hint := ""
		if near := lang.Suggest(key, attachKeys); near != "" {
			hint = fmt.Sprintf("did you mean %q?", near)
		}
		return &runtime.Failure{Message: fmt.Sprintf("it has no key %q, only name, content and type", shortened(key)), Hint: hint}
	case !known || v == nil:
		return nil
	case key == "content":
		_, _, err := attachContent(v)
		return err
	}
	text, err := attachText(v)
	if err != nil {
		return withMessage(err, key)
	}
	fault := checkFileName(text)
	if key == "type" {
		fault = checkAttachType(text)
	}
	if fault != "" {
		return &runtime.Failure{Message: fmt.Sprintf("%s %q: %s", key, shortened(text), fault)}
	}
	return nil
}

// checkAttachType says what is wrong with the type of content that a flow makes,
// which is UTF-8, or "".
func checkAttachType(text string) string {
	t, fault := parseMediaType(text)
	if charset := t.charset(); charset != "" && charset != "utf-8" {
		return "the content is UTF-8, whatever the type says; leave charset out"
	}
	return fault
}

// attachText is the text of a name or type.
func attachText(v any) (string, error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case *value.Template:
		if alone, ok := v.Alone(); ok {
			return attachText(alone)
		}
		return v.String()
	}
	return "", &runtime.Failure{Message: fmt.Sprintf("%s where a text is wanted", value.Phrase(v))}
}

// attachContent is the content as text, and whether it is html.
func attachContent(v any) (text string, isHTML bool, err error) {
	if alone, ok := aloneIn(v); ok {
		v = alone
	}
	switch v := v.(type) {
	case *value.Template:
		text, err = v.String()
	case value.HTML:
		return v.Markup(), true, nil
	default:
		switch value.KindOf(v) {
		case "list", "map", "struct", "range", "nil":
			return "", false, &runtime.Failure{
				Message: fmt.Sprintf("content: %s where a text is wanted", value.Phrase(v)),
				Hint:    "toJSON(x) makes a text of a list or map",
			}
		}
		text, err = value.Text(v)
	}
	if err == nil && !utf8.ValidString(text) {
		err = errors.New("it is not valid UTF-8")
	}
	return text, false, withMessage(err, "content")
}

// withMessage puts the key at fault before an error's message.
func withMessage(err error, key string) error {
	if err == nil {
		return nil
	}
	failure := *asFailure(err)
	failure.Message = key + ": " + failure.Message
	return &failure
}
