package explain

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"flowrun/internal/excerpt"
	"flowrun/lang"
)

// Variable is a variable that tells where something goes.
type Variable struct {
	Name string
	// Is says in words where its values come from, one entry a place; the last one
	// may be "3 more".
	Is []string
}

// mostPlaces is how many places are told where the values of a variable come from.
const mostPlaces = 5

// scoped is a variable of the flow (function "") or of a function.
type scoped struct{ function, name string }

// sources are where the values of variables come from.
type sources map[scoped]*places

// places are the first few in the order of the source, and how many there are.
type places struct {
	first []string
	count int
}

func (p *places) words() []string {
	if p.count > mostPlaces {
		return append(p.first[:mostPlaces:mostPlaces], fmt.Sprintf("%d more", p.count-mostPlaces))
	}
	return p.first
}

// sourcesOf collects what every statement of the file says of its variables.
func (w *writer) sourcesOf(file *lang.File) sources {
	found := sources{}
	w.collect(found, "", file.Body)
	for _, statement := range file.Body.Statements {
		if f, ok := statement.(*lang.Function); ok {
			for _, p := range f.Parameters {
				found.add(f.Name.Text, p.Name, "a parameter"+w.orElse(p.Default))
			}
			w.collect(found, f.Name.Text, f.Body)
		}
	}
	return found
}

func (found sources) add(function string, name lang.Name, what string) {
	key := scoped{function, name.Text}
	p := found[key]
	if p == nil {
		p = &places{}
		found[key] = p
	}
	if slices.Contains(p.first, what) {
		return
	}
	if p.count++; p.count <= mostPlaces {
		p.first = append(p.first, what)
	}
}

func (w *writer) orElse(fallback *lang.Expression) string {
	if fallback == nil {
		return ""
	}
	return ", else " + w.source(fallback)
}

// source gives an expression that a variable gets its value from, the whole of it
// where it is not too long: it may hold recipients.
func (w *writer) source(e *lang.Expression) string {
	whole := excerpt.Whole(w.file.Source, e)
	more := utf8.RuneCountInString(whole) - mostSource
	switch {
	case more <= 0:
		return whole
	case e.Literal() != nil:
		return excerpt.Cut(whole, mostSource) + fmt.Sprintf(" (%d more characters)", more+1)
	}
	return excerpt.Counted(w.file.Source, e, mostSource)
}

func (w *writer) collect(found sources, function string, block *lang.Block) {
	for _, statement := range block.Statements {
		at := fmt.Sprintf(" (line %d)", w.line(statement.Place().Start))
		switch s := statement.(type) {
		case *lang.Input:
			found.add(function, s.Name, "an input"+w.orElse(s.Default))
		case *lang.Assign:
			found.add(w.owner(function, s.Target), s.Target.Name, w.source(s.Value)+at)
		case *lang.For:
			if s.Key != nil {
				found.add(function, *s.Key, "each key of "+w.value(s.Collection)+at)
			}
			found.add(function, s.Item, "each of "+w.value(s.Collection)+at)
		case *lang.Call:
			if s.Target != nil {
				found.add(w.owner(function, s.Target), s.Target.Name, "the result of "+s.Component.Text+at)
			}
			if s.Catch != nil && s.Catch.Name != nil {
				found.add(function, *s.Catch.Name, "the error of "+s.Component.Text+at)
			}
			for _, setting := range s.Settings {
				if d := w.described[s.Component.Text][setting.Key.Text]; d.Output {
					filled := lang.Name{Text: w.file.Source.Slice(setting.Value.Span)}
					found.add(function, filled, "the "+d.Key+" of "+s.Component.Text+at)
				}
			}
		}
		for _, inner := range lang.Blocks(statement) {
			w.collect(found, function, inner)
		}
	}
}

func (w *writer) owner(function string, target *lang.Target) string {
	if target.Global {
		return ""
	}
	return function
}

// where tells about the variables in those settings of a call that its words
// repeat.
func (w *writer) where(s *lang.Call, repeats []string) []Variable {
	var variables []Variable
	for _, setting := range s.Settings {
		d, ok := w.described[s.Component.Text][setting.Key.Text]
		if !ok || !slices.Contains(repeats, d.Key) {
			continue
		}
		for _, name := range w.names(setting.Value) {
			is := w.sources[scoped{w.function, name}]
			if is == nil {
				is = w.sources[scoped{"", name}]
			}
			known := slices.ContainsFunc(variables, func(v Variable) bool { return v.Name == name })
			if is != nil && !known {
				variables = append(variables, Variable{name, is.words()})
			}
		}
	}
	return variables
}

var word = regexp.MustCompile(`\.?\s*[\pL_][\pL\pN_]*`)

// names are the words of an expression that may be variables, those inside of
// templates too.
func (w *writer) names(e *lang.Expression) []string {
	var names []string
	from := e.Span.Start
	code := func(until int) {
		for _, found := range word.FindAllString(w.file.Source.Slice(lang.Span{Start: from, End: until}), -1) {
			if !strings.HasPrefix(found, ".") {
				names = append(names, excerpt.Line(strings.TrimSpace(found), most))
			}
		}
	}
	for _, literal := range e.Strings {
		code(literal.Span.Start)
		for _, part := range literal.Parts {
			if part.Expression != nil {
				names = append(names, w.names(part.Expression)...)
			}
		}
		from = literal.Span.End
	}
	code(e.Span.End)
	return names
}
