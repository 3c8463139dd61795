// Package told makes texts of a run fit for logs and traces.
package told

import (
	"fmt"
	"strings"

	"flowrun/lang"
)

// Most is how many bytes of a text are told.
const Most = 2000

// Line gives a text on one line, control characters made visible. One of more than
// Most bytes is cut, and says how many more there were.
func Line(text string) string {
	rest := ""
	if more := len(text) - Most; more > 0 {
		text, rest = strings.ToValidUTF8(text[:Most], ""), fmt.Sprintf("… (%d more bytes)", more)
	}
	return lang.VisibleLine(text) + rest
}
