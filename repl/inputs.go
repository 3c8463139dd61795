package repl

import "flowrun/lang"

// missingInputs are the errors of a typed entry that declares inputs without a default:
// nothing gives them a value.
func missingInputs(name, text string) lang.Diagnostics {
	file, _, _ := lang.ParseEntry(name, text)
	var missing lang.Diagnostics
	for _, statement := range file.Body.Statements {
		if input, ok := statement.(*lang.Input); ok && input.Default == nil {
			declared := file.Source.Slice(input.Span)
			missing = append(missing, lang.Diagnostic{
				Severity: lang.Error, Source: file.Source, Span: input.Name.Span,
				Summary: "nothing gives this input a value",
				Hint:    "add a default, " + declared + " = …; a flow gets its inputs by :load",
			})
		}
	}
	return missing
}
