package main

import "flowrun/lang"

// quotedLine shows a name in quotes, on one line.
func quotedLine(name string) string { return `"` + lang.VisibleLine(name) + `"` }
