package main

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var updateGraph = flag.Bool("update-graph", false, "write the picture and the Mermaid block of docs/graph.md anew")

const (
	graphBegin = "<!-- The block is written by: go test ./cmd/flowrun -run TestGraphPage -update-graph -->\n"
	graphEnd   = "<!-- end of the block -->\n"
)

// TestGraphPageShowsWhatTheCommandDraws holds the picture beside docs/graph.md and
// its Mermaid block to the command.
func TestGraphPageShowsWhatTheCommandDraws(t *testing.T) {
	page := filepath.Join(root, "docs", "graph.md")
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(text), graphBegin)
	_, after, ended := strings.Cut(rest, graphEnd)
	if !found || !ended {
		t.Fatal("docs/graph.md lacks the comments around the block")
	}
	mermaid, _ := runExample(t, "graph", filepath.Join(root, "examples", "greylisting.flow"))
	svg, _ := runExample(t, "graph", "--format", "svg", filepath.Join(root, "examples", "order-shipped.flow"))
	for file, want := range map[string]string{
		page: before + graphBegin + "```mermaid\n" + mermaid + "```\n" + graphEnd + after,
		filepath.Join(root, "docs", "order-shipped.svg"): svg,
	} {
		got, err := os.ReadFile(file)
		if err != nil && !*updateGraph {
			t.Fatal(err)
		}
		if string(got) == want {
			continue
		}
		if !*updateGraph {
			t.Errorf("%s is not what the command draws: run go test ./cmd/flowrun -run TestGraphPage -update-graph", file)
			continue
		}
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
