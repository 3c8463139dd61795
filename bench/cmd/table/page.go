package main

import (
	"fmt"
	"strings"
)

// The lines between which a page has the tables.
const (
	begin = "<!-- The tables below are written by: go run ./cmd/table -->\n"
	end   = "<!-- The tables end here. -->\n"
)

// written is the page with other tables.
func written(page, tables string) (string, error) {
	before, rest, found := strings.Cut(page, begin)
	_, after, ended := strings.Cut(rest, end)
	if !found || !ended {
		return "", fmt.Errorf("the page lacks the lines %q and %q, between which the tables go", begin, end)
	}
	return before + begin + tables + end + after, nil
}
