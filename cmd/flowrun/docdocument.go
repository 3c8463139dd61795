package main

import (
	"slices"

	"flowrun/runtime"
)

// referenceDocument is what `doc --json` prints; docs/command.md describes it.
type referenceDocument struct {
	Version    int                 `json:"version"`
	Command    string              `json:"command"`
	Status     string              `json:"status"`
	Exit       int                 `json:"exit"`
	Problems   []string            `json:"problems"`
	Components []componentDocument `json:"components"`
	Setting    *settingDocument    `json:"setting,omitempty"`
	Functions  []functionDocument  `json:"functions,omitempty"`
}

type functionDocument struct {
	Name      string `json:"name"`
	Signature string `json:"signature"`
}

type componentDocument struct {
	Name     string            `json:"name"`
	Doc      string            `json:"doc"`
	Types    []string          `json:"types"` // none: every flow
	Example  string            `json:"example,omitempty"`
	Settings []settingDocument `json:"settings"` // those of every call included
	Result   []fieldDocument   `json:"result"`
	Error    []fieldDocument   `json:"error"`
}

type settingDocument struct {
	Key       string            `json:"key"`
	Alias     string            `json:"alias,omitempty"`
	Type      string            `json:"type"`
	Required  bool              `json:"required"`
	Universal bool              `json:"universal"`
	Default   string            `json:"default,omitempty"`
	Min       *float64          `json:"min,omitempty"`
	Max       *float64          `json:"max,omitempty"`
	Enum      []string          `json:"enum,omitempty"`
	Variable  bool              `json:"variable"`
	Output    bool              `json:"output"`
	Secret    bool              `json:"secret"`
	Doc       string            `json:"doc"`
	Settings  []settingDocument `json:"settings,omitempty"`
}

type fieldDocument struct {
	Key    string          `json:"key"`
	Type   string          `json:"type"`
	Doc    string          `json:"doc"`
	Fields []fieldDocument `json:"fields,omitempty"`
}

func newReferenceDocument(status int, err error) referenceDocument {
	document := referenceDocument{
		Version: schemaVersion, Command: "doc", Status: statusNames[status], Exit: status,
		Problems: []string{}, Components: []componentDocument{},
	}
	if err != nil {
		document.Problems = append(document.Problems, err.Error())
	}
	return document
}

func (s *session) writeComponents(components []*runtime.Component) error {
	document := newReferenceDocument(statusDone, nil)
	document.Components = each(components, newComponentDocument)
	writeDocument(s.stdout, document)
	return nil
}

func newComponentDocument(c *runtime.Component) componentDocument {
	return componentDocument{
		Name:     c.Name(),
		Doc:      c.Doc(),
		Types:    each(c.FlowTypes(), func(t runtime.FlowType) string { return string(t) }),
		Example:  c.Example(),
		Settings: each(append(c.Settings(), runtime.UniversalSettings()...), newSettingDocument),
		Result:   each(c.Result(), newFieldDocument),
		Error:    each(c.ErrorFields(), newFieldDocument),
	}
}

func newSettingDocument(s runtime.SettingDescription) settingDocument {
	return settingDocument{
		Key: s.Key, Alias: s.Alias, Type: s.Type, Required: s.Required, Default: s.Default,
		Min: s.Min, Max: s.Max, Enum: s.Enum, Variable: s.Variable, Output: s.Output, Secret: s.Secret,
		Universal: slices.ContainsFunc(runtime.UniversalSettings(), func(u runtime.SettingDescription) bool { return u.Key == s.Key }),
		Doc:       s.Doc, Settings: each(s.Settings, newSettingDocument),
	}
}

func newFieldDocument(f runtime.FieldDescription) fieldDocument {
	return fieldDocument{Key: f.Key, Type: f.Type, Doc: f.Doc, Fields: each(f.Fields, newFieldDocument)}
}
