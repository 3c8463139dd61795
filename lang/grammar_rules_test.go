package lang_test

import (
	"slices"
	"strconv"
	"strings"
)

// special writes the productions whose rules the grammar states in words.
var special map[string]func(*generator)

func init() {
	special = map[string]func(*generator){
		"Function":      (*generator).functionDeclaration,
		"Test":          (*generator).testDeclaration,
		"Label":         (*generator).labelStatement,
		"Goto":          (*generator).gotoStatement,
		"While":         func(g *generator) { g.loop("While", -1) },
		"For":           func(g *generator) { g.loop("For", 1) },
		"Settings":      (*generator).settings,
		"Setting":       (*generator).setting,
		"name":          (*generator).name,
		"Head":          (*generator).headExpression,
		"Predicate":     (*generator).predicate,
		"textBlock":     (*generator).textBlock,
		"String":        (*generator).stringLiteral,
		"interpolation": (*generator).interpolation,
		"exponent":      func(g *generator) { g.append(pick(g, []string{"e3", "E+0", "e-12"})) },
		"unicode":       func(g *generator) { g.append(pick(g, []string{"u00e9", "u4E16", `uD83C\uDF89`, "u{1F389}", "u{41}"})) },
	}
}

func (g *generator) functionDeclaration() {
	outer := g.scope
	g.scope = &scope{function: true}
	g.expand("Function")
	g.resolveJumps()
	g.scope = outer
}

func (g *generator) testDeclaration() {
	outer := g.scope
	g.scope = &scope{function: true}
	g.expand("Test")
	g.resolveJumps()
	g.scope = outer
}

func (g *generator) next() string {
	g.unique++
	return strconv.Itoa(g.unique)
}

func (g *generator) labelStatement() {
	name := "l" + g.next()
	g.scope.labels = append(g.scope.labels, label{name: name, loops: g.fors()})
	g.token(name)
	g.token(":")
}

func (g *generator) gotoStatement() {
	g.scope.jumps = append(g.scope.jumps, jump{piece: len(g.pieces), loops: g.fors()})
	g.token("goto")
}

// resolveJumps gives each goto a label of its function that is not inside a for
// which the goto is outside of. Where there is none it becomes a stop.
func (g *generator) resolveJumps() {
	for _, jump := range g.scope.jumps {
		text := "stop"
		if g.scope.file {
			text = "x = 1"
		}
		for _, label := range g.scope.labels {
			if len(label.loops) <= len(jump.loops) && slices.Equal(label.loops, jump.loops[:len(label.loops)]) {
				text = "goto " + label.name
				if g.random.IntN(2) == 0 {
					break
				}
			}
		}
		g.pieces[jump.piece].text = text
	}
}

func (g *generator) fors() []int {
	return slices.DeleteFunc(slices.Clone(g.scope.loops), func(number int) bool { return number < 0 })
}

func (g *generator) loop(production string, sign int) {
	g.unique++
	g.scope.loops = append(g.scope.loops, sign*g.unique)
	g.expand(production)
	g.scope.loops = g.scope.loops[:len(g.scope.loops)-1]
}

// settings keeps the keys of a list apart, so that they stay unique and a
// failover knows of a limit.
func (g *generator) settings() {
	if g.parent() == "Header" {
		g.token(pick(g, []string{"< >", `< timezone: "Europe/Kyiv" >`, `< description: 'd', onError: "continue" >`}))
		return
	}
	if g.parent() == "Test" {
		g.token(pick(g, []string{"< >", `< now: "2026-11-23 09:00", timezone: "Europe/Kyiv" >`, `< timezone: 'UTC' >`}))
		return
	}
	g.scope.keys = append(g.scope.keys, nil)
	g.expand("Settings")
}

func (g *generator) setting() {
	keys := &g.scope.keys[len(g.scope.keys)-1]
	from := []string{"to", "message", "limit", "limit", "break", "flow", "if", "stop", "x1"}
	if g.pieces[len(g.pieces)-1].text == "," {
		from = append(from, "in", "and", "matches", "not")
	}
	key := pick(g, from)
	for slices.Contains(*keys, key) {
		key = "k" + g.next()
	}
	*keys = append(*keys, key)
	g.token(key)
	g.token(":")
	switch key {
	case "limit":
		g.token("3")
	case "break":
		g.token("true")
	default:
		g.walk("Value")
	}
}

// name keeps what is declared unique and words apart from keywords.
func (g *generator) name() {
	switch g.parent() {
	case "Input", "Function", "Parameter":
		g.token("d" + g.next())
	case "component":
		g.append(pick(g, []string{"sendEmail", "log", "crm", "note"}))
	default:
		names := []string{"x", "order", "count", "len", "test", "straße", "_a1", "ім’я"[:4]}
		if g.tests {
			names[slices.Index(names, "test")] = "mock"
		}
		g.token(pick(g, names))
	}
}

// headExpression replaces a literal value of a case by one that no other has.
func (g *generator) headExpression() {
	before := len(g.pieces)
	g.expand("Head")
	if g.parent() == "Case" && len(g.pieces)-before <= 2 {
		g.pieces = g.pieces[:before]
		g.token(g.next())
	}
}

func (g *generator) predicate() {
	g.predicates++
	g.expand("Predicate")
	g.predicates--
}

// stringLiteral writes no interpolation into the name of a flow.
func (g *generator) stringLiteral() {
	switch g.parent() {
	case "Header":
		g.walk(pick(g, []string{"single", "raw"}))
	case "Test":
		g.token(pick(g, []string{`"t`, "'t", "`t"}))
		last := &g.pieces[len(g.pieces)-1]
		last.text += g.next() + last.text[:1]
	case "Run":
		g.token(pick(g, []string{`"order.flow"`, "'../order.flow'", "`a b.flow`"}))
	default:
		g.expand("String")
	}
}

// textBlock indents the lines as the closing quotes are, when these stand alone.
func (g *generator) textBlock() {
	g.expand("textBlock")
	const quotes = `"""`
	last := &g.pieces[len(g.pieces)-1]
	content := strings.TrimSuffix(strings.TrimPrefix(last.text, quotes), quotes)
	lines := strings.Split(content, "\n")
	indentation := lines[len(lines)-1]
	if len(lines) == 1 || strings.Trim(indentation, " \t") != "" {
		return
	}
	if lines[0] != "" {
		lines = append([]string{""}, lines...)
	}
	for i, line := range lines[1 : len(lines)-1] {
		if line != "" {
			lines[1+i] = indentation + line
		}
	}
	last.text = quotes + strings.Join(lines, "\n") + quotes
}

// interpolation writes its expression on one line into the piece around it.
func (g *generator) interpolation() {
	around, brackets, lexical := g.pieces, g.brackets, g.lexical
	g.pieces, g.brackets, g.lexical, g.forbidden = nil, 0, 0, nil
	g.inline++
	g.walk("Expression")
	expression := g.text()
	g.inline--
	g.pieces, g.brackets, g.lexical = around, brackets, lexical
	g.append("${" + pick(g, []string{"", " "}) + expression + "}")
}
