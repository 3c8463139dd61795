package explain

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"flowrun/internal/excerpt"
	"flowrun/lang"
	"flowrun/runtime"
)

// call explains a call and its blocks.
func (w *writer) call(s *lang.Call, depth int) {
	component := w.components[s.Component.Text]
	settings, outputs := w.settings(s, component)
	words := w.wording(s, component, settings)
	var text strings.Builder
	if description := settings["description"]; description != "" {
		text.WriteString(strings.Trim(description, `"`) + ": ")
		text.WriteString(words.Does)
	} else {
		text.WriteString(capital(words.Does))
	}
	if s.Target != nil {
		text.WriteString(", with the result in " + w.target(s.Target))
	}
	if timeout := settings["timeout"]; timeout != "" {
		text.WriteString(", within " + strings.Trim(timeout, `"`))
	}
	text.WriteString(".")
	for _, sentence := range append(words.Further, w.policy(s, settings, outputs, words.Sends != "")...) {
		text.WriteString(" " + sentence)
	}
	w.say(s.Span, depth, text.String())
	if words.Sends != "" {
		w.explained.Sendings = append(w.explained.Sendings, Sending{w.line(s.Span.Start), s.Component.Text, words.Sends, w.where(s, words.Repeats)})
	}
	if s.Failover != nil {
		w.say(s.Failover.Span, depth+1, "Above this limit, instead:")
		w.block(s.Failover, depth+2)
	}
	if s.Catch != nil {
		with := ""
		if s.Catch.Name != nil {
			with = ", with the error in " + s.Catch.Name.Text
		}
		w.say(s.Catch.Span, depth+1, "When it fails", with, ":")
		w.block(s.Catch.Body, depth+2)
	}
}

// describedBy are the settings of a component by key and alias.
func describedBy(component *runtime.Component) map[string]runtime.SettingDescription {
	described := map[string]runtime.SettingDescription{}
	for _, d := range component.Settings() {
		described[d.Key] = d
		if d.Alias != "" {
			described[d.Alias] = d
		}
	}
	return described
}

// settings are those of a call by key, and the variables that it fills when it
// fails.
func (w *writer) settings(s *lang.Call, component *runtime.Component) (settings map[string]string, outputs []string) {
	settings = map[string]string{}
	for _, setting := range s.Settings {
		key, text := setting.Key.Text, w.setting(setting, component)
		if d, ok := w.described[s.Component.Text][key]; ok {
			key = d.Key
			if d.Output {
				outputs = append(outputs, text)
			}
		}
		settings[key], settings[setting.Key.Text] = text, text
	}
	return settings, outputs
}

// setting gives the value of a setting, unless it may be a secret.
func (w *writer) setting(s *lang.Setting, component *runtime.Component) string {
	if component == nil {
		return excerpt.Setting(w.file.Source, s, most)
	}
	d := w.described[component.Name()][s.Key.Text]
	switch {
	case d.Secret:
		return excerpt.Secret(w.file.Source, s.Value, most)
	case holdsSecret(d):
		return excerpt.Entries(w.file.Source, s.Value, func(key string) bool { return mayHoldSecret(d.Settings, key) }, most)
	case component.ToldWhole(d.Key):
		return excerpt.Whole(w.file.Source, s.Value)
	}
	return excerpt.Counted(w.file.Source, s.Value, most)
}

// holdsSecret reports that a setting may hold a secret, which no explanation repeats.
func holdsSecret(d runtime.SettingDescription) bool {
	return d.Secret || slices.ContainsFunc(d.Settings, holdsSecret)
}

// mayHoldSecret reports that of a setting among others, and of one that is none of them.
func mayHoldSecret(settings []runtime.SettingDescription, key string) bool {
	at := slices.IndexFunc(settings, func(d runtime.SettingDescription) bool { return d.Key == key || d.Alias == key })
	return at < 0 || key == "" || holdsSecret(settings[at])
}

// wording is what the component says of a call, or else what its name, Doc and
// settings do.
func (w *writer) wording(s *lang.Call, component *runtime.Component, settings map[string]string) runtime.Wording {
	if component != nil {
		if words, ok := component.Explain(maps.Clone(settings)); ok && words.Does != "" {
			return visible(words)
		}
	}
	var given []string
	for _, setting := range s.Settings {
		if key := setting.Key.Text; !universal(key) {
			given = append(given, key+": "+settings[key])
		}
	}
	does := "calls " + s.Component.Text
	if w.functions[s.Component.Text] != nil {
		does = "calls the function " + s.Component.Text
	}
	if len(given) > 0 {
		does += " with " + someOf(given)
	}
	words := runtime.Wording{Does: does}
	if w.functions[s.Component.Text] == nil {
		words.Sends = "what, it does not say"
	}
	if component != nil && component.Doc() != "" {
		doc := lang.VisibleLine(component.Doc())
		words.Sends += "; its own words: " + doc
		words.Further = []string{doc}
	}
	return words
}

// someOf lists the first settings of a call, and says how many more there are.
func someOf(given []string) string {
	text := excerpt.Cut(given[0], 2*most)
	for i, one := range given[1:] {
		if len(text)+len(one) > 2*most {
			return text + fmt.Sprintf(" and %d more", len(given)-1-i)
		}
		text += ", " + one
	}
	return text
}

// visible makes the words of a component fit to be printed.
func visible(words runtime.Wording) runtime.Wording {
	shown := runtime.Wording{Does: lang.VisibleLine(words.Does), Sends: lang.VisibleLine(words.Sends), Repeats: words.Repeats}
	for _, sentence := range words.Further {
		shown.Further = append(shown.Further, lang.VisibleLine(sentence))
	}
	return shown
}

func universal(key string) bool {
	for _, s := range runtime.UniversalSettings() {
		if s.Key == key {
			return true
		}
	}
	return false
}

// policy tells how often a call is passed, what becomes of its failure, and
// whether it ends the run.
func (w *writer) policy(s *lang.Call, settings map[string]string, outputs []string, sends bool) (sentences []string) {
	if limit := settings["limit"]; limit != "" {
		sentence := fmt.Sprintf("At most %s passes in a run", limit)
		if limit == "1" {
			sentence = "At most one pass in a run"
		}
		if s.Failover == nil {
			sentence += "; one more is a failure"
		}
		sentences = append(sentences, sentence+".")
	}
	switch when := settings["break"]; when {
	case "", "false":
	case "true":
		sentences = append(sentences, "Then the run ends.")
	default:
		sentences = append(sentences, fmt.Sprintf("Then the run ends if %s.", when))
	}
	switch {
	case len(outputs) > 0 && s.Catch != nil:
		sentences = append(sentences, fmt.Sprintf("When it fails, %s says why.", strings.Join(outputs, " and ")))
	case s.Catch != nil:
	case len(outputs) > 0:
		sentences = append(sentences, fmt.Sprintf("When it fails, %s says why, and the flow goes on.", strings.Join(outputs, " and ")))
	case w.explained.GoesOn:
	case sends && w.function != "":
		sentences = append(sentences, "When it fails, the function fails.")
	case sends:
		sentences = append(sentences, "When it fails, the run ends with that error.")
	}
	return sentences
}

func capital(sentence string) string {
	if sentence == "" {
		return ""
	}
	first, size := utf8.DecodeRuneInString(sentence)
	return string(unicode.ToUpper(first)) + sentence[size:]
}
