package lang

// IsName reports whether a text is one word: letters, digits and `_`, the first
// no digit. Keywords are words too; see IsKeyword.
func IsName(text string) bool { return text != "" && nameEnd(text, 0) == len(text) }
