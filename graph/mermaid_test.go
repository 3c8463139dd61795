package graph_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"flowrun/graph"
)

// The lines that the writer may write, and nothing else. Quoted texts hold letters,
// digits, harmless marks and characters by number.
var (
	mermaidQuoted  = `"((?:<br/>|</?b>|#\d+;|[A-Za-z0-9 .,:=/?!()+]|[^\x00-\x7f])*)"`
	mermaidHead    = regexp.MustCompile(`^---\ntitle: "(?:[^"\\\n]|\\["\\])*"\n---\nflowchart TD\n`)
	mermaidBlock   = regexp.MustCompile(`^ +(b\d+)(?:\(\[` + mermaidQuoted + `\]\)|\{\{` + mermaidQuoted + `\}\}|\[` + mermaidQuoted + `\])$`)
	mermaidBranch  = regexp.MustCompile(`^ +b\d+ (?:-->|-\.->)(?:\|` + mermaidQuoted + `\|)? b\d+$`)
	mermaidSection = regexp.MustCompile(`^  (?:subgraph f\d+ \[` + mermaidQuoted + `\]|end)$`)
	mermaidClass   = regexp.MustCompile(`^  class(?:Def [a-z]+Block [a-z:#0-9,]+| b[b0-9,]+ [a-z]+Block)$`)
	mermaidNumber  = regexp.MustCompile(`#(\d+);`)
)

// mermaidPlain is what Mermaid shows of a quoted text.
func mermaidPlain(quoted string) string {
	return mermaidNumber.ReplaceAllStringFunc(quoted, func(number string) string {
		n, _ := strconv.Atoi(number[1 : len(number)-1])
		return string(rune(n))
	})
}

// readMermaid reads what the writer writes, by the lines above.
func readMermaid(t *testing.T, text string) (nodes map[string][]string, edges []string) {
	t.Helper()
	head := mermaidHead.FindString(text)
	if head == "" {
		t.Fatalf("the head is wrong:\n%s", text)
	}
	nodes = map[string][]string{}
	for line := range strings.Lines(strings.TrimPrefix(text, head)) {
		line = strings.TrimSuffix(line, "\n")
		if block := mermaidBlock.FindStringSubmatch(line); block != nil {
			texts := []string{}
			for part := range strings.SplitSeq(block[2]+block[3]+block[4], "<br/>") {
				texts = append(texts, mermaidPlain(strings.TrimSuffix(strings.TrimPrefix(part, "<b>"), "</b>")))
			}
			nodes[block[1]] = texts
		} else if branch := mermaidBranch.FindStringSubmatch(line); branch != nil {
			if branch[1] != "" {
				edges = append(edges, mermaidPlain(branch[1]))
			}
		} else if !mermaidSection.MatchString(line) && !mermaidClass.MatchString(line) {
			t.Fatalf("no line of Mermaid's: %s", line)
		}
	}
	slices.Sort(edges)
	return nodes, edges
}

func mermaidOf(t *testing.T, g *graph.Graph) string {
	return written(t, func(out *bytes.Buffer) error { return g.WriteMermaid(out) })
}

func TestMermaidHasTheTextsOfAFlowAsTheyAre(t *testing.T) {
	for i, text := range hostile {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			g := hostileFlow(t, text)
			nodes, edges := readMermaid(t, mermaidOf(t, g))
			wantNodes, wantEdges := wantTexts(g)
			if !reflect.DeepEqual(nodes, wantNodes) || !slices.Equal(edges, wantEdges) {
				t.Errorf("Mermaid has %q and %q, want %q and %q", nodes, edges, wantNodes, wantEdges)
			}
		})
	}
}

func TestMermaidOfTheExamplesHasEveryBlock(t *testing.T) {
	for _, file := range examples(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			g := parsed(t, file)
			nodes, edges := readMermaid(t, mermaidOf(t, g))
			want, wantEdges := wantTexts(g)
			if len(nodes) != len(want) || !slices.Equal(edges, wantEdges) {
				t.Errorf("Mermaid has %d blocks and the labels %q, want %d and %q", len(nodes), edges, len(want), wantEdges)
			}
		})
	}
}
