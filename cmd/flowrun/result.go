package main

import (
	"bytes"
	"encoding/json"
	"fmt"

	"flowrun/lang"
	"flowrun/runtime/value"
)

// narrow is the width up to which JSON is printed on one line.
const narrow = 80

// showResult prints what the flow returned: lists and maps as JSON, everything
// else as text. A flow that returned nothing prints nothing.
func (r *report) showResult() {
	if r.outcome.Result == nil {
		return
	}
	fmt.Fprintln(r.session.stdout, lang.Visible(resultText(r.outcome.Result)))
}

func resultText(v any) string {
	v = printable(v)
	switch v.(type) {
	case []any, map[string]any:
		compact := jsonOf(v)
		var indented bytes.Buffer
		if len(compact) <= narrow || json.Indent(&indented, compact, "", "  ") != nil {
			return string(compact)
		}
		return indented.String()
	}
	text, err := value.Text(v)
	if err != nil {
		return string(jsonOf(v))
	}
	return text
}

// jsonOf is a value as JSON. A value that has no JSON, which From lets none
// become, is described in words.
func jsonOf(v any) json.RawMessage {
	text, err := value.JSON(printable(v))
	if err != nil {
		quoted, _ := json.Marshal(err.Error())
		return quoted
	}
	return json.RawMessage(text)
}

// printable makes text of html and hides secrets, at any depth.
func printable(v any) any {
	return value.Replace(v, func(v any) (any, bool) {
		switch v := v.(type) {
		case value.HTML:
			return v.Markup(), true
		case *value.Secret:
			return v.String(), true
		}
		return nil, false
	})
}
