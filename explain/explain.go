// Package explain tells in plain words what a flow does: its inputs, what it may
// send where, and each statement on a line of its own.
//
// What a call does is in the words of its component (runtime.Explained), or else in
// those of its name, its Doc and its settings.
package explain

import (
	"sort"
	"strings"

	"flowrun/internal/excerpt"
	"flowrun/lang"
	"flowrun/runtime"
)

// Explanation is a flow in words. Its texts are fit to be printed.
type Explanation struct {
	Name        string // of the flow's header, else of its source
	Type        string // "" for any
	Description string
	Timezone    string // "" for the host's
	GoesOn      bool   // after errors that nothing takes
	Inputs      []Input
	Sendings    []Sending
	// Statements are those of the flow, and then of each function, in order.
	Statements []Statement
}

// Input is an input of the flow or a parameter of a function.
type Input struct {
	Name     string
	Type     string // "any" when the flow does not say
	Required bool
	Default  string // as the flow writes it
	// Comment is the comment behind the input on its line, or "".
	Comment string
}

// Sending is what one call may send.
type Sending struct {
	Line      int
	Component string
	What      string
	// Where tells what the variables in What may be.
	Where []Variable
}

// Statement is one statement, or the beginning of one of its blocks.
type Statement struct {
	Line     int
	Depth    int    // of the blocks around it
	Function string // "" for the flow
	Text     string
}

const (
	most = 72 // characters of an expression that are shown
	// mostSource is most for where a variable gets its value.
	mostSource = 600
)

// Explain puts a file without errors into words. What no component of the list is
// called, and no function, is explained by its name. No file, nil, is one without a
// statement.
func Explain(file *lang.File, components []*runtime.Component) *Explanation {
	if file == nil {
		file, _ = lang.Parse("", "")
	}
	w := &writer{
		file:       file,
		components: map[string]*runtime.Component{},
		described:  map[string]map[string]runtime.SettingDescription{},
		functions:  map[string]*lang.Function{},
		callers:    map[string][]caller{},
		explained:  &Explanation{Name: excerpt.Line(file.Source.Name, most)},
	}
	for _, c := range components {
		w.components[c.Name()] = c
		w.described[c.Name()] = describedBy(c)
	}
	for _, statement := range file.Body.Statements {
		if f, ok := statement.(*lang.Function); ok {
			w.functions[f.Name.Text] = f
		}
	}
	w.header()
	w.sources = w.sourcesOf(file)
	w.labels = labelsOf(file.Body, map[string]int{}, w.line)
	w.block(file.Body, 0)
	for _, statement := range file.Body.Statements {
		if f, ok := statement.(*lang.Function); ok {
			w.functionBody(f)
		}
	}
	return w.explained
}

// writer explains the statements of a file.
type writer struct {
	file       *lang.File
	components map[string]*runtime.Component
	described  map[string]map[string]runtime.SettingDescription // settings by component, and by key and alias
	functions  map[string]*lang.Function
	callers    map[string][]caller // the calls of each function
	explained  *Explanation
	function   string         // that is being explained
	labels     map[string]int // lines of the labels of it
	sources    sources
}

func (w *writer) line(offset int) int { return w.file.Source.LineOf(offset) }

func (w *writer) value(e *lang.Expression) string { return excerpt.Value(w.file.Source, e, most) }

func (w *writer) say(at lang.Span, depth int, text ...string) {
	w.explained.Statements = append(w.explained.Statements,
		Statement{w.line(at.Start), depth, w.function, strings.Join(text, "")})
}

func (w *writer) header() {
	for _, statement := range w.file.Body.Statements {
		if input, ok := statement.(*lang.Input); ok {
			w.explained.Inputs = append(w.explained.Inputs, w.input(input.Name, input.Type, input.Default, input.Span))
		}
	}
	header := w.file.Header
	if header == nil {
		return
	}
	if header.Type != nil {
		w.explained.Type = header.Type.Text
	}
	if header.Name != nil && strings.TrimSpace(header.Name.Text()) != "" {
		w.explained.Name = lang.VisibleLine(header.Name.Text())
	}
	for _, s := range header.Settings {
		literal := s.Value.Literal()
		if literal == nil {
			continue
		}
		text := lang.VisibleLine(literal.Text())
		switch s.Key.Text {
		case "description":
			w.explained.Description = text
		case "timezone":
			w.explained.Timezone = text
		case "onError":
			w.explained.GoesOn = text == "continue"
		}
	}
}

func (w *writer) input(name lang.Name, typ *lang.Name, fallback *lang.Expression, span lang.Span) Input {
	in := Input{Name: name.Text, Type: "any", Required: fallback == nil, Comment: w.commentBehind(span)}
	if typ != nil {
		in.Type = typ.Text
	}
	if fallback != nil {
		in.Default = w.value(fallback)
	}
	return in
}

// commentBehind is the // comment on the line where a statement ends, after it.
func (w *writer) commentBehind(span lang.Span) string {
	at := sort.Search(len(w.file.Comments), func(i int) bool { return w.file.Comments[i].Span.Start >= span.End })
	if at == len(w.file.Comments) {
		return ""
	}
	comment := w.file.Comments[at]
	text, ok := strings.CutPrefix(comment.Text, "//")
	if !ok || w.line(comment.Span.Start) != w.line(span.End) {
		return ""
	}
	return excerpt.Line(strings.TrimSpace(text), most)
}
