package value

import (
	"errors"
	"fmt"
	"html/template"
	"strings"
)

// HTML renders the template as HTML. Each dynamic part is escaped for the place
// where it lands (text, attribute, URL, style, script), html values are not
// escaped again, and the literal text stays as it is, its HTML comments included. It
// is an error when the markup leaves a tag, an attribute, a script or a style
// open, when a part may not stand where it does, such as a `javascript:` address
// in a link, and when a part is nil or a secret; what concerns one part is a
// *PartError.
func (t *Template) HTML() (HTML, error) {
	m, err := markupOf(t)
	if err != nil {
		return HTML{}, err
	}
	content := markupContent{Trusted: m.trusted}
	size := m.size
	for i, part := range t.Parts {
		if !part.Dynamic {
			continue
		}
		piece, text, err := part.markup(t.bounds())
		if err != nil {
			return HTML{}, &PartError{Part: i, Err: err}
		}
		size += len(text)
		content.Parts = append(content.Parts, piece)
	}
	if err := t.bounds().CheckText(size); err != nil {
		return HTML{}, err
	}
	var out strings.Builder
	out.Grow(size + size/8)
	if err := m.template.Execute(&out, content); err != nil {
		return HTML{}, markupFault(err)
	}
	if strings.Contains(out.String(), unsafeMark) && !t.contains(unsafeMark) {
		return HTML{}, t.misplaced(m)
	}
	if err := t.bounds().CheckText(out.Len()); err != nil {
		return HTML{}, err
	}
	return HTML{markup: out.String()}, nil
}

// PartError is an error of one dynamic part of a template.
type PartError struct {
	Part int // its index in Template.Parts
	Err  error
}

func (e *PartError) Error() string { return e.Err.Error() }

// Unwrap gives the error itself.
func (e *PartError) Unwrap() error { return e.Err }

// CheckHTML reports what HTML would find wrong with the literal text, whatever
// the dynamic parts are.
func (t *Template) CheckHTML() error {
	m, err := markupOf(t)
	if err != nil {
		return err
	}
	content := markupContent{Trusted: m.trusted}
	for _, part := range t.Parts {
		if part.Dynamic {
			content.Parts = append(content.Parts, "")
		}
	}
	var out strings.Builder
	if err := m.template.Execute(&out, content); err != nil {
		return markupFault(err)
	}
	return nil
}

// EscapeHTML makes html of a text that says nothing but itself.
func EscapeHTML(text string) HTML { return HTML{markup: template.HTMLEscapeString(text)} }

// unsafeMark is what html/template writes in place of a value that may not
// stand where it does.
const unsafeMark = "ZgotmplZ"

// markupContent is what the html/template is executed with.
type markupContent struct {
	Parts   []any
	Trusted []template.HTML
}

// markup gives a dynamic part as html/template shall see it, and its text.
func (p Part) markup(b *Budget) (piece any, text string, err error) {
	switch v := p.Value.(type) {
	case HTML:
		return template.HTML(v.markup), v.markup, nil
	case string:
		return v, v, nil
	}
	if text, err = p.plain(b); err != nil {
		return nil, "", err
	}
	if _, ok := p.Value.(*Template); ok {
		return text, text, nil
	}
	return dynamic{p.Value, text}, text, nil
}

// dynamic prints as its text, and in a script as the value in JSON.
type dynamic struct {
	value any
	text  string
}

func (d dynamic) String() string { return d.text }

func (d dynamic) MarshalJSON() ([]byte, error) {
	text, err := JSON(d.value)
	return []byte(text), err
}

func (t *Template) contains(text string) bool {
	for _, part := range t.Parts {
		if !part.Dynamic && strings.Contains(part.Text, text) {
			return true
		}
		if _, shown, err := part.markup(t.bounds()); part.Dynamic && err == nil && strings.Contains(shown, text) {
			return true
		}
	}
	return false
}

// misplaced finds the part that was refused: the first that alone is refused.
func (t *Template) misplaced(m *markup) error {
	content := markupContent{Trusted: m.trusted}
	for _, part := range t.Parts {
		if part.Dynamic {
			content.Parts = append(content.Parts, "x")
		}
	}
	at := 0
	for i, part := range t.Parts {
		if !part.Dynamic {
			continue
		}
		piece, text, _ := part.markup(t.bounds())
		content.Parts[at] = piece
		var out strings.Builder
		if err := m.template.Execute(&out, content); err == nil && strings.Contains(out.String(), unsafeMark) {
			return &PartError{Part: i, Err: fmt.Errorf("${%s}: %q may not stand at this place of the HTML", part.Source, shorten(text))}
		}
		content.Parts[at] = "x"
		at++
	}
	return errors.New("a value may not stand at its place of the HTML")
}

func shorten(text string) string {
	const most = 60
	characters := 0
	for i := range text {
		if characters == most {
			return text[:i] + "…"
		}
		characters++
	}
	return text
}

// markupFault puts an error of html/template into the language's words.
func markupFault(err error) error {
	var fault *template.Error
	if !errors.As(err, &fault) {
		return errors.New("the HTML cannot be rendered")
	}
	switch fault.ErrorCode {
	case template.ErrEndContext:
		return fmt.Errorf("the HTML ends inside %s", openPlace(fault.Description))
	case template.ErrBadHTML:
		return errors.New("the HTML has a malformed tag or attribute; put attribute values in quotes")
	case template.ErrAmbigContext:
		return errors.New("an attribute's value must be in quotes, or its text and ${…} may not be mixed like this")
	case template.ErrSlashAmbig:
		return errors.New("a / in the script may begin a regular expression or divide; add parentheses")
	case template.ErrPartialEscape, template.ErrPartialCharset:
		return errors.New("an escape or a character class in the script or style is cut by ${…}")
	}
	return errors.New("the HTML is malformed")
}

// openPlace tells from html/template's context where the text ended.
func openPlace(context string) string {
	for _, place := range []struct{ sign, words string }{
		{"stateHTMLCmt", "a comment"},
		{"stateRCDATA", "<title> or <textarea>"},
		{"delimDoubleQuote", "an attribute's value"},
		{"delimSingleQuote", "an attribute's value"},
		{"stateJS", "a script"},
		{"stateCSS", "a style"},
	} {
		if strings.Contains(context, place.sign) {
			return place.words
		}
	}
	return "a tag"
}
