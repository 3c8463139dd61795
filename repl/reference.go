package repl

import (
	"fmt"
	"slices"
	"strings"

	"flowrun/lang"
	"flowrun/reference"
	"flowrun/runtime"
	"flowrun/runtime/value"
)

func (r *REPL) listVariables() {
	var b strings.Builder
	for _, name := range r.session.Names() {
		v, _ := r.session.Variable(name)
		switch {
		case !v.HasValue:
			fmt.Fprintf(&b, "%s has no value yet\n", name)
		case v.Global:
			fmt.Fprintf(&b, "%s = %s (the host's)\n", name, value.Glance(v.Value))
		default:
			fmt.Fprintf(&b, "%s = %s\n", name, value.Glance(v.Value))
		}
	}
	if b.Len() == 0 {
		b.WriteString("There are no variables.\n")
	}
	r.host.Print(strings.TrimSuffix(b.String(), "\n"))
}

func (r *REPL) listComponents() {
	var b strings.Builder
	reference.WriteList(&b, r.engine.Components(), r.options())
	for _, fn := range r.session.Functions() {
		fmt.Fprintf(&b, "%s %s\n", fn.Name, parameters(fn))
	}
	r.host.Print(strings.TrimSuffix(b.String(), "\n"))
}

// options are how references are written.
func (r *REPL) options() reference.Options { return reference.Options{Width: r.host.Width()} }

// parameters shows those of a function as its head has them.
func parameters(fn runtime.SessionFunction) string {
	var shown []string
	for _, p := range fn.Parameters {
		text := p.Key
		if p.Type != "any" {
			text += ": " + p.Type
		}
		if p.Default != "" {
			text += " = " + p.Default
		}
		shown = append(shown, text)
	}
	if shown == nil {
		return "< >"
	}
	return "< " + strings.Join(shown, ", ") + " >"
}

// callable is what can be called: a component, or a function of the session.
type callable struct {
	name     string
	settings []runtime.SettingDescription
}

// find finds what can be called.
func (r *REPL) find(name string) (callable, bool) {
	for _, c := range r.engine.Components() {
		if c.Name() == name {
			return callable{name, c.Settings()}, true
		}
	}
	for _, fn := range r.session.Functions() {
		if fn.Name == name {
			return callable{name, fn.Parameters}, true
		}
	}
	return callable{}, false
}

// describe shows what there is to know about a component, a setting of one
// (`sendEmail.to`), a function of the session or one of expressions.
func (r *REPL) describe(name string) {
	for _, fn := range r.session.Functions() {
		if fn.Name == name {
			r.host.Print(name + " " + parameters(fn))
			return
		}
	}
	if signature := runtime.Builtins()[name]; signature != "" {
		r.host.Print(signature)
		return
	}
	var b strings.Builder
	for _, c := range r.engine.Components() {
		path, inside := strings.CutPrefix(name, c.Name()+".")
		switch {
		case c.Name() == name:
			reference.Write(&b, c, r.options())
		case inside:
			setting, err := reference.FindSetting(c, path)
			if err != nil {
				r.complain("%w", err)
				return
			}
			reference.WriteSetting(&b, setting, r.options())
		default:
			continue
		}
		r.host.Print(strings.TrimSuffix(b.String(), "\n"))
		return
	}
	r.complain("there is no component or function %q%s", name, didYouMean(name, r.callableNames()))
}

func (r *REPL) callableNames() []string {
	var names []string
	for _, c := range r.engine.Components() {
		names = append(names, c.Name())
	}
	for _, fn := range r.session.Functions() {
		names = append(names, fn.Name)
	}
	for name := range runtime.Builtins() {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func didYouMean(name string, candidates []string) string {
	if near := lang.Suggest(name, candidates); near != "" {
		return fmt.Sprintf(", did you mean %q?", near)
	}
	return ""
}
