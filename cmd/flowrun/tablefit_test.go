package main

import (
	"strings"
	"testing"

	"flowrun/builtins/email"
	"flowrun/internal/columns"
)

func TestTableTooWideForItsTerminalKeepsDatesStatesAndPorts(t *testing.T) {
	wide := table{titles: []string{"ID", "STATE", "DATE", "FROM", "SERVER"}}
	wide.add("1", "in doubt", "2026-11-23 09:00:00", "Ann Lee <ann@example.com>", "smtp.shop.example:587")
	var shown strings.Builder
	wide.show(&shown, palette{width: 75})
	if got := strings.Split(shown.String(), "\n")[1]; got != "1   in doubt  2026-11-23 09:00:00  Ann Lee <ann@exa…  smtp.shop.example:587" {
		t.Errorf("got %q", got)
	}
	shown.Reset()
	wide.show(&shown, palette{width: 60})
	if got := strings.Split(shown.String(), "\n")[1]; columns.Width(got) > 60 || !strings.Contains(got, "2026-11-23") || !strings.Contains(got, "Ann Lee…") {
		t.Errorf("got %q", got)
	}
}

func TestFileLineFitsItsTerminal(t *testing.T) {
	file := email.File{ID: 7, Name: strings.Repeat("n", 204), Type: "text/plain", Size: 1}
	if got := fileLine(file, 0); !strings.Contains(got, file.Name) {
		t.Errorf("without a terminal the name is cut: %s", got)
	}
	got := fileLine(file, 80)
	if width := labelWidth + columnGap + columns.Width(got); width > 80 || !strings.HasSuffix(got, "…, text/plain, 1 byte") {
		t.Errorf("%d columns: %s", width, got)
	}
}
