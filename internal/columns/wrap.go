package columns

import "strings"

// Narrowest is what a line takes on however narrow a terminal.
const Narrowest = 20

// Wrap breaks a text between words into lines of so many columns; 0 is no
// limit. A longer word has a line of its own.
func Wrap(text string, columns int) []string {
	if columns <= 0 {
		return []string{text}
	}
	columns = max(columns, Narrowest)
	var lines []string
	line := ""
	for i, word := range strings.Split(text, " ") {
		switch {
		case i == 0:
			line = word
		case Width(line)+1+Width(word) > columns:
			lines = append(lines, line)
			line = word
		default:
			line += " " + word
		}
	}
	return append(lines, line)
}
