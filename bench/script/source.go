package script

import "strings"

// Source writes a program of so many statements for the parser.
func Source(p Parser, statements int) string {
	var text strings.Builder
	for n := range statements {
		text.WriteString(p.Statement(n))
	}
	return text.String()
}
