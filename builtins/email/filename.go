package email

import (
	"fmt"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxFileName bounds the name of an attached file in characters, and
// maxPlainFileName that of its ASCII stand-in.
const (
	maxFileName      = 255
	maxPlainFileName = 50
)

// checkFileName says what is wrong with the name that a flow gives a file, or "".
// A name that leads into a folder, that has control characters, or characters
// that reorder the text around them and so can hide its ending, is refused; marks
// of direction, which Arabic and Hebrew names need, are not. Mail readers decode
// names more often than they should, so that no name may look encoded.
func checkFileName(name string) string {
	switch {
	case strings.TrimSpace(name) == "":
		return "the name is empty"
	case !utf8.ValidString(name):
		return "the name is not valid UTF-8"
	case utf8.RuneCountInString(name) > maxFileName:
		return fmt.Sprintf("the name is %d characters long, at most %d are allowed", utf8.RuneCountInString(name), maxFileName)
	case strings.ContainsAny(name, `/\`):
		return "a name has no folders, and so no / and \\"
	case strings.Contains(name, "=?"):
		return "=? is not allowed in a name, since mail readers take it for an encoded word"
	case strings.Trim(name, ". ") == "":
		return "it is not the name of a file"
	}
	for _, r := range name {
		if isUnfitForFileName(r) {
			return fmt.Sprintf("the character %U is not allowed in the name of a file", r)
		}
	}
	return ""
}

func isUnfitForFileName(r rune) bool {
	return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || isReordering(r)
}

// cleanFileName makes a name that checkFileName passes of one that the store
// keeps: what stands before the last folder and the characters that are not
// allowed are left out. A name of which nothing remains becomes the other one.
func cleanFileName(name, otherwise string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		if isUnfitForFileName(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, "\uFFFD"))
	name = strings.TrimSpace(strings.ReplaceAll(name, "=?", "_?"))
	if characters := []rune(name); len(characters) > maxFileName {
		ending := []rune(path.Ext(name))
		if len(ending) > maxFileName/2 {
			ending = nil
		}
		name = string(characters[:maxFileName-len(ending)]) + string(ending)
	}
	if checkFileName(name) != "" {
		return otherwise
	}
	return name
}

// plainFileName stands in for a name where only short ASCII may stand: each run of
// other characters is one `_`.
func plainFileName(name string) string {
	ending := plain(path.Ext(name))
	stem := plain(strings.TrimSuffix(name, path.Ext(name)))
	if strings.Trim(stem, "_ ") == "" {
		stem = "attachment"
	}
	ending = ending[:min(len(ending), 10)]
	return strings.TrimSpace(stem[:min(len(stem), maxPlainFileName-len(ending))]) + ending
}

func plain(text string) string {
	var b strings.Builder
	for _, r := range strings.Join(strings.Fields(text), " ") {
		switch {
		case r >= ' ' && r <= '~' && r != '"' && r != '\\':
			b.WriteRune(r)
		case !strings.HasSuffix(b.String(), "_"):
			b.WriteByte('_')
		}
	}
	return b.String()
}
