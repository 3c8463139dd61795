package runtime

import (
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
	whole int // how many of them give it a value; a parameter counts as one
	paths [][]shape.Step
}

// writes are the variables that a flow writes.
type writes map[variable]written

// writesOf finds what a flow writes. An input counts as written where the flow
// assigns it.
func writesOf(file *lang.File, components map[string]*Component) writes {
	all := writes{}
	w := &writer{source: file.Source, components: components, writes: all}
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
	if b == nil {
		return
	}
	for _, s := range b.Statements {
		w.statement(s)
	}
}

func (w *writer) statement(s lang.Statement) {
	switch s := s.(type) {
	case *lang.Assign:
		w.target(s.Target)
	case *lang.If:
		for _, branch := range s.Branches {
			w.block(branch.Body)
		}
		w.block(s.Else)
	case *lang.Switch:
		for _, c := range s.Cases {
			w.block(c.Body)
		}
		w.block(s.Default)
	case *lang.While:
		w.block(s.Body)
	case *lang.For:
		outer := len(w.loops)
		if s.Key != nil {
			w.loops = append(w.loops, s.Key.Text)
		}
		w.loops = append(w.loops, s.Item.Text)
		w.block(s.Body)
		w.loops = w.loops[:outer]
	case *lang.Call:
		w.call(s)
	}
}

func (w *writer) call(s *lang.Call) {
	if s.Target != nil {
		w.target(s.Target)
	}
	if component := w.components[s.Component.Text]; component != nil {
		for _, setting := range s.Settings {
			f := component.schema.byKey[setting.Key.Text]
			if f != nil && f.kind == kindOutput && setting.Value != nil {
				if name, ok := bareName(w.source, setting.Value); ok {
					w.whole(name)
				}
			}
		}
	}
	w.block(s.Failover)
	if s.Catch != nil {
		if s.Catch.Name != nil {
			w.whole(s.Catch.Name.Text)
		}
		w.block(s.Catch.Body)
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
