package repl

import (
	"fmt"
	"slices"
	"strings"

	"flowrun/lang"
	"flowrun/runtime"
)

func (r *REPL) listVariables() {
	var b strings.Builder
	for _, name := range r.session.Names() {
		v, _ := r.session.Variable(name)
		switch {
		case !v.HasValue:
			fmt.Fprintf(&b, "%s has no value yet\n", name)
		case v.Global:
			fmt.Fprintf(&b, "%s = %s (the host's)\n", name, r.host.Glance(v.Value))
		default:
			fmt.Fprintf(&b, "%s = %s\n", name, r.host.Glance(v.Value))
		}
	}
	if b.Len() == 0 {
		b.WriteString("There are no variables.\n")
	}
	r.host.Print(strings.TrimSuffix(b.String(), "\n"))
}

func (r *REPL) listComponents() {
	var lines []string
	for _, c := range r.engine.Components() {
		sentence, _, _ := strings.Cut(c.Doc(), ". ")
		lines = append(lines, fmt.Sprintf("%-12s %s", c.Name(), strings.TrimSuffix(sentence, ".")))
	}
	for _, fn := range r.session.Functions() {
		lines = append(lines, fmt.Sprintf("%-12s %s", fn.Name, "function "+parameters(fn)))
	}
	r.host.Print(strings.Join(lines, "\n"))
}

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
	doc      string
	settings []runtime.SettingDescription
}

// find finds what can be called.
func (r *REPL) find(name string) (callable, bool) {
	for _, c := range r.engine.Components() {
		if c.Name() == name {
			return callable{name, c.Doc(), c.Settings()}, true
		}
	}
	for _, fn := range r.session.Functions() {
		if fn.Name == name {
			return callable{name, name + " " + parameters(fn), fn.Parameters}, true
		}
	}
	return callable{}, false
}

// describe shows what there is to know about a component, a setting of one
// (`sendEmail.to`), a function of the session or one of expressions.
func (r *REPL) describe(name string) {
	if found, ok := r.find(name); ok {
		r.host.Print(found.reference())
		return
	}
	if signature := runtime.Builtins()[name]; signature != "" {
		r.host.Print(signature)
		return
	}
	if at := strings.LastIndexByte(name, '.'); at > 0 {
		if found, ok := r.find(name[:at]); ok {
			r.describeSetting(found, name[at+1:])
			return
		}
	}
	r.complain("there is no component or function %q%s", name, didYouMean(name, r.callableNames()))
}

func (r *REPL) describeSetting(c callable, key string) {
	var keys []string
	for _, s := range slices.Concat(c.settings, runtime.UniversalSettings()) {
		if s.Key == key || s.Alias == key && key != "" {
			r.host.Print(settingLine(s, len(s.Key)))
			return
		}
		keys = append(keys, s.Key)
	}
	r.complain("%s has no setting %q%s", c.name, key, didYouMean(key, keys))
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

// reference shows a component and its settings, a line each.
func (c callable) reference() string {
	width := 0
	all := slices.Concat(c.settings, runtime.UniversalSettings())
	for _, s := range all {
		width = max(width, len(s.Key))
	}
	lines := []string{c.doc}
	for _, s := range all {
		lines = append(lines, "  "+settingLine(s, width))
	}
	return strings.Join(lines, "\n")
}

func settingLine(s runtime.SettingDescription, width int) string {
	facts := []string{s.Type}
	if s.Required {
		facts = append(facts, "required")
	}
	if s.Default != "" {
		facts = append(facts, "default "+s.Default)
	}
	if s.Enum != nil {
		facts = append(facts, `"`+strings.Join(s.Enum, `", "`)+`"`)
	}
	if s.Alias != "" {
		facts = append(facts, "also "+s.Alias)
	}
	return strings.TrimRight(fmt.Sprintf("%-*s  %s. %s", width, s.Key, strings.Join(facts, ", "), s.Doc), " ")
}
