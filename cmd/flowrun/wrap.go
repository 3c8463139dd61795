package main

import (
	"fmt"
	"io"
	"strings"

	"flowrun/internal/columns"
	"flowrun/lang"
)

// hanging is how much further than the first line of a text the others are
// indented.
const hanging = 4

// writeWrapped writes a text that is indented, on as many lines as it needs on
// the terminal.
func writeWrapped(w io.Writer, p palette, indent, text string) {
	room := 0
	if p.width > 0 {
		room = max(p.width-len(indent)-hanging, columns.Narrowest)
	}
	for i, line := range columns.Wrap(lang.VisibleLine(text), room) {
		if i == 1 {
			indent += strings.Repeat(" ", hanging)
		}
		fmt.Fprintf(w, "%s%s\n", indent, line)
	}
}

// writeFieldWrapped writes a value behind its label, on as many lines as it needs
// on the terminal.
func writeFieldWrapped(w io.Writer, p palette, label, value string) {
	room := 0
	if p.width > 0 {
		room = max(p.width-labelWidth-columnGap, columns.Narrowest)
	}
	for i, line := range columns.Wrap(lang.VisibleLine(value), room) {
		if i > 0 {
			label = ""
		}
		writeField(w, p, label, line)
	}
}
