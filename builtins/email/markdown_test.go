package email

import (
	"strings"
	"testing"

	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"flowrun/runtime/value"
)

// markdownOf makes a template of text in which ¤ stands for the next value.
func markdownOf(text string, values ...any) *value.Template {
	t := &value.Template{Form: value.Interpolated}
	for i, literal := range strings.Split(text, "¤") {
		if i > 0 {
			t.Parts = append(t.Parts, value.Part{Dynamic: true, Value: values[(i-1)%len(values)], Source: "x"})
		}
		if literal != "" {
			t.Parts = append(t.Parts, value.Part{Text: literal})
		}
	}
	return t
}

func TestMarkdownIsRenderedWithItsPartsEscaped(t *testing.T) {
	for _, c := range []struct {
		text   string
		values []any
		want   string
	}{
		{"# a ¤", []any{"*b* <"}, "<h1>a *b* &lt;</h1>\n"},
		{"¤", []any{"# a\n\n- b"}, "<p># a\n\n- b</p>\n"},
		{"¤", []any{value.TrustedHTML("<ul><li>a</li></ul>")}, "<ul><li>a</li></ul>"},
		{"a ¤", []any{value.TrustedHTML("<b>a</b>")}, "<p>a <b>a</b></p>\n"},
		{"[a](¤)", []any{"https://x.y/?a=b&c"}, `<p><a href="https://x.y/?a=b&amp;c">a</a></p>` + "\n"},
		{"[a](https://x.y/?q=¤)", []any{"b&c) d"}, `<p><a href="https://x.y/?q=b%26c%29%20d">a</a></p>` + "\n"},
		{"[a]: https://x.y/¤\n\n[a]", []any{"é"}, `<p><a href="https://x.y/%c3%a9">a</a></p>` + "\n"},
		{"https://x.y/¤ ~~b~~", []any{"1"}, `<p><a href="https://x.y/1">https://x.y/1</a> <del>b</del></p>` + "\n"},
		{"¤@x.y", []any{"a"}, `<p><a href="mailto:a@x.y">a@x.y</a></p>` + "\n"},
		{"`¤`", []any{"`<"}, "<p><code>`&lt;</code></p>\n"},
		{"<b>¤</b>", []any{"x"}, "<p>&lt;b&gt;x&lt;/b&gt;</p>\n"},
		{"<div>\n¤\n</div>", []any{"x"}, "<p>&lt;div&gt;\nx\n&lt;/div&gt;</p>\n"},
		{"&#x¤; &¤;", []any{"61"}, "<p>&amp;#x61; &amp;61;</p>\n"},
		{"{{.}} zq0x0q ¤", []any{"x"}, "<p>{{.}} zq0x0q x</p>\n"},
		{"[a](javascript:alert(1))", []any{""}, `<p><a href="">a</a></p>` + "\n"},
		{"¤¤¤", []any{1, "<", 2.5}, "<p>1&lt;2.5</p>\n"},
	} {
		got, err := markdownHTML(markdownOf(c.text, c.values...))
		if err != nil || got.Markup() != c.want {
			t.Errorf("%s\n got %s (%v)\nwant %s", c.text, got.Markup(), err, c.want)
		}
	}
}

// elements are the tags of a document with the names of their attributes.
func elements(markup string) string {
	var b strings.Builder
	for tokenizer := html.NewTokenizer(strings.NewReader(markup)); tokenizer.Next() != html.ErrorToken; {
		token := tokenizer.Token()
		if token.Type == html.TextToken {
			continue
		}
		b.WriteString(token.Type.String() + " " + token.Data)
		for _, attribute := range token.Attr {
			b.WriteString(" " + attribute.Key)
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestWhateverTheMarkdownIsValuesActAsText(t *testing.T) {
	piece := rapid.SampledFrom([]string{
		"¤", "¤", "a", " ", "\n", "\n\n", "# ", "- ", "1. ", "> ", "*", "**", "_", "~~", "`", "```", "[", "](", ")", "![", "<", ">", "<b>", "|", "---", "\n---\n",
		"https://x.y/", "www.", "@x.y", "\\", "&", "&#x", ";", "\t", "    ", "[a]: ", "\"", "é", "{{", "zq0x", "q", "cid:", "javascript:",
	})
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(piece, 0, 30).Draw(t, "text"), "")
		hostile := rapid.SampledFrom([]string{
			"*a*", "<script>", "](https://evil.example)", "`", "\n\n# a", "| a |", "\"><b>", "https://x.y", "&lt;", "zq0x0q", "[a](b)", "{{.}}",
		}).Draw(t, "value")
		plain, err := markdownHTML(markdownOf(text, "x"))
		if err != nil {
			t.Skip("the text alone is faulty")
		}
		got, err := markdownHTML(markdownOf(text, hostile))
		if err != nil {
			return
		}
		if a, b := elements(plain.Markup()), elements(got.Markup()); a != b {
			t.Fatalf("%q with %q is\n%s\nnot\n%s", text, hostile, got.Markup(), plain.Markup())
		}
	})
}

func TestMarkdownThatWouldTakeLongIsRefused(t *testing.T) {
	long := strings.Repeat("[a](", longestMarkdown/4)
	if _, err := markdownHTML(markdownOf(long)); err != nil {
		t.Errorf("%d bytes: %v", len(long), err)
	}
	if _, err := markdownHTML(markdownOf(long+"¤", "x")); err == nil || !strings.Contains(err.Error(), "longer than 32768 bytes") {
		t.Errorf("a longer one: %v", err)
	}
	if _, err := markdownHTML(markdownOf("¤", long)); err != nil {
		t.Errorf("a long value: %v", err)
	}
}
