package reference

import (
	"fmt"
	"io"
	"strings"

	"flowrun/internal/columns"
	"flowrun/lang"
	"flowrun/runtime"
)

// step is how far text is indented below its title, gap what stands between two
// columns of text, widestKey how wide the column of keys becomes.
const (
	step      = 2
	gap       = 2
	widestKey = 20
)

// Write writes the reference of a component for people at a terminal.
func Write(w io.Writer, c *runtime.Component, o Options) error {
	t := &text{options: o}
	t.line(0, o.bold(lang.VisibleLine(c.Name())))
	t.paragraph(step, c.Doc())
	t.paragraph(step, conditions(c))
	if c.Example() != "" {
		t.title("Example")
		for line := range strings.Lines(c.Example()) {
			t.line(step, lang.VisibleLine(strings.TrimRight(line, "\n")))
		}
	}
	for _, s := range sections(c) {
		t.title(s.title)
		t.items(step, s.items)
	}
	return t.write(w)
}

// WriteSetting writes what there is to say of one setting.
func WriteSetting(w io.Writer, s runtime.SettingDescription, o Options) error {
	t := &text{options: o}
	t.items(0, settingItems([]runtime.SettingDescription{s}))
	return t.write(w)
}

// WriteList writes the names of components and what they do, a line each.
func WriteList(w io.Writer, components []*runtime.Component, o Options) error {
	t := &text{options: o}
	components = sorted(components)
	widest := 0
	for _, c := range components {
		widest = max(widest, columns.Width(lang.VisibleLine(c.Name())))
	}
	for _, c := range components {
		t.hanging(0, widest, lang.VisibleLine(c.Name()), c.Doc())
	}
	return t.write(w)
}

// text is what is being written.
type text struct {
	options Options
	out     strings.Builder
}

func (t *text) write(w io.Writer) error {
	_, err := io.WriteString(w, t.out.String())
	return err
}

func (t *text) line(indent int, content string) {
	fmt.Fprintf(&t.out, "%s%s\n", strings.Repeat(" ", indent), content)
}

func (t *text) title(title string) {
	t.out.WriteString("\n")
	for _, line := range t.wrap(0, title) {
		t.line(0, t.options.bold(line))
	}
}

func (t *text) paragraph(indent int, content string) {
	if content == "" {
		return
	}
	for _, line := range t.wrap(indent, content) {
		t.line(indent, line)
	}
}

// wrap breaks a text into the lines that fit behind an indentation.
func (t *text) wrap(indent int, content string) []string {
	room := 0
	if t.options.Width > 0 {
		room = max(t.options.Width-indent, columns.Narrowest)
	}
	return columns.Wrap(lang.VisibleLine(content), room)
}

// items writes settings or fields: the keys in a column, beside them what each
// takes and what it is for.
func (t *text) items(indent int, items []item) {
	widest := 0
	for _, i := range items {
		if w := columns.Width(i.name()); w <= widestKey {
			widest = max(widest, w)
		}
	}
	for _, i := range items {
		t.hanging(indent, widest, i.name(), i.takes)
		t.paragraph(indent+widest+gap, i.doc)
		t.items(indent+widest+gap, i.inner)
	}
}

func (i item) name() string { return lang.VisibleLine(strings.Join(i.keys, ", ")) }

// hanging writes a name in bold and, in a column behind it, a text.
func (t *text) hanging(indent, width int, name, content string) {
	t.out.WriteString(strings.Repeat(" ", indent) + t.options.bold(name))
	used := columns.Width(name)
	behind := indent + width + gap
	lines := t.wrap(behind, content)
	if used > width || lines[0] == "" {
		t.out.WriteString("\n")
	} else {
		fmt.Fprintf(&t.out, "%s%s\n", strings.Repeat(" ", width-used+gap), lines[0])
		lines = lines[1:]
	}
	for _, line := range lines {
		if line != "" {
			t.line(behind, line)
		}
	}
}
