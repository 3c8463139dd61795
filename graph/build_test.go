package graph_test

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"flowrun/graph"
)

// branchesOf tells the branches of a graph, a section after the other, each as
// `from -label-> to`, where blocks are named by their titles and first lines.
func branchesOf(g *graph.Graph) []string {
	name := func(b *graph.Block) string {
		parts := slices.DeleteFunc(append([]string{b.Title}, b.Lines...), func(s string) bool { return s == "" })
		return strings.Join(parts[:min(2, len(parts))], " ")
	}
	arrows := map[graph.BranchKind]string{graph.Next: "->", graph.Back: "-back->", graph.OnFailure: "-failure->", graph.Leap: "-leap->"}
	var all []string
	for _, section := range g.Sections {
		for _, b := range section.Branches {
			label := ""
			if b.Label != "" {
				label = " [" + b.Label + "]"
			}
			all = append(all, fmt.Sprintf("%s%s %s %s", name(b.From), label, arrows[b.Kind], name(b.To)))
		}
	}
	slices.Sort(all)
	return all
}

func TestEachStatementLeadsWhereTheRunGoes(t *testing.T) {
	for name, test := range map[string]struct {
		flow string
		want []string
	}{
		"nothing":         {"", []string{"start -> end"}},
		"assignments":     {"a = 1\nb = 2", []string{"a = 1 b = 2 -> end", "start -> a = 1 b = 2"}},
		"stop and return": {"if (1 > 0) { stop }\nreturn 7", []string{"if (1 > 0) [no] -> return 7", "if (1 > 0) [yes] -> stop", "start -> if (1 > 0)"}},
		"if and else": {"if true { a = 1 } else if false { b = 2 } else { c = 3 }", []string{
			"a = 1 -> end", "b = 2 -> end", "c = 3 -> end", "if false [no] -> c = 3", "if false [yes] -> b = 2",
			"if true [no] -> if false", "if true [yes] -> a = 1", "start -> if true",
		}},
		"an empty branch": {"if true { }", []string{"if true [no] -> end", "if true [yes] -> end", "start -> if true"}},
		"switch": {"x = 1\nswitch x { case 1, 2 { a = 1 } case 3 { } }", []string{
			"a = 1 -> end", "start -> x = 1", "switch x [1, 2] -> a = 1", "switch x [3] -> end", "switch x [otherwise] -> end", "x = 1 -> switch x",
		}},
		"loops": {"for x in 1..2 {\nif x > 1 { break }\nif x > 0 { continue }\nlog < message: x >\n}", []string{
			"for x in 1..2 [done] -> end", "for x in 1..2 [each] -> if x > 1", "if x > 0 [no] -> log message: x", "if x > 0 [yes, continue] -back-> for x in 1..2",
			"if x > 1 [no] -> if x > 0", "if x > 1 [yes, break] -leap-> end", "log message: x -back-> for x in 1..2", "start -> for x in 1..2",
		}},
		"a loop that does nothing": {"while true { }", []string{"start -> while true", "while true [no] -> end", "while true [yes] -back-> while true"}},
		"failover and catch": {`log < message: 1, limit: 2 > failover { a = 1 } catch e { fail < cause: e > }`, []string{
			"a = 1 -> end", "log message: 1 -> end", "log message: 1 [catch e] -failure-> fail cause: e", "log message: 1 [failover] -failure-> a = 1", "start -> log message: 1",
		}},
		"goto": {"again: a = 1\nif true { goto again }", []string{
			"a = 1 -> if true", "if true [no] -> end", "if true [yes, goto again] -leap-> a = 1", "start -> a = 1",
		}},
		"goto to the end of a loop": {"for x in 1..2 {\nif true { goto next }\na = 1\nnext:\n}", []string{
			"a = 1 -back-> for x in 1..2", "for x in 1..2 [done] -> end", "for x in 1..2 [each] -> if true",
			"if true [no] -> a = 1", "if true [yes, goto next] -leap-> for x in 1..2", "start -> for x in 1..2",
		}},
		"a failure that leads away at once": {"a: log < message: 1 > catch { goto a }\nlog < message: 2, limit: 3 > failover { goto a }", []string{
			"log message: 1 -> log message: 2", "log message: 1 [catch, goto a] -failure-> log message: 1", "log message: 2 -> end",
			"log message: 2 [failover, goto a] -failure-> log message: 1", "start -> log message: 1",
		}},
		"a failure that leaves a loop": {"while true {\nlog < message: 1 > catch { break }\n}", []string{
			"log message: 1 -back-> while true", "log message: 1 [catch, break] -failure-> end", "start -> while true",
			"while true [no] -> end", "while true [yes] -> log message: 1",
		}},
		"goto to a goto": {"a: goto b\nb: goto a", []string{"goto a -leap-> goto b", "goto b -leap-> goto a", "start -> goto b"}},
		"break":          {"log < message: 1, break: true >\nlog < message: 2 >", []string{"log message: 1 [break] -leap-> end", "log message: 2 -> end", "start -> log message: 1"}},
		"break perhaps": {"x = true\nlog < message: 1, break: x >\nlog < message: 2 >", []string{
			"log message: 1 -> log message: 2", "log message: 1 [break: x] -leap-> end", "log message: 2 -> end", "start -> x = true", "x = true -> log message: 1",
		}},
		"break in a function ends the run": {"f < >\nfunction f < > {\nlog < message: 1, break: true >\n}", []string{
			"f -> end", "log message: 1 [break] -leap-> stop", "start -> f", "start -> log message: 1",
		}},
		"fail ends":                   {`fail < message: 1 >`, []string{"start -> fail message: 1"}},
		"fail that is caught":         {`fail < message: 1 > catch { }`, []string{"fail message: 1 [catch] -failure-> end", "start -> fail message: 1"}},
		"fail where errors pass over": {"flow < onError: \"continue\" >\nfail < message: 1 >", []string{"fail message: 1 [onError: continue] -failure-> end", "start -> fail message: 1"}},
		"functions":                   {"function f < a: int > { return a }", []string{"start -> end", "start a: int -> return a"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := branchesOf(built(t, "x.flow", test.flow))
			slices.Sort(test.want)
			if !slices.Equal(got, test.want) {
				t.Errorf("got\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(test.want, "\n  "))
			}
		})
	}
}

func TestBlocksSayWhatAStatementDoes(t *testing.T) {
	g := built(t, "x.flow", `flow chat "Tea" < description: "Makes tea." >
input a: int = 1
again: x = crm.add < one: 1, description: "an entry", two: """
  Dear Ann,

  hello
  """, three: "3", four: 4, limit: 2 > failover { goto again }
y = "1234567890 1234567890 1234567890 1234567890 1234567890"`)
	if g.Title != "Tea" || g.Description != "Makes tea." {
		t.Errorf("the graph is %q, %q", g.Title, g.Description)
	}
	for i, want := range []graph.Block{
		{ID: "b1", Kind: graph.Start, Title: "chat flow", Lines: []string{"input a: int = 1"}, Line: 1},
		{ID: "b2", Kind: graph.Call, Labels: []string{"again"}, Title: "x = crm.add", Description: "an entry",
			Lines: []string{"one: 1", `two: "Dear Ann, …"`, `three: "3"`, "limit: 2"}, Line: 3},
		{ID: "b3", Kind: graph.Assign, Lines: []string{`y = "1234567890 1234567890 1234567890 12345…`}, Line: 8},
		{ID: "b4", Kind: graph.End, Title: "end", Line: 8},
	} {
		if got := *g.Sections[0].Blocks[i]; fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
	}
}

func TestTheChiefSettingsAreThoseThatTheCallerNames(t *testing.T) {
	chief := graph.ShowSettings(func(component string) []string {
		return map[string][]string{"crm.add": {"four", "two"}}[component]
	})
	g := built(t, "x.flow", "crm.add < one: 1, two: 2, three: 3, four: 4 >\ncrm.drop < one: 1, two: 2, three: 3, four: 4 >", chief)
	for i, want := range [][]string{{"two: 2", "four: 4"}, {"one: 1", "two: 2", "three: 3"}} {
		if got := g.Sections[0].Blocks[i+1].Lines; !slices.Equal(got, want) {
			t.Errorf("the block shows %q, want %q", got, want)
		}
	}
}

func TestAPictureTellsNoSecretOfAComponentThatNobodyKnows(t *testing.T) {
	for setting, want := range map[string]string{
		`password: "hunter2"`:                 `password: ***`,
		`smtpPassword: 'hunter2'`:             `smtpPassword: ***`,
		`API_KEY: "hunter2"`:                  `API_KEY: ***`,
		`apiKey: "Bearer ${x}hunter2"`:        `apiKey: ***`,
		`clientSecret: """hunter2"""`:         `clientSecret: ***`,
		"token: `hunter2`":                    `token: ***`,
		`token: 123456`:                       `token: ***`,
		`login: { password: "hunter2" }`:      `login: ***`,
		`login: { "api_key" : "hunter2" }`:    `login: ***`,
		`password: secret("CRM")`:             `password: secret("CRM")`,
		`password: secret("CRM") + "a"`:       `password: ***`,
		`token: order.token`:                  `token: order.token`,
		`keys: "a"`:                           `keys: "a"`,
		`note: "the password is in a letter"`: `note: "the password is in a letter"`,
	} {
		for _, g := range []*graph.Graph{
			built(t, "x.flow", "crm.add < "+setting+" >"),
			built(t, "x.flow", "crm.add < "+setting+" >", graph.ShowSettings(func(string) []string { return nil })),
		} {
			if got := g.Sections[0].Blocks[1].Lines; !slices.Equal(got, []string{want}) {
				t.Errorf("the block shows %q, want %q", got, want)
			}
		}
	}
}

func TestAFlowWithoutANameIsCalledByItsFileAlone(t *testing.T) {
	for name, want := range map[string]string{"/home/ann/flows/tea.flow": "tea.flow", "tea.flow": "tea.flow", "": ""} {
		if got := built(t, name, "stop").Title; got != want {
			t.Errorf("%q has the title %q, want %q", name, got, want)
		}
	}
}

func TestNoFileIsDrawnAsOneWithoutAStatement(t *testing.T) {
	g := graph.Build(nil)
	if got := branchesOf(g); len(got) != 1 || got[0] != "start -> end" || g.Title != "" {
		t.Errorf("got %q with the title %q", got, g.Title)
	}
	for name, write := range map[string]func(io.Writer) error{"SVG": g.WriteSVG, "DOT": g.WriteDOT, "Mermaid": g.WriteMermaid} {
		if err := write(io.Discard); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Columns are not counted: from the beginning of such a line that would take minutes.
func TestALongLineIsDrawn(t *testing.T) {
	const branches = 12_000
	g := built(t, "x.flow", "if false { stop }"+strings.Repeat(" else if true { }", branches)+"\nstop")
	blocks := g.Sections[0].Blocks
	if len(blocks) != branches+4 || blocks[branches].Line != 1 || blocks[branches+3].Line != 2 {
		t.Errorf("%d blocks, the last %+v", len(blocks), *blocks[len(blocks)-1])
	}
}
