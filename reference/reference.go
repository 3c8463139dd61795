// Package reference writes the reference of components: for a terminal, or as a
// page in Markdown. All of it comes from what the components say of themselves,
// so a host's own components have their pages too.
package reference

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"flowrun/lang"
	"flowrun/runtime"
)

// Options tell what the text is written to. The zero value is plain text without
// line breaks inside paragraphs.
type Options struct {
	// Width is that of the terminal in columns; 0 is no limit.
	Width int
	// Bold makes text stand out; nil leaves it as it is.
	Bold func(string) string
}

func (o Options) bold(text string) string {
	if o.Bold == nil {
		return text
	}
	return o.Bold(text)
}

// sorted are components in the order of their names.
func sorted(components []*runtime.Component) []*runtime.Component {
	return slices.SortedFunc(slices.Values(components), func(a, b *runtime.Component) int {
		return cmp.Compare(a.Name(), b.Name())
	})
}

// item is one line of a section: a setting or a field, with what it takes or holds
// and those inside it.
type item struct {
	keys  []string // the key, and the alias
	takes string
	doc   string
	inner []item
}

// section is a titled part of a component's reference.
type section struct {
	title  string
	column string // what its items are
	items  []item
}

const universalTitle = "Settings of every call"

// sections are what there is to say of a component beside its description.
func sections(c *runtime.Component) []section {
	var universal []runtime.SettingDescription
	if c.HasUniversalSettings() && !c.InTests() {
		universal = runtime.UniversalSettings()
	}
	all := []section{
		{"Settings", "setting", settingItems(c.Settings())},
		{universalTitle, "setting", settingItems(universal)},
		{"Result", "field", fieldItems(c.Result())},
		errorSection(c),
	}
	return slices.DeleteFunc(all, func(s section) bool { return len(s.items) == 0 })
}

// errorSection does not repeat the fields that an error has from the result.
func errorSection(c *runtime.Component) section {
	result, raised := c.Result(), c.ErrorFields()
	inResult := func(f runtime.FieldDescription) bool {
		return slices.ContainsFunc(result, func(r runtime.FieldDescription) bool { return r.Key == f.Key && r.Doc == f.Doc })
	}
	further := slices.DeleteFunc(slices.Clone(raised), inResult)
	title := "Error, beside message, kind, component, line and stack"
	if result != nil && len(raised)-len(further) == len(result) {
		title = "Error, beside message, kind, component, line, stack and the fields of the result"
	}
	return section{title, "field", fieldItems(further)}
}

func settingItems(settings []runtime.SettingDescription) []item {
	items := make([]item, len(settings))
	for i, s := range settings {
		items[i] = item{keys: []string{s.Key}, takes: takes(s), doc: s.Doc, inner: settingItems(s.Settings)}
		if s.Alias != "" {
			items[i].keys = append(items[i].keys, s.Alias)
		}
	}
	return items
}

func fieldItems(fields []runtime.FieldDescription) []item {
	items := make([]item, len(fields))
	for i, f := range fields {
		items[i] = item{keys: []string{f.Key}, takes: f.Type, doc: f.Doc, inner: fieldItems(f.Fields)}
	}
	return items
}

// takes says what a setting takes, as in `int, 0 to 100; default 0`.
func takes(s runtime.SettingDescription) string {
	text := s.Type
	if s.Enum != nil {
		quoted := make([]string, len(s.Enum))
		for i, word := range s.Enum {
			quoted[i] = fmt.Sprintf("%q", word)
		}
		text = alternatives(quoted)
	}
	switch {
	case s.Min != nil && s.Max != nil:
		text += fmt.Sprintf(", %v to %v", *s.Min, *s.Max)
	case s.Min != nil:
		text += fmt.Sprintf(", %v or more", *s.Min)
	case s.Max != nil:
		text += fmt.Sprintf(", %v or less", *s.Max)
	}
	if s.Required {
		text += ", required"
	}
	if s.Default != "" {
		text += "; default " + s.Default
	}
	return text
}

// alternatives are words as in `a, b or c`.
func alternatives(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// conditions say in which flows the component may stand, and whether it takes
// whatever it is given.
func conditions(c *runtime.Component) string {
	if c.Open() {
		return flowTypes(c) + " Takes any settings."
	}
	return flowTypes(c)
}

func flowTypes(c *runtime.Component) string {
	if c.InTests() {
		return "Stands in tests only."
	}
	types := c.FlowTypes()
	if types == nil {
		return "May stand in every flow."
	}
	words := make([]string, len(types))
	for i, t := range types {
		words[i] = string(t)
	}
	return "May stand in " + strings.ReplaceAll(alternatives(words), " or ", " and ") + " flows, and in flows without a type."
}

// Find gives the component of that name. Its error says which was probably meant.
func Find(components []*runtime.Component, name string) (*runtime.Component, error) {
	names := make([]string, len(components))
	for i, c := range components {
		if c.Name() == name {
			return c, nil
		}
		names[i] = c.Name()
	}
	return nil, fmt.Errorf("unknown component %q%s", name, near(name, names))
}

// FindSetting gives the setting of a component at a path such as "smtp.password";
// the settings of every call are among them. Its error says which was probably
// meant.
func FindSetting(c *runtime.Component, path string) (runtime.SettingDescription, error) {
	settings := settingsOf(c)
	var found runtime.SettingDescription
	of := c.Name()
	for key := range strings.SplitSeq(path, ".") {
		at := slices.IndexFunc(settings, func(s runtime.SettingDescription) bool { return s.Key == key || s.Alias == key && key != "" })
		if at < 0 {
			keys := make([]string, len(settings))
			for i, s := range settings {
				keys[i] = s.Key
			}
			return found, fmt.Errorf("unknown setting %q of %s%s", key, of, near(key, keys))
		}
		found = settings[at]
		settings, of = found.Settings, of+"."+key
	}
	return found, nil
}

func near(word string, candidates []string) string {
	if found := lang.Suggest(word, candidates); found != "" {
		return fmt.Sprintf(", did you mean %q?", found)
	}
	return ""
}
