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
		w.explained.Sendings = append(w.explained.Sendings, Sending{w.line(s.Span.Start), s.Component.Text, words.Sends, w.where(s, words.Sends)})
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

// settings are those of a call by key, and the variables that it fills when it
// fails.
func (w *writer) settings(s *lang.Call, component *runtime.Component) (settings map[string]string, outputs []string) {
	described := map[string]runtime.SettingDescription{}
	if component != nil {
		for _, d := range component.Settings() {
			described[d.Key] = d
			if d.Alias != "" {
				described[d.Alias] = d
			}
		}
	}
	settings = map[string]string{}
	for _, setting := range s.Settings {
		key, text := setting.Key.Text, w.value(setting.Value)
		if d, ok := described[key]; ok {
			key = d.Key
			if hidden(d, text) {
				text = "***"
			}
			if d.Output {
				outputs = append(outputs, text)
			}
		}
		settings[key], settings[setting.Key.Text] = text, text
	}
	return settings, outputs
}

// hidden reports that a setting may hold a secret in plain text, which no
// explanation repeats.
func hidden(d runtime.SettingDescription, text string) bool {
	holds := func(d runtime.SettingDescription) bool { return d.Secret }
	return (d.Secret || slices.ContainsFunc(d.Settings, holds)) && !strings.HasPrefix(text, "secret(")
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
		does += " with " + excerpt.Cut(strings.Join(given, ", "), 2*most)
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

// visible makes the words of a component fit to be printed.
func visible(words runtime.Wording) runtime.Wording {
	shown := runtime.Wording{Does: lang.VisibleLine(words.Does), Sends: lang.VisibleLine(words.Sends)}
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
