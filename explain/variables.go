package explain

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

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
	return ", else " + w.value(fallback)
}

func (w *writer) collect(found sources, function string, block *lang.Block) {
	for _, statement := range block.Statements {
		at := fmt.Sprintf(" (line %d)", w.line(statement.Place().Start))
		switch s := statement.(type) {
		case *lang.Input:
			found.add(function, s.Name, "an input"+w.orElse(s.Default))
		case *lang.Assign:
			found.add(w.owner(function, s.Target), s.Target.Name, w.value(s.Value)+at)
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
		}
		for _, inner := range blocksOf(statement) {
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

// blocksOf are the blocks of a statement that belong to the function around it.
func blocksOf(statement lang.Statement) []*lang.Block {
	var blocks []*lang.Block
	switch s := statement.(type) {
	case *lang.If:
		for _, branch := range s.Branches {
			blocks = append(blocks, branch.Body)
		}
		blocks = append(blocks, s.Else)
	case *lang.Switch:
		for _, one := range s.Cases {
			blocks = append(blocks, one.Body)
		}
		blocks = append(blocks, s.Default)
	case *lang.While:
		blocks = append(blocks, s.Body)
	case *lang.For:
		blocks = append(blocks, s.Body)
	case *lang.Call:
		blocks = append(blocks, s.Failover)
		if s.Catch != nil {
			blocks = append(blocks, s.Catch.Body)
		}
	}
	return slices.DeleteFunc(blocks, func(b *lang.Block) bool { return b == nil })
}

// where tells about the variables in those settings of a call that its words
// repeat.
func (w *writer) where(s *lang.Call, words string) []Variable {
	var variables []Variable
	for _, setting := range s.Settings {
		if !strings.Contains(words, w.value(setting.Value)) {
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
