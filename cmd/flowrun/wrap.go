package main

import (
	"fmt"
	"io"
	"strings"

	"flowrun/lang"
)

// hanging is how much further than the first line of a text the others are
// indented, narrowestText is what a line takes on however narrow a terminal.
const (
	hanging       = 4
	narrowestText = 20
)

// wrapped breaks a text between words into lines of so many columns; 0 is no
// limit. A longer word has a line of its own.
func wrapped(text string, columns int) []string {
	if columns <= 0 {
		return []string{text}
	}
	columns = max(columns, narrowestText)
	var lines []string
	line := ""
	for i, word := range strings.Split(text, " ") {
		switch {
		case i == 0:
			line = word
		case displayWidth(line)+1+displayWidth(word) > columns:
			lines = append(lines, line)
			line = word
		default:
			line += " " + word
		}
	}
	return append(lines, line)
}

// writeWrapped writes a text that is indented, on as many lines as it needs on
// the terminal.
func writeWrapped(w io.Writer, p palette, indent, text string) {
	columns := 0
	if p.width > 0 {
		columns = max(p.width-len(indent)-hanging, narrowestText)
	}
	for i, line := range wrapped(lang.VisibleLine(text), columns) {
		if i == 1 {
			indent += strings.Repeat(" ", hanging)
		}
		fmt.Fprintf(w, "%s%s\n", indent, line)
	}
}

// writeFieldWrapped writes a value behind its label, on as many lines as it needs
// on the terminal.
func writeFieldWrapped(w io.Writer, p palette, label, value string) {
	columns := 0
	if p.width > 0 {
		columns = max(p.width-labelWidth-columnGap, narrowestText)
	}
	for i, line := range wrapped(lang.VisibleLine(value), columns) {
		if i > 0 {
			label = ""
		}
		writeField(w, p, label, line)
	}
}
