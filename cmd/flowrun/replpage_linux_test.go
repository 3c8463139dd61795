package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"flowrun/repl"
)

// update records the sessions of docs/repl.md anew:
//
//	go test ./cmd/flowrun -run TestSessionsOfThePage -update
var update = flag.Bool("update", false, "record the sessions of docs/repl.md anew")

// TestSessionsOfThePageAreReal types each session of the page at a terminal. What is
// on the screen afterwards must be what the page shows.
func TestSessionsOfThePageAreReal(t *testing.T) {
	const page = "docs/repl.md"
	path := filepath.Join(root, page)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	sessions := 0
	for _, b := range fencedBlocks(t, page) {
		if b.kind != "session" {
			continue
		}
		sessions++
		shown := playSession(t, b)
		switch {
		case shown == b.text:
		case *update:
			text = []byte(strings.Replace(string(text), "```session\n"+b.text, "```session\n"+shown, 1))
		default:
			t.Errorf("%s:%d: the terminal shows\n%s\nand the page\n%s", page, b.line, shown, b.text)
		}
	}
	if sessions == 0 {
		t.Error("the page has no session")
	}
	if *update {
		if err := os.WriteFile(path, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// playSession types the entries of a session, whose first line is the command.
func playSession(t *testing.T, b fencedBlock) string {
	t.Helper()
	first, rest, _ := strings.Cut(b.text, "\n")
	arguments := strings.Fields(strings.TrimPrefix(first, "$ flowrun "))
	s := sitDownBefore(t, 200, []string{"TZ=UTC"}, arguments...)
	entries := typedEntries(rest)
	for i, entry := range entries {
		s.waitsForPrompt(i + 1)
		s.types(strings.ReplaceAll(entry, "\n", enter) + enter)
	}
	s.waitsForPrompt(len(entries) + 1)
	shown := s.shown()
	s.types(ctrlD)
	s.leaves(statusDone)
	return fmt.Sprintf("%s\n%s\n", first, shown[:strings.LastIndexByte(shown, '\n')])
}

var promptPattern = regexp.MustCompile(`(?m)^flow\[\d+\]>`)

// waitsForPrompt waits until the last of so many prompts can take an entry.
func (s *typist) waitsForPrompt(count int) {
	s.t.Helper()
	s.waits(fmt.Sprintf("shows %d prompts", count), func(shown string) bool {
		prompts := promptPattern.FindAllStringIndex(shown, -1)
		return len(prompts) == count && prompts[count-1][1] == len(shown)
	})
}

// typedEntries are the entries of a session: what stands behind a prompt, and the
// lines below it that complete it.
func typedEntries(session string) []string {
	var entries []string
	open, indent := false, ""
	for line := range strings.Lines(session) {
		line = strings.TrimSuffix(line, "\n")
		prompt, text, found := strings.Cut(line, "]> ")
		switch {
		case open:
			entries[len(entries)-1] += "\n" + strings.TrimPrefix(line, indent)
		case found && strings.HasPrefix(prompt, "flow["):
			entries = append(entries, text)
			indent = strings.Repeat(" ", len(prompt+"]> "))
		default:
			continue
		}
		open = !repl.Complete(entries[len(entries)-1])
	}
	return entries
}
