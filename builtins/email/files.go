package email

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"flowrun/runtime"
	"flowrun/runtime/value"
)

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

// SettingType says what the setting takes.
func (*Embed) SettingType() string { return "map of file ids by name" }

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
		id, _ := asID(fields[name])
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
	if _, ok := asID(v); !ok {
		return &runtime.Failure{Message: name + ": " + describedID(v)}
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

// storedFiles are the ids of all files of the store that go with the mail, each
// once.
func (s *Settings) storedFiles() []int64 {
	ids := slices.Clone([]int64(s.Files))
	for _, embedded := range s.Embed {
		if !slices.Contains(ids, embedded.File) {
			ids = append(ids, embedded.File)
		}
	}
	return ids
}
