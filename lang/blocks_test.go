package lang_test

import (
	"testing"

	"flowrun/lang"
)

func TestBlocksAreThoseOfAStatementInOrder(t *testing.T) {
	for source, want := range map[string]string{
		"x = 1":    "",
		"if a { }": "{ }",
		"switch x { case 1 { a = 1 } case 2 { a = 2 } default { a = 3 } }": "{ a = 1 }{ a = 2 }{ a = 3 }",
		"switch x { case 1 { a = 1 } }":                                    "{ a = 1 }",
		"if a { x = 1 } else if b { x = 2 } else { x = 3 }":                "{ x = 1 }{ x = 2 }{ x = 3 }",
		"while a { if b { } }":                                             "{ if b { } }",
		"for a in b { stop }":                                              "{ stop }",
		"log < >":                                                          "",
		"log < limit: 1 > failover { stop } catch e { a = 1 }":             "{ stop }{ a = 1 }",
		"log < > catch { a = 1 }":                                          "{ a = 1 }",
		"function f < > { a = 1 }":                                         "",
		`test "a" { run "b.flow" < > }`:                                    "",
	} {
		tree, diagnostics := lang.Parse("a_test.flow", source)
		if diagnostics.HasErrors() {
			t.Fatal(diagnostics)
		}
		got := ""
		for _, block := range lang.Blocks(tree.Body.Statements[0]) {
			got += tree.Source.Slice(block.Span)
		}
		if got != want {
			t.Errorf("%s has %s, want %s", source, got, want)
		}
	}
}
