//go:build linux && !race

package hostiletest

import "strings"

const million = 1_000_000

// maxSource is the size of a source that is read, in bytes.
const maxSource = 1 << 20

// endless is a source with a part that is repeated.
type endless struct {
	name, before, part, after string
	says                      string
}

// syntaxRows are each shape with as many parts as fit into a source that is read
// and, where a million do not fit, with a million.
func syntaxRows() []hostile {
	const (
		deep     = "the expression is nested deeper than 200 brackets"
		long     = "the expression has more than 10000 tokens"
		blocks   = "blocks are nested deeper than 200"
		tooLarge = "the source has more than 1048576 bytes"
	)
	var rows []hostile
	for _, shape := range []endless{
		{"parentheses", "x = ", "(", "", deep},
		{"closed parentheses", "x = ", "(", "1" + strings.Repeat(")", maxSource/2), deep},
		{"lists", "x = ", "[", "", deep},
		{"maps", "x = ", "{a:", "", deep},
		{"not", "x = ", "!", "true", deep},
		{"not in words", "x = ", "not ", "true", deep},
		{"minus", "x = ", "-", "1", deep},
		{"choices", "a = true\nx = ", "a?", "1", long},
		{"choices with values", "a = true\nx = ", "a?1:", "1", long},
		{"members", "a = {}\nx = a", ".b", "", long},
		{"members that may be missing", "a = {}\nx = a", "?.b", "", long},
		{"indices", "a = {}\nx = a", "[0]", "", long},
		{"nested indices", "a = {}\nx = a", "[a", "", deep},
		{"calls", "x = ", "len(", "", deep},
		{"predicates", "xs = [1]\nx = ", "all(xs, ", "", deep},
		{"pipes", "x = 1", " | string()", "", long},
		{"sums", "x = 1", " + 1", "", long},
		{"powers", "x = 1", " ** 1", "", long},
		{"comparisons", "x = 1", " < 1", "", ""},
		{"and", "x = true", " and true", "", long},
		{"or", "x = true", " || true", "", long},
		{"fallbacks", "x = nil", " ?? nil", "", long},
		{"joined texts", `x = "a"`, ` + "a"`, "", long},
		{"list of numbers", "x = [", "1,", "]", long},
		{"interpolations", "x = ", `"${`, "", deep},
		{"interpolations in text blocks", "x = ", `"""${`, "", deep},
		{"interpolations side by side", `x = "`, "${1}", `"`, long},
		{"open interpolations", "", "${", "", ""},
		{"blocks", "", "if true {", "", blocks},
		{"blocks on lines", "", "if true {\n", "", blocks},
		{"loops", "", "while true {", "", blocks},
		{"loops over lists", "", "for x in [1] {", "", blocks},
		{"switches", "", "switch 1 { case 1 {", "", blocks},
		{"catch blocks", "", `fail < message: "a" > catch {`, "", blocks},
		{"failover blocks", "", `fail < message: "a", limit: 1 > failover {`, "", blocks},
		{"functions in functions", "", "function f < > {", "", ""},
		{"settings that hold comparisons", "", "a < b:", "", ""},
		{"settings", "log < message: 1", ", a: 1", " >", ""},
		{"braces", "", "{", "", ""},
		{"closing braces", "", "}", "", "this } closes nothing"},
		{"angle marks", "", "<", "", ""},
		{"quotes", "", `"`, "", ""},
		{"dots", "x = a", ".", "", ""},
		{"labels", "", "a:", "", ""},
		{"gotos", "", "goto a;", "", `there is no label "a"`},
		{"names", "", "a ", "", ""},
		{"a long name", "", "a", "", ""},
		{"a long unknown name", "abcdefgh = 1\nx = abcdefgh", "i", "", ""},
		{"a long line in error", "x = 1 1 //", "-", "", ""},
	} {
		fits := (maxSource - len(shape.before) - len(shape.after)) / len(shape.part)
		rows = append(rows, hostile{name: shape.name, source: around(shape.before, min(fits, million), shape.part, shape.after), exit: invalid, says: shape.says})
		if fits < million {
			rows = append(rows, hostile{name: "a million " + shape.name, source: around(shape.before, million, shape.part, shape.after), exit: invalid, says: tooLarge})
		}
	}
	return append(rows,
		hostile{name: "else ifs", source: around("if false {}", (maxSource-20)/16, "else if false {}", ""), exit: done, says: "null"},
		hostile{name: "a million else ifs", source: around("if false {}", million, "else if false {}", ""), exit: invalid, says: tooLarge},
		hostile{name: "statements", source: times(maxSource/6, "x = 1\n"), exit: done, says: "null"},
		hostile{name: "unknown names", source: times(maxSource/6, "x = y\n"), exit: invalid, says: `y`},
		hostile{name: "calls on lines", source: times(maxSource/20, `log < message: "" >`+"\n"), exit: done, says: "null"},
		hostile{name: "unknown components", source: times(maxSource/6, "abc<>\n"), exit: invalid, says: `abc`},
		hostile{name: "expressions of the longest kind", source: times(maxSource/12/1024, "x = "+strings.Repeat("1+", 4000)+"1\n"), exit: done, says: "null"},
		hostile{name: "many functions", source: numbered(30_000, "function f%d < a = 1 > { }\n"), exit: done, says: "null"},
		hostile{name: "many variables", source: numbered(60_000, "v%d = 1\n"), exit: done, says: "null"},
		hostile{name: "many near names", source: numbered(40_000, "name%d = nome%[1]d\n"), exit: invalid, says: "nome0"},
		hostile{name: "many near functions", source: numbered(25_000, "function name%d < > { }\nnome%[1]d < >\n"), exit: invalid, says: "nome0"},
		hostile{name: "many near components", source: numbered(25_000, "name%d = 1\nx = f < a: nome%[1]d >\n"), exit: invalid, says: "f"},
		hostile{name: "many near labels", source: numbered(25_000, "name%d:\ngoto nome%[1]d\n"), exit: invalid, says: "nome0"},
		hostile{name: "many labels", source: numbered(25_000, "goto l%d\nl%[1]d:\n"), exit: done, says: "null"},
		hostile{name: "many inputs", source: numbered(30_000, "input i%d: int = 1\n"), exit: done, says: "null"},
		hostile{name: "many missing inputs", source: numbered(30_000, "input i%d: int\n"), exit: usage, says: `input "i0" is missing`},
	)
}
