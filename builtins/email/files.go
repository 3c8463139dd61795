package email

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"flowrun/runtime"
	"flowrun/runtime/value"
)

// Files is a setting that takes ids of the store's files: one, or a list. An id
// that is given twice counts once.
type Files []int64

// DecodeSetting reads an int or a list of ints of a flow.
func (f *Files) DecodeSetting(v any) error {
	if alone, ok := aloneIn(v); ok {
		v = alone
	}
	*f = nil
	list, isList := v.([]any)
	if !isList {
		if v == nil {
			return nil
		}
		list = []any{v}
	}
	for i, element := range list {
		id, err := fileID(element)
		if err != nil {
			if isList {
				err.Message = fmt.Sprintf("element %d: %s", i, err.Message)
			}
			return err
		}
		if !slices.Contains(*f, id) {
			*f = append(*f, id)
		}
	}
	return nil
}

// fileID reads the id of a file.
func fileID(v any) (int64, *runtime.Failure) {
	if alone, ok := aloneIn(v); ok {
		v = alone
	}
	id, ok := v.(int)
	if number, isFloat := v.(float64); isFloat && number == math.Trunc(number) && math.Abs(number) < 1<<53 {
		id, ok = int(number), true
	}
	switch {
	case !ok:
		return 0, &runtime.Failure{
			Message: fmt.Sprintf("%s where the id of a file is wanted", value.Phrase(v)),
			Hint:    "an id is an int; write one, or a list such as [17, 18]",
		}
	case id < 1:
		return 0, &runtime.Failure{Message: fmt.Sprintf("%d is not the id of a file", id), Hint: "ids are counted from 1"}
	}
	return int64(id), nil
}

// Embedded is a file of the store that HTML shows as `cid:` and its name.
type Embedded struct {
	Name string
	File int64
}

// Embed is a setting that takes a map of names to ids of the store's files.
type Embed []Embedded

// The reason why nothing can be embedded in plain text.
const (
	embedInText     = "plain text shows no files"
	embedInTextHint = `add format: "html" or "markdown", or write files: for what is attached`
)

// DecodeSetting reads a map of a flow.
func (e *Embed) DecodeSetting(v any) error {
	if alone, ok := aloneIn(v); ok {
		v = alone
	}
	*e = nil
	if v == nil {
		return nil
	}
	fields, ok := value.AsMap(v)
	if !ok {
		return &runtime.Failure{
			Message: fmt.Sprintf("%s where a map is wanted", value.Phrase(v)),
			Hint:    `write { logo: 17 } for <img src="cid:logo">`,
		}
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if err := e.CheckItem(name, fields[name], true); err != nil {
			return err
		}
		id, _ := fileID(fields[name])
		*e = append(*e, Embedded{Name: name, File: id})
	}
	return nil
}

// CheckItem checks one item, whose id may not be known yet.
func (e *Embed) CheckItem(name string, v any, known bool) error {
	if !isEmbedName(name) {
		return &runtime.Failure{
			Message: fmt.Sprintf("%q cannot name an embedded file", shortened(name)),
			Hint:    "a name is letters, digits, dots, dashes and underscores, at most 64 of them, and begins with a letter or digit",
		}
	}
	if !known {
		return nil
	}
	if _, err := fileID(v); err != nil {
		err.Message = fmt.Sprintf("%s: %s", name, err.Message)
		return err
	}
	return nil
}

// isEmbedName reports names that stand in a Content-ID (RFC 2045 section 7) and in
// a cid: URL (RFC 2392) as they are.
func isEmbedName(name string) bool {
	return name != "" && len(name) <= 64 && !strings.ContainsAny(name[:1], "._-") && !strings.ContainsFunc(name, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '.' && r != '-' && r != '_'
	})
}
