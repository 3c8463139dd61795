package reference

import (
	"fmt"
	"io"
	"strings"

	"flowrun/lang"
	"flowrun/runtime"
)

// Markdown writes the reference of components as parts of a page in Markdown: for
// each a heading of the second level with its name, in the order of the names, and
// behind them the settings of every call. Examples are blocks of kind flow.
func Markdown(w io.Writer, components []*runtime.Component) error {
	var page strings.Builder
	for _, c := range sorted(components) {
		markComponent(&page, c)
	}
	fmt.Fprintf(&page, "## %s\n\n", universalTitle)
	markItems(&page, "setting", settingItems(runtime.UniversalSettings()))
	_, err := io.WriteString(w, strings.TrimRight(page.String(), "\n")+"\n")
	return err
}

func markComponent(page *strings.Builder, c *runtime.Component) {
	fmt.Fprintf(page, "## %s\n\n", markText(c.Name()))
	if c.Doc() != "" {
		fmt.Fprintf(page, "%s\n", markText(c.Doc()))
	}
	fmt.Fprintf(page, "%s\n\n", conditions(c))
	if c.Example() != "" {
		fmt.Fprintf(page, "```flow\n%s\n```\n\n", lang.Visible(c.Example()))
	}
	for _, s := range sections(c) {
		if s.title == universalTitle {
			continue
		}
		short, beside, _ := strings.Cut(s.title, ", ")
		fmt.Fprintf(page, "### %s of %s\n\n", short, markText(c.Name()))
		if beside != "" {
			fmt.Fprintf(page, "An error has these %s.\n\n", beside)
		}
		markItems(page, s.column, s.items)
	}
}

func markItems(page *strings.Builder, column string, items []item) {
	fmt.Fprintf(page, "| %s | type | |\n|---|---|---|\n", column)
	markRows(page, "", items)
	page.WriteString("\n")
}

func markRows(page *strings.Builder, prefix string, items []item) {
	for _, i := range items {
		keys := make([]string, len(i.keys))
		for n, key := range i.keys {
			keys[n] = "`" + prefix + lang.VisibleLine(key) + "`"
		}
		fmt.Fprintf(page, "| %s | %s | %s |\n", strings.Join(keys, ", "), markText(i.takes), markText(i.doc))
		markRows(page, prefix+lang.VisibleLine(i.keys[0])+".", i.inner)
	}
}

// markup are the characters that could mean something to Markdown or HTML.
var markup = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", `\<`, ">", `\>`, "|", `\|`, "#", `\#`, "~", `\~`, "&", `\&`,
)

// markText is text that Markdown shows as it is.
func markText(text string) string { return markup.Replace(lang.VisibleLine(text)) }
