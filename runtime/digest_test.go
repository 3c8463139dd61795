package runtime_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"flowrun/runtime"
	"flowrun/runtime/value"

	"golang.org/x/net/html"
	"pgregory.net/rapid"
)

// digest builds a page in a loop, in every way that html travels: assigned, in a
// list, through a function, with + and with join, strings joining in.
const digest = `
input items: list
function row < item: map > {
  return html("<tr title=\"${item.a}\" data-x='${item.b}'><td>${item.a}</td><td><a href=\"https://shop.example/${item.a}?q=${item.b}\">${item.b}</a></td></tr>")
}
rows = html("")
cells = []
for item in items {
  one = row < item: item >
  rows = rows + one
  cells = concat(cells, [html("<li class=\"c ${item.a}\">${item.b}</li>"), item.a])
}
kept = {rows: [rows]}
script = html("<script>var all = ${items}, first = \"${items[0].a}\";</script><textarea>${items[0].a}</textarea><!-- note --><img alt=\"${items[0].b}\" src=\"https://x.example/i.png\">")
page = html("<html><body><table>${kept.rows[0]}</table><ul>${join(cells, html("<hr>"))}</ul>${script}<p>${items[0].a}</p></body></html>")
return page
`

// hostileText draws every text that is special to HTML, scripts, styles or URLs.
func hostileText() *rapid.Generator[string] {
	piece := rapid.OneOf(rapid.SampledFrom([]string{
		"<", ">", "&", `"`, "'", "`", "=", "/", "\\", "\x00", "\n", "<!--", "-->", "--!>", "]]>", "</td>", "</script>", "</textarea>", "</title>", "</style>", "<script>", "<img src=x onerror=alert(1)>",
		"javascript:alert(1)", " onclick=alert(1) ", "'+alert(1)+'", `"-alert(1)-"`, "${x}", "{{.}}", "expression(alert(1))", "url(javascript:x)", ";}body{", "&lt;", "&#60;", "&quot", "\u2028", "\u202e", "+ADw-", "a", "б", "😀", " ", "%3C", "../", "?q=1", "#f", "//evil.example",
	}), rapid.String())
	return rapid.Map(rapid.SliceOfN(piece, 0, 4), func(pieces []string) string { return strings.Join(pieces, "") })
}

// skeleton is what a parser sees of a page's structure: elements, attributes' names,
// the schemes and hosts of links; and how scripts are made when strings are blanked.
func skeleton(t *rapid.T, page string) []string {
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for n := range root.Descendants() {
		switch n.Type {
		case html.ElementNode:
			text := n.Data
			for _, a := range n.Attr {
				text += " " + a.Key
				if a.Key == "href" || a.Key == "src" {
					text += "=" + a.Val[:min(len(a.Val), len("https://shop.example/"))]
				}
			}
			all = append(all, text)
		case html.CommentNode, html.DoctypeNode:
			all = append(all, "comment "+n.Data)
		}
	}
	return all
}

func TestADigestBuiltInALoopIsEscapedOnceAndStaysSafe(t *testing.T) {
	program := compile(t, newEngine(t, &recorder{}), digest)
	build := func(t *rapid.T, items []any) string {
		outcome, err := program.Run(t.Context(), runtime.Inputs{"items": items})
		if err != nil {
			t.Fatalf("%q: %v", items, err)
		}
		return outcome.Result.(value.HTML).Markup()
	}
	rapid.Check(t, func(t *rapid.T) {
		var items, tame []any
		for i := range rapid.IntRange(1, 4).Draw(t, "items") {
			items = append(items, map[string]any{"a": hostileText().Draw(t, fmt.Sprint("a", i)), "b": hostileText().Draw(t, fmt.Sprint("b", i))})
			tame = append(tame, map[string]any{"a": "x", "b": "y"})
		}
		page := build(t, items)
		if got, want := skeleton(t, page), skeleton(t, build(t, tame)); !slices.Equal(got, want) {
			t.Fatalf("items %q change the page:\n%q\nwant\n%q\n%s", items, got, want, page)
		}
	})
}

// TestAPlaceThatCannotBeMadeSafeRefuses has places where html may refuse a value;
// what it takes must be safe.
func TestAPlaceThatCannotBeMadeSafeRefuses(t *testing.T) {
	for _, place := range []string{
		`<p style="color: ${x}">`, `<style>p { color: ${x} }</style>`, `<a href="${x}">`, `<img src=${x}>`, `<form action="${x}">`, `<a href="https:${x}">`, `<a href="${x}//b">`,
		`<a onclick="f(${x})">`, `<a onclick='f("${x}")'>`, `<script>f(${x})</script>`, "<script>var a = '${x}'</script>", `<script src="${x}"></script>`, `<iframe srcdoc="${x}"></iframe>`, `<img srcset="${x} 2x">`, `<title>${x}</title>`, `<svg><text x="${x}">${x}</text></svg>`,
		`<li class=${x}>`, `<${x}>`, `<p style="background: url(${x})">`, `<style>@import "${x}";</style>`,
	} {
		program, diagnostics := newEngine(t, &recorder{}).Compile("test.flow", "input x: string\nreturn html(\""+strings.ReplaceAll(place, `"`, `\"`)+"\")\n")
		if program == nil {
			t.Logf("%s is refused by check: %v", place, diagnostics)
			continue
		}
		tame, err := program.Run(t.Context(), runtime.Inputs{"x": "x"})
		if err != nil {
			t.Fatalf("%s: %v", place, err)
		}
		rapid.Check(t, func(t *rapid.T) {
			x := hostileText().Draw(t, "x")
			outcome, err := program.Run(t.Context(), runtime.Inputs{"x": x})
			if err != nil {
				return
			}
			page := outcome.Result.(value.HTML).Markup()
			if got, want := elements(t, page), elements(t, tame.Result.(value.HTML).Markup()); !slices.Equal(got, want) {
				t.Fatalf("%s with %q becomes %s: %q, want %q", place, x, page, got, want)
			}
			if link := unsafeLink(t, page); link != "" {
				t.Fatalf("%s with %q becomes %s, which leads to %s", place, x, page, link)
			}
		})
	}
}

// TestAnAttributeNamedByAValueRunsNothing: where the author lets a value name an
// attribute, it names a harmless one.
func TestAnAttributeNamedByAValueRunsNothing(t *testing.T) {
	program := compile(t, newEngine(t, &recorder{}), "input x: string\nreturn html(\"<p ${x} title='a'>\")")
	for _, x := range []string{"onclick", "onload=alert(1)", "style", "href", "src", "a onclick=alert(1)", "a><script>", "srcdoc", "action", "ON_x", "x='' onclick"} {
		outcome, err := program.Run(t.Context(), runtime.Inputs{"x": x})
		if err != nil {
			continue
		}
		t.Errorf("%q becomes %s", x, outcome.Result.(value.HTML).Markup())
	}
	if _, err := program.Run(t.Context(), runtime.Inputs{"x": "hidden"}); err != nil {
		t.Error(err)
	}
}

// unsafeLink finds an address that runs a script.
func unsafeLink(t *rapid.T, page string) string {
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		for _, a := range n.Attr {
			address := strings.ToLower(strings.TrimLeft(a.Val, "\x00\t\r\n\f "))
			for _, scheme := range []string{"javascript:", "vbscript:", "data:"} {
				if slices.Contains([]string{"href", "src", "action"}, a.Key) && strings.HasPrefix(address, scheme) {
					return a.Val
				}
			}
		}
	}
	return ""
}

// elements is skeleton without what links lead to.
func elements(t *rapid.T, page string) []string {
	var all []string
	for _, one := range skeleton(t, page) {
		words := strings.Fields(one)
		for i := range words {
			words[i], _, _ = strings.Cut(words[i], "=")
		}
		all = append(all, strings.Join(words, " "))
	}
	return all
}

// TestHTMLIsEscapedExactlyOnce reads the values back with a parser.
func TestHTMLIsEscapedExactlyOnce(t *testing.T) {
	program := compile(t, newEngine(t, &recorder{}), `
input text: string
function wrap < it > { return html("<i>${it}</i>") }
a = html("<b title=\"${text}\">${text}</b>")
list = [a, text]
b = wrap < it: list[0] >
c = wrap < it: text >
d = html("<p>${join(list, text)}${b + text}${text + c}</p>")
return [d + html(""), html("${html("${html("${d}")}")}"), d]
`)
	rapid.Check(t, func(t *rapid.T) {
		text := hostileText().Draw(t, "text")
		outcome, err := program.Run(t.Context(), runtime.Inputs{"text": text})
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range outcome.Result.([]any) {
			root, err := html.Parse(strings.NewReader(one.(value.HTML).Markup()))
			if err != nil {
				t.Fatal(err)
			}
			var texts strings.Builder
			for n := range root.Descendants() {
				if n.Type == html.TextNode {
					texts.WriteString(n.Data)
				}
				if n.Data == "b" && n.Attr[0].Val != parsedText(text) {
					t.Fatalf("the title of %q is %q", text, n.Attr[0].Val)
				}
			}
			if want := strings.Repeat(parsedText(text), 7); texts.String() != want {
				t.Fatalf("%q prints as %q, want %q in\n%s", text, texts.String(), want, one.(value.HTML).Markup())
			}
		}
	})
}

// parsedText is what a parser makes of a text in HTML whatever escapes it: a NUL is
// no character of HTML, and CR is a line feed.
func parsedText(text string) string {
	return strings.NewReplacer("\x00", "\ufffd", "\r\n", "\n", "\r", "\n").Replace(strings.ToValidUTF8(text, "\ufffd"))
}
