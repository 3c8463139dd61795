package email

import (
	"strings"
	"unicode/utf8"

	"flowrun/runtime"
	"flowrun/runtime/value"
)

// What is said of a message without content, and of a text beside a text.
const (
	emptyMessage = "the message is empty"
	textBeside   = "the message is the text already"
)

// body renders the message.
func (l *letter) body(s *Settings) error {
	if s.Format != "html" && s.Format != "markdown" {
		if s.Text != nil {
			return &runtime.Failure{Kind: runtime.KindValue, Setting: "text", Message: "text: " + textBeside, Hint: textBesideHint}
		}
		text, err := s.Message.String()
		if err != nil {
			return bodyFailure("message", err)
		}
		l.text = text
		return notEmpty(l.text)
	}
	markup, err := s.markup()
	if err != nil {
		return bodyFailure("message", err)
	}
	l.html = markup.Markup()
	if err := notEmpty(l.html); err != nil {
		return err
	}
	return l.alternative(s)
}

const textBesideHint = `it goes with format: "html" or "markdown"`

// markup is the message as HTML.
func (s *Settings) markup() (value.HTML, error) {
	if s.Format == "markdown" {
		if text, err := s.Message.String(); err == nil && strings.TrimSpace(text) == "" {
			return value.HTML{}, nil
		}
		return markdownHTML(&s.Message)
	}
	return s.Message.HTML()
}

// alternative is the plain text beside HTML: the setting, else made of the HTML.
func (l *letter) alternative(s *Settings) (err error) {
	if s.Text == nil {
		if l.text, err = textOf(l.html); err != nil {
			return bodyFailure("message", err)
		}
		return nil
	}
	if l.text, err = s.Text.String(); err != nil {
		return bodyFailure("text", err)
	}
	switch {
	case strings.TrimSpace(l.text) == "":
		return &runtime.Failure{Kind: runtime.KindValue, Setting: "text", Message: "text is empty", Hint: "leave it out to have it made of the message"}
	case !utf8.ValidString(l.text):
		return &runtime.Failure{Kind: runtime.KindValue, Setting: "text", Message: "text is not valid UTF-8"}
	}
	return nil
}

func bodyFailure(setting string, err error) error {
	failure := &runtime.Failure{Kind: runtime.KindValue, Setting: setting, Message: setting + ": " + err.Error(), Cause: err}
	if kind := asFailure(err).Kind; kind != "" {
		failure.Kind = kind
	}
	failure.Hint = asFailure(err).Hint
	return failure
}

func notEmpty(message string) error {
	switch {
	case strings.TrimSpace(message) == "":
		return &runtime.Failure{Kind: runtime.KindValue, Setting: "message", Message: emptyMessage}
	case !utf8.ValidString(message):
		return &runtime.Failure{Kind: runtime.KindValue, Setting: "message", Message: "the message is not valid UTF-8"}
	}
	return nil
}
