package email

import (
	"maps"
	"mime"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// mediaType is a media type with its parameters, RFC 2045 section 5.1.
type mediaType struct {
	name       string // lower case, such as "application/pdf"
	parameters []string
}

// anyBytes is the type of content of which nothing is known.
var anyBytes = mediaType{name: "application/octet-stream"}

// parseMediaType reads a media type, and says what is wrong with one that no part
// of a mail may have.
func parseMediaType(text string) (mediaType, string) {
	const wanted = `it is not a media type, such as "application/pdf" or "text/csv; header=present"`
	name, parameters, err := mime.ParseMediaType(text)
	family, _, found := strings.Cut(name, "/")
	if err != nil || !found || len(text) > 255 || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' }) {
		return mediaType{}, wanted
	}
	if family == "multipart" || family == "message" {
		return mediaType{}, "a part of this type cannot be attached; write application/octet-stream"
	}
	t := mediaType{name: name}
	for _, key := range slices.Sorted(maps.Keys(parameters)) {
		parameter := quotedParameter(key, parameters[key])
		switch {
		case len(parameter) > longestParameter || !isPlainHeaderText(parameters[key]):
			return mediaType{}, wanted
		case key != "name":
			t.parameters = append(t.parameters, parameter)
		}
	}
	return t, ""
}

// charset is the character set that the type tells of, in lower case, or "".
func (t mediaType) charset() string {
	for _, parameter := range t.parameters {
		if quoted, ok := strings.CutPrefix(parameter, "charset="); ok {
			return strings.ToLower(strings.Trim(quoted, `"`))
		}
	}
	return ""
}

// isText reports text without a character set of its own.
func (t mediaType) isText() bool {
	return strings.HasPrefix(t.name, "text/") && t.charset() == ""
}

// typesByEnding are the types of what flows are likely to attach. The system's
// table is not asked: a flow makes the same mail everywhere.
var typesByEnding = map[string]string{
	".csv": "text/csv", ".htm": "text/html", ".html": "text/html", ".ics": "text/calendar", ".md": "text/markdown",
	".txt": "text/plain", ".log": "text/plain", ".vcf": "text/vcard", ".css": "text/css", ".js": "text/javascript",
	".tsv": "text/tab-separated-values", ".xml": "application/xml", ".json": "application/json", ".pdf": "application/pdf",
	".rtf": "application/rtf", ".sql": "application/sql", ".svg": "image/svg+xml", ".yaml": "application/yaml", ".yml": "application/yaml",
}

// typeOf guesses the type of text by its name, else by what it holds.
func typeOf(name, content string, isHTML bool) mediaType {
	if known := typesByEnding[strings.ToLower(path.Ext(name))]; known != "" {
		return mediaType{name: known}
	}
	if isHTML {
		return mediaType{name: "text/html"}
	}
	for _, r := range content {
		if r == utf8.RuneError || unicode.IsControl(r) && !unicode.IsSpace(r) {
			return anyBytes
		}
	}
	return mediaType{name: "text/plain"}
}
