package runtime

import (
	"maps"

	"flowrun/lang"
	"flowrun/runtime/internal/shape"
)

// variable names a variable of the source: of the flow, or of a function.
type variable struct {
	function string // "": the flow
	name     string
	loop     bool // loop variables of the name
}

// written is how the statements of a flow write a variable.
type written struct {
	// whole is how many of them give it a value. An input, a global of the host and a
	// parameter count as one.
	whole int
	paths [][]shape.Step
}

// writes are the variables that a flow writes.
type writes map[variable]written

// writesOf finds what a flow writes, and what is there before it begins.
func writesOf(file *lang.File, components map[string]*Component, globals map[string]any) writes {
	all := writes{}
	w := &writer{source: file.Source, components: components, writes: all}
	given := maps.Clone(globals)
	for _, statement := range file.Body.Statements {
		if input, ok := statement.(*lang.Input); ok {
			delete(given, input.Name.Text)
			w.whole(input.Name.Text)
		}
	}
	for name := range given {
		w.whole(name)
	}
	w.block(file.Body)
	for _, statement := range file.Body.Statements {
		if fn, ok := statement.(*lang.Function); ok {
			inner := &writer{source: file.Source, components: components, writes: all, function: fn.Name.Text}
			for _, p := range fn.Parameters {
				inner.whole(p.Name.Text)
			}
			inner.block(fn.Body)
		}
	}
	return all
}

// writer goes through the statements of the flow, or of one function.
type writer struct {
	source     *lang.Source
	components map[string]*Component
	writes     writes
	function   string
	loops      []string
}

func (w *writer) block(b *lang.Block) {
	for _, s := range b.Statements {
		w.statement(s)
	}
}

func (w *writer) statement(s lang.Statement) {
	outer := len(w.loops)
	switch s := s.(type) {
	case *lang.Assign:
		w.target(s.Target)
	case *lang.For:
		if s.Key != nil {
			w.loops = append(w.loops, s.Key.Text)
		}
		w.loops = append(w.loops, s.Item.Text)
	case *lang.Call:
		w.call(s)
	}
	lang.EachBlock(s, w.block)
	w.loops = w.loops[:outer]
}

func (w *writer) call(s *lang.Call) {
	if s.Target != nil {
		w.target(s.Target)
	}
	for name := range outputsOf(s, w.components[s.Component.Text], w.source) {
		w.whole(name)
	}
	if s.Catch != nil && s.Catch.Name != nil {
		w.whole(s.Catch.Name.Text)
	}
}

func (w *writer) whole(name string) { w.target(&lang.Target{Name: lang.Name{Text: name}}) }

func (w *writer) target(t *lang.Target) {
	of := w.variable(t)
	written := w.writes[of]
	if len(t.Path) == 0 || of.loop {
		written.whole++
	} else {
		written.paths = append(written.paths, stepsOf(t))
	}
	w.writes[of] = written
}

func (w *writer) variable(t *lang.Target) variable {
	if t.Global {
		return variable{name: t.Name.Text}
	}
	of := variable{function: w.function, name: t.Name.Text}
	for _, loop := range w.loops {
		of.loop = of.loop || loop == of.name
	}
	return of
}

// stepsOf is the path of an assignment; a literal key in brackets is a key.
func stepsOf(t *lang.Target) []shape.Step {
	steps := make([]shape.Step, len(t.Path))
	for i, step := range t.Path {
		steps[i] = shape.Step{Name: step.Name, Index: step.Index != nil}
		if step.Index == nil {
			continue
		}
		if literal := step.Index.Literal(); literal != nil && !literal.Template() {
			steps[i] = shape.Step{Name: literal.Text()}
		}
	}
	return steps
}
