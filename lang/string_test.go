package lang_test

import (
	"strings"
	"testing"

	"flowrun/lang"
)

// literal gives the one string literal of `x = …`.
func literal(t *testing.T, source string) *lang.StringLiteral {
	t.Helper()
	file, diagnostics := lang.Parse("test.flow", "x = "+source+"\n")
	if diagnostics.HasErrors() {
		t.Fatalf("%s: %v", source, diagnostics)
	}
	found := file.Body.Statements[0].(*lang.Assign).Value.Literal()
	if found == nil {
		t.Fatalf("%s is not one literal", source)
	}
	return found
}

// parts gives the texts of a literal with the expressions between braces.
func parts(t *testing.T, source string) string {
	t.Helper()
	text := "x = " + source + "\n"
	var b strings.Builder
	for _, part := range literal(t, source).Parts {
		if part.Expression == nil {
			b.WriteString(part.Text)
			continue
		}
		b.WriteString("{" + text[part.Expression.Span.Start:part.Expression.Span.End] + "}")
	}
	return b.String()
}

func TestStringsHaveTheTextThatTheirQuotesGiveThem(t *testing.T) {
	for _, test := range []struct{ source, want string }{
		{`""`, ``},
		{`"a b"`, `a b`},
		{`"\n\t\r\"\\\$"`, "\n\t\r\"\\$"},
		{`"\u00e4\u{e4}\u{1F389}\ud83c\udf89"`, "ää🎉🎉"},
		{`"$ $x $$ {x} }"`, `$ $x $$ {x} }`},
		{`"\${x} \$x"`, `${x} $x`},
		{`"a ${b} c"`, `a {b} c`},
		{`"${a}${b}"`, `{a}{b}`},
		{`"${ m["k"] }"`, `{m["k"]}`},
		{`"${m["k"]}"`, `{m["k"]}`},
		{`"${{a: "}"}["a"]}"`, `{{a: "}"}["a"]}`},
		{`"\n${a}\n"`, "\n{a}\n"},
		{`''`, ``},
		{`'\d+ \'x\' \\ ${y} "'`, `\d+ 'x' \ ${y} "`},
		{"`a\\n\n \"${b}'`", "a\\n\n \"${b}'"},
		{"``", ``},
		{`"""abc"""`, `abc`},
		{`""""a" b"""`, `"a" b`},
		{`""" "" """`, ` "" `},
		{`"""a \""" b\n"""`, "a \"\"\" b\n"},
		{`"""\""""""`, `"""`},
		{`"""a ${"""b ${c}"""} d"""`, `a {"""b ${c}"""} d`},
		{`""""""`, ``},
	} {
		if got := parts(t, test.source); got != test.want {
			t.Errorf("%s: got %q, want %q", test.source, got, test.want)
		}
	}
}

func TestTextBlocksLoseTheIndentationOfTheirClosingQuotes(t *testing.T) {
	for name, test := range map[string]struct{ source, want string }{
		"and the first and the last line break": {"\"\"\"\n  a\n    b\n  \"\"\"", "a\n  b"},
		"blank lines may have less":             {"\"\"\"\n  a\n\n \n  b\n  \"\"\"", "a\n\n\nb"},
		"blank lines keep what they have more":  {"\"\"\"\n  a\n    \n  b\n  \"\"\"", "a\n  \nb"},
		"tabs":                                  {"\"\"\"\n\t\ta\n\t  b\n\t\"\"\"", "\ta\n  b"},
		"none":                                  {"\"\"\"\n  a\n\"\"\"", "  a"},
		"text on the opening line stays":        {"\"\"\"a\n  b\n  \"\"\"", "a\nb"},
		"blanks on the opening line go":         {"\"\"\"  \n  a\n  \"\"\"", "a"},
		"nothing":                               {"\"\"\"\n  \"\"\"", ""},
		"an empty line":                         {"\"\"\"\n\n  \"\"\"", ""},
		"escapes are no indentation":            {"\"\"\"\n  \\ta\\n  b\n  \"\"\"", "\ta\n  b"},
		"interpolations at the edges":           {"\"\"\"\n  ${a}\n    ${b}\n  \"\"\"", "{a}\n  {b}"},
		"interpolations over lines":             {"\"\"\"\n  ${a +\nb}\n  c\n  \"\"\"", "{a +\nb}\nc"},
		"two line breaks at the end":            {"\"\"\"\n  a\n\n  \"\"\"", "a\n"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := parts(t, test.source); got != test.want {
				t.Errorf("%q: got %q, want %q", test.source, got, test.want)
			}
		})
	}
}

func TestOtherTextBlocksLoseTheLeastIndentationOfTheirLines(t *testing.T) {
	for name, test := range map[string]struct{ source, want string }{
		"of lines that are not blank": {"\"\"\"\n    a\n\n  b\"\"\"", "  a\n\nb"},
		"byte by byte":                {"\"\"\"\n\t a\n\t\tb\"\"\"", " a\n\tb"},
		"not of the opening line":     {"\"\"\"a\n    b\n  c\"\"\"", "a\n  b\nc"},
		"of one line":                 {"\"\"\"   a\"\"\"", "   a"},
		"before an interpolation":     {"\"\"\"\n  ${a}\n    b\"\"\"", "{a}\n  b"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := parts(t, test.source); got != test.want {
				t.Errorf("%q: got %q, want %q", test.source, got, test.want)
			}
		})
	}
}

func TestInsertedTextBlocksAreNotIndented(t *testing.T) {
	file, _ := lang.Parse("test.flow", "x = \"\"\"\n    a ${\"\"\"\n  b\n  \"\"\"}\n    \"\"\"\n")
	outer := file.Body.Statements[0].(*lang.Assign).Value.Literal()
	if got := outer.Parts[0].Text; got != "a " {
		t.Errorf("the outer text is %q", got)
	}
	if got := outer.Parts[1].Expression.Literal().Text(); got != "b" {
		t.Errorf("the inner text is %q", got)
	}
}

func TestLiteralsKnowTheirKindAndWhetherTheyInterpolate(t *testing.T) {
	for _, test := range []struct {
		source   string
		kind     lang.StringKind
		template bool
	}{
		{`"a"`, lang.Quoted, false},
		{`"${a}"`, lang.Quoted, true},
		{`'${a}'`, lang.Single, false},
		{"`${a}`", lang.Raw, false},
		{`"""a"""`, lang.TextBlock, false},
		{`"""${a}"""`, lang.TextBlock, true},
	} {
		if found := literal(t, test.source); found.Kind != test.kind || found.Template() != test.template {
			t.Errorf("%s: got kind %d and template %t", test.source, found.Kind, found.Template())
		}
	}
}

func TestPartsStandWhereTheyAreWritten(t *testing.T) {
	source := `"ä\n ${b} c"`
	text := "x = " + source + "\n"
	var places []string
	for _, part := range literal(t, source).Parts {
		places = append(places, text[part.Span.Start:part.Span.End])
	}
	if got, want := strings.Join(places, "|"), `ä\n |${b}| c`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
