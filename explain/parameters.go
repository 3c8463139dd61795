package explain

import (
	"fmt"
	"slices"

	"flowrun/internal/excerpt"
	"flowrun/lang"
)

// caller is a call of a function, and the function that it stands in, "" for the
// flow.
type caller struct {
	function string
	call     *lang.Call
}

// callersIn collects the calls of functions in a block, and in those within it.
func (w *writer) callersIn(function string, block *lang.Block) {
	for _, statement := range block.Statements {
		if call, ok := statement.(*lang.Call); ok && w.functions[call.Component.Text] != nil {
			w.callers[call.Component.Text] = append(w.callers[call.Component.Text], caller{function, call})
		}
		for _, inner := range lang.Blocks(statement) {
			w.callersIn(function, inner)
		}
	}
}

// parameter collects what the calls of a function give for one of its parameters.
func (w *writer) parameter(found sources, f *lang.Function, p *lang.Parameter) {
	callers := w.callers[f.Name.Text]
	if len(callers) == 0 {
		found.add(f.Name.Text, p.Name, "a parameter"+w.orElse(p.Default))
		return
	}
	leftOut := false
	for _, c := range callers {
		setting := given(c.call, p.Name.Text)
		if setting == nil {
			leftOut = true
			continue
		}
		what := excerpt.Setting(w.file.Source, setting, most)
		if what != excerpt.Masked {
			what = w.source(setting.Value)
		}
		found.add(f.Name.Text, p.Name, fmt.Sprintf("%s (called in line %d)", what, w.line(c.call.Span.Start)))
	}
	if leftOut && p.Default != nil {
		found.add(f.Name.Text, p.Name, w.source(p.Default)+" where it is not given")
	}
}

// handedOver are the variables in what the calls of a function give for a parameter.
func (w *writer) handedOver(to scoped) (from []scoped) {
	f := w.functions[to.function]
	if f == nil || !slices.ContainsFunc(f.Parameters, func(p *lang.Parameter) bool { return p.Name.Text == to.name }) {
		return nil
	}
	for _, c := range w.callers[to.function] {
		if setting := given(c.call, to.name); setting != nil {
			for _, name := range w.names(setting.Value) {
				from = append(from, w.scopeOf(c.function, name))
			}
		}
	}
	return from
}

func given(call *lang.Call, key string) *lang.Setting {
	for _, setting := range call.Settings {
		if setting.Key.Text == key {
			return setting
		}
	}
	return nil
}

// scopeOf is the variable that a name means in a function.
func (w *writer) scopeOf(function, name string) scoped {
	if own := (scoped{function, name}); w.sources[own] != nil {
		return own
	}
	return scoped{"", name}
}
