package main

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
	"time"

	"flowrun/builtins/email/mailtest"
	"flowrun/builtins/log"
	"flowrun/lang"
	"flowrun/runtime"
)

// schemaVersion changes when a reader of the documents has to.
const schemaVersion = 1

// documentHead begins the documents of all commands.
type documentHead struct {
	Version int    `json:"version"`
	Command string `json:"command"`
	Status  string `json:"status"`
	Exit    int    `json:"exit"`
}

func newDocumentHead(command string, status int) documentHead {
	return documentHead{schemaVersion, command, statusNames[status], status}
}

// runDocument is what `run --json` prints; docs/command.md describes it.
type runDocument struct {
	documentHead
	Flow        flowDocument         `json:"flow"`
	Run         string               `json:"run"`
	Result      json.RawMessage      `json:"result"`
	Problems    []string             `json:"problems"`
	Warnings    []string             `json:"warnings"`
	Diagnostics []diagnosticDocument `json:"diagnostics"`
	Failures    []failureDocument    `json:"failures"`
	Log         []logDocument        `json:"log"`
	Mails       []mailDocument       `json:"mails"`
	Steps       int                  `json:"steps"`
}

type flowDocument struct {
	File string `json:"file"`
	Name string `json:"name"`
	Type string `json:"type"`
}

type placeDocument struct {
	Line   int `json:"line"`
	Column int `json:"column"`
}

type diagnosticDocument struct {
	Severity string        `json:"severity"`
	File     string        `json:"file"`
	Start    placeDocument `json:"start"`
	End      placeDocument `json:"end"`
	Summary  string        `json:"summary"`
	Detail   string        `json:"detail,omitempty"`
	Hint     string        `json:"hint,omitempty"`
}

type failureDocument struct {
	Kind      string                     `json:"kind"`
	Message   string                     `json:"message"`
	Hint      string                     `json:"hint,omitempty"`
	Component string                     `json:"component,omitempty"`
	File      string                     `json:"file,omitempty"`
	Start     *placeDocument             `json:"start,omitempty"`
	End       *placeDocument             `json:"end,omitempty"`
	Stack     []stackDocument            `json:"stack"`
	Fields    map[string]json.RawMessage `json:"fields"`
}

type stackDocument struct {
	Function string        `json:"function"`
	Called   placeDocument `json:"called"`
}

type logDocument struct {
	Time    time.Time `json:"time"`
	Level   string    `json:"level"`
	Message string    `json:"message"`
	Line    int       `json:"line"`
}

type mailDocument struct {
	From        string               `json:"from"`
	To          []string             `json:"to"`
	TLS         string               `json:"tls"`
	User        string               `json:"user"`
	Headers     []headerDocument     `json:"headers"`
	Text        string               `json:"text"`
	HTML        string               `json:"html"`
	Attachments []attachmentDocument `json:"attachments"`
	Error       string               `json:"error,omitempty"`
}

type headerDocument struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type attachmentDocument struct {
	Name      string `json:"name"`
	Type      string `json:"type"`
	Size      int    `json:"size"`
	ContentID string `json:"contentId,omitempty"`
	Inline    bool   `json:"inline"`
}

// writeJSON prints the report of a run as a document.
func (r *report) writeJSON(status int, err error) {
	document := runDocument{
		documentHead: newDocumentHead("run", status),
		Flow:         flowDocument{File: r.flow.name, Name: r.flow.name},
		Result:       json.RawMessage("null"),
		Problems:     r.problems(err),
		Warnings:     each(r.warnings, same),
		Diagnostics:  diagnosticDocuments(r.diagnostics),
		Failures:     each(r.failures(), newFailureDocument),
		Log:          each(r.entries, newLogDocument),
		Mails:        each(r.mails, newMailDocument),
	}
	if r.program != nil {
		document.Flow.Name, document.Flow.Type = r.program.Name(), string(r.program.Type())
	}
	if r.outcome != nil {
		document.Run, document.Steps = r.outcome.Run, r.outcome.Steps
		document.Result = jsonOf(r.outcome.Result)
	}
	writeDocument(r.session.stdout, document)
}

// problemList is an error that lists everything that is wrong with what a run
// was given.
type problemList interface {
	error
	list() []string
}

// problems are what kept the flow from being run, beside its own mistakes.
func (r *report) problems(err error) []string {
	if err == nil || errors.Is(err, errInvalid) || r.failures() != nil {
		return []string{}
	}
	return toldProblems(err)
}

// toldProblems are the problems that an error tells.
func toldProblems(err error) []string {
	var list problemList
	if errors.As(err, &list) {
		return list.list()
	}
	return []string{err.Error()}
}

func writeDocument(w io.Writer, document any) {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	encoder.Encode(document)
}

// each makes a list that is never null.
func each[A, B any](items []A, convert func(A) B) []B {
	list := make([]B, len(items))
	for i, item := range items {
		list[i] = convert(item)
	}
	return list
}

// same keeps the texts of a list as they are.
func same(text string) string { return text }

func newPlace(p lang.Position) placeDocument { return placeDocument{p.Line, p.Column} }

func diagnosticDocuments(diagnostics lang.Diagnostics) []diagnosticDocument {
	return each(diagnostics, func(d lang.Diagnostic) diagnosticDocument {
		place := d.Range()
		return diagnosticDocument{
			Severity: d.Severity.String(),
			File:     d.Source.Name,
			Start:    newPlace(place.Start),
			End:      newPlace(place.End),
			Summary:  d.Summary,
			Detail:   d.Detail,
			Hint:     d.Hint,
		}
	})
}

func newFailureDocument(e *runtime.Error) failureDocument {
	document := failureDocument{
		Kind:      string(e.Kind),
		Message:   e.Message,
		Hint:      e.Hint,
		Component: e.Component,
		Fields:    map[string]json.RawMessage{},
		Stack: each(e.Stack, func(s runtime.StackEntry) stackDocument {
			return stackDocument{s.Function, newPlace(s.Range.Start)}
		}),
	}
	if e.Source != nil {
		place := e.Range()
		start, end := newPlace(place.Start), newPlace(place.End)
		document.File, document.Start, document.End = e.Source.Name, &start, &end
	}
	for key, v := range e.Fields {
		document.Fields[key] = jsonOf(v)
	}
	return document
}

func newLogDocument(entry log.Entry) logDocument {
	return logDocument{entry.Time, strings.ToLower(entry.Level.String()), entry.Message, entry.Line}
}

func newMailDocument(m mailtest.Mail) mailDocument {
	document := mailDocument{From: m.From, To: m.To, TLS: m.TLS, User: m.User}
	parsed, err := m.Parse()
	if err != nil {
		document.Error = err.Error()
		parsed = &mailtest.Message{}
	}
	document.Text, document.HTML = unixLines(parsed.Text), unixLines(parsed.HTML)
	document.Headers = each(parsed.Headers, func(h mailtest.Header) headerDocument {
		return headerDocument{h.Name, h.Value}
	})
	document.Attachments = each(parsed.Attachments, func(a mailtest.Attachment) attachmentDocument {
		return attachmentDocument{a.Name, a.Type, a.Size, a.ContentID, a.Inline}
	})
	return document
}

func unixLines(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }
