package value_test

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"

	"flowrun/runtime/value"
)

// page makes a template of text in which {0}, {1} … are the values.
func page(text string, values ...any) *value.Template {
	t := &value.Template{Form: value.Literal}
	rest := text
	for i, v := range values {
		before, after, _ := strings.Cut(rest, fmt.Sprintf("{%d}", i))
		t.Form = value.Interpolated
		if before != "" {
			t.Parts = append(t.Parts, value.Part{Text: before})
		}
		t.Parts = append(t.Parts, value.Part{Dynamic: true, Value: v, Source: fmt.Sprintf("v%d", i)})
		rest = after
	}
	if rest != "" {
		t.Parts = append(t.Parts, value.Part{Text: rest})
	}
	return t
}

const evil = `"'><script>alert(1)</script>&{{.}}-->`

func TestEachPartIsEscapedForItsPlace(t *testing.T) {
	for _, c := range []struct {
		text   string
		values []any
		want   string
	}{
		{`<p>{0}</p>`, []any{"a <b> & c"}, `<p>a &lt;b&gt; &amp; c</p>`},
		{`<a title="{0}">`, []any{`x" onclick="y`}, `<a title="x&#34; onclick=&#34;y">`},
		{`<a href="/find?q={0}&n={1}">`, []any{"a&b c", 5}, `<a href="/find?q=a%26b%20c&n=5">`},
		{`<a href="{0}">`, []any{"https://x.example/?a=b&c"}, `<a href="https://x.example/?a=b&amp;c">`},
		{`<a href="mailto:{0}">`, []any{"a@b.c"}, `<a href="mailto:a@b.c">`},
		{`<p style="color: {0}">`, []any{"red"}, `<p style="color: red">`},
		{`<script>var x = {0}, y = {1};</script>`, []any{"</script>", []any{1, "a"}}, `<script>var x = "\u003c/script\u003e", y = [1,"a"];</script>`},
		{`<title>{0}</title>`, []any{"<b>"}, `<title>&lt;b&gt;</title>`},
		{`{0}`, []any{[]any{1, "<"}}, `[1,&#34;&lt;&#34;]`},
		{`{0}`, []any{value.TrustedHTML("<b>ok</b>")}, `<b>ok</b>`},
		{`<a title="{0}">`, []any{value.TrustedHTML(`<b>"x"</b>`)}, `<a title="&#34;x&#34;">`},
		{`{{ .x }} {% y %} {{/* z */}} {0} {%%}`, []any{"<"}, `{{ .x }} {% y %} {{/* z */}} &lt; {%%}`},
		{`{0}{1}{2}`, []any{"a", "<", 3}, `a&lt;3`},
		{`plain <b>text</b>`, nil, `plain <b>text</b>`},
		{``, nil, ``},
		{"a {0} `b` {1}\n", []any{"`", "\\"}, "a ` `b` \\\n"},
	} {
		got, err := page(c.text, c.values...).HTML()
		if err != nil || got.Markup() != c.want {
			t.Errorf("%s\n got %s (%v)\nwant %s", c.text, got.Markup(), err, c.want)
		}
	}
}

func TestCommentsSurvive(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`<!-- a --><p>{0}</p><!---->`, `<!-- a --><p>X</p><!---->`},
		{`<!--[if mso]><table><tr><td>{0}</td></tr></table><![endif]-->`, `<!--[if mso]><table><tr><td>X</td></tr></table><![endif]-->`},
		{`<!--[if !mso]><!--><p>{0}</p><!--<![endif]-->`, `<!--[if !mso]><!--><p>X</p><!--<![endif]-->`},
		{`<![if !vml]>{0}<![endif]>`, `<![if !vml]>X<![endif]>`},
		{`<?xml version="1.0"?><p>{0}`, `<?xml version="1.0"?><p>X`},
		{`<p title="<!-- {0} -->">`, `<p title="<!-- X -->">`},
		{`<style>p { color: red } /* a */</style>{0}`, `<style>p { color: red }  </style>X`},
		{`a < b <!-- c --> {0}`, `a &lt; b <!-- c --> X`},
		{`<!--> {0} <!---> b`, `<!--> X <!---> b`},
		{`<!doctype html><html><!-- x -->{0}`, `<!doctype html><html><!-- x -->X`},
	} {
		got, err := page(c.text, "X").HTML()
		if err != nil || got.Markup() != c.want {
			t.Errorf("%s\n got %s (%v)\nwant %s", c.text, got.Markup(), err, c.want)
		}
	}
}

// TestNothingInjects puts hostile values at every place, comments among them,
// and looks for a tag that the page did not write.
func TestNothingInjects(t *testing.T) {
	for _, text := range []string{
		`<p>{0}</p>`, `<a title="{0}">`, `<a title='{0}'>`, `<a title={0}>`, `<a href="{0}">`, `<a href="/?{0}">`, `<p style="color:{0}">`,
		`<script>var x = {0};</script>`, `<script>var x = "{0}";</script>`, `<style>p { color: {0} }</style>`, `<textarea>{0}</textarea>`,
		`<!-- {0} -->`, `<!--[if mso]>{0}<![endif]-->`, `<!--[if mso]><a title="{0}"><![endif]-->`, `<!-- a --!> {0} -->`,
		`<title><!-- {0} --></title>`, `<script><!-- {0} --></script>`, `<p title="<!--">{0}`, `<!--[if {0}]>x<![endif]-->`, `<?x {0} ?>`, `<![if {0}]>`,
		`<svg><![CDATA[{0}]]></svg>`, `<iframe srcdoc="{0}"></iframe>`, `<a onclick="f({0})">`, `<img srcset="{0}">`,
	} {
		for _, hostile := range []string{evil, `--><script>`, `]><script>`, `javascript:alert(1)//<script>`, `</title><script>`, `<script>`, "`<script>"} {
			made, err := page(text, hostile).HTML()
			if err != nil {
				continue
			}
			if strings.Count(strings.ToLower(made.Markup()), "<script") > strings.Count(text, "<script") || strings.Contains(made.Markup(), "alert(1)</script>") {
				t.Errorf("%s with %s gives %s", text, hostile, made.Markup())
			}
		}
	}
}

func TestBadMarkupIsAnErrorInOurWords(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`<a href="`, "the HTML ends inside an attribute's value"},
		{`<a title='{0}`, "the HTML ends inside an attribute's value"},
		{`<a href`, "the HTML ends inside a tag"},
		{`<script>var x = {0}`, "the HTML ends inside a script"},
		{`<style>p {`, "the HTML ends inside a style"},
		{`<textarea>{0}`, "the HTML ends inside <title> or <textarea>"},
		{`<!-- {0}`, "the HTML ends inside a comment"},
		{`<a b"c={0}>`, "the HTML has a malformed tag or attribute; put attribute values in quotes"},
		{`<a href="{0}">`, `${v0}: "javascript:x" may not stand at this place of the HTML`},
	} {
		values := []any{"javascript:x"}
		if !strings.Contains(c.text, "{0}") {
			values = nil
		}
		template := page(c.text, values...)
		if got, err := template.HTML(); err == nil || err.Error() != c.want {
			t.Errorf("%s: got %q, %v", c.text, got.Markup(), err)
		}
		if err := template.CheckHTML(); !strings.Contains(c.text, `href="{0}"`) && (err == nil || err.Error() != c.want) {
			t.Errorf("%s: the check says %v", c.text, err)
		}
	}
}

func TestAPartThatHasNoTextIsToldApart(t *testing.T) {
	for _, v := range []any{nil, &value.Secret{Name: "A"}, []any{value.TrustedHTML("x")}} {
		template := page(`a {0} b`, v)
		var part *value.PartError
		if _, err := template.HTML(); !errors.As(err, &part) || part.Part != 1 || !strings.HasPrefix(err.Error(), "${v0}: ") {
			t.Errorf("HTML of %v: %v", v, err)
		}
		if _, err := template.String(); !errors.As(err, &part) || part.Part != 1 || !strings.HasPrefix(err.Error(), "${v0}: ") {
			t.Errorf("String of %v: %v", v, err)
		}
	}
}

func TestTemplatesRenderAtOnce(t *testing.T) {
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for n := range 400 {
				text := fmt.Sprintf(`<p class="c%d">{0}</p>`, n)
				got, err := page(text, i).HTML()
				if want := fmt.Sprintf(`<p class="c%d">%d</p>`, n, i); err != nil || got.Markup() != want {
					t.Errorf("got %q, %v, want %q", got.Markup(), err, want)
					return
				}
			}
		})
	}
	all.Wait()
}

func TestTheMarkAnAuthorWritesIsNoFault(t *testing.T) {
	got, err := page(`ZgotmplZ {0}`, "x").HTML()
	if err != nil || got.Markup() != "ZgotmplZ x" {
		t.Errorf("got %q, %v", got.Markup(), err)
	}
}

func BenchmarkHTML(b *testing.B) {
	template := page(strings.Repeat("<p>text</p>", 50)+`<p>{0}</p><a href="https://x.example/{1}">go</a>`, "Ann & Bo", 17)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := template.HTML(); err != nil {
			b.Fatal(err)
		}
	}
}

// TestTheWorkOnMarkupGrowsWithItsLength measures the work by the memory that it takes
// in all.
func TestTheWorkOnMarkupGrowsWithItsLength(t *testing.T) {
	for _, piece := range []string{"<", "< ", "</ ", "<!", "<!-- ", "<!--[if ", "<? ", "<title><", "<p>", "<script type=\"text/plain\"> < ", "{%"} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_ = page(strings.Repeat(piece, 60_000/len(piece))).CheckHTML()
		runtime.ReadMemStats(&after)
		if took := (after.TotalAlloc - before.TotalAlloc) >> 20; took > 200 {
			t.Errorf("%q took %d MiB", piece, took)
		}
	}
}
