package main

import (
	"context"

	"github.com/spf13/cobra"

	"flowrun/builtins/email"
	"flowrun/explain"
	"flowrun/lang"
)

func newExplain(s *session) *cobra.Command {
	var asJSON bool
	command := &cobra.Command{
		Use:   "explain FILE|-",
		Short: "Tells in plain words what a flow does",
		Long: `Tells in plain words what a flow does; - is standard input.

It lists the inputs, what may be sent to whom over which server, and every
statement on a line of its own. Nothing is run. A flow with mistakes is reported
as by "flowrun check".`,
		Example: "  flowrun explain examples/order-shipped.flow",
		Args:    oneFlow("explain"),
		RunE: func(command *cobra.Command, args []string) error {
			return s.explain(command.Context(), args[0], asJSON)
		},
	}
	command.Flags().BoolVar(&asJSON, "json", false, "report to programs: one JSON document")
	return command
}

// explainDocument is what `explain --json` prints; docs/command.md describes it.
type explainDocument struct {
	Version     int                  `json:"version"`
	Command     string               `json:"command"`
	Status      string               `json:"status"`
	Exit        int                  `json:"exit"`
	Flow        explainedFlow        `json:"flow"`
	Inputs      []explainedInput     `json:"inputs"`
	Sends       []explainedSending   `json:"sends"`
	Statements  []explainedStatement `json:"statements"`
	Problems    []string             `json:"problems"`
	Diagnostics []diagnosticDocument `json:"diagnostics"`
}

type explainedFlow struct {
	flowDocument
	Description string `json:"description"`
	Timezone    string `json:"timezone"`
	OnError     string `json:"onError"`
}

type explainedInput struct {
	Name     string  `json:"name"`
	Type     string  `json:"type"`
	Required bool    `json:"required"`
	Default  *string `json:"default"`
	Comment  string  `json:"comment"`
}

type explainedSending struct {
	Line      int                 `json:"line"`
	Component string              `json:"component"`
	What      string              `json:"what"`
	Where     []explainedVariable `json:"where"`
}

type explainedVariable struct {
	Name string   `json:"name"`
	Is   []string `json:"is"`
}

type explainedStatement struct {
	Line     int    `json:"line"`
	Depth    int    `json:"depth"`
	Function string `json:"function"`
	Text     string `json:"text"`
}

// explain explains one flow.
func (s *session) explain(ctx context.Context, file string, asJSON bool) error {
	flow, err := s.readSource(ctx, file)
	var diagnostics lang.Diagnostics
	var explained *explain.Explanation
	if err == nil {
		err = refuseTests(file)
	}
	if err == nil {
		explained, diagnostics, err = s.explanation(flow)
	}
	status := statusDone
	switch {
	case ctx.Err() != nil:
		status, err = statusInterrupted, errInterrupted
	case err != nil:
		status = statusUsage
	case explained == nil:
		status = statusInvalid
	}
	if asJSON {
		writeDocument(s.stdout, newExplainDocument(flow, explained, diagnostics, status, err))
		return exit(status)
	}
	if err != nil {
		s.complain(err)
		return exit(status)
	}
	diagnostics.Render(s.stderr, s.rendering())
	if explained != nil {
		return explained.Write(s.stdout)
	}
	return exit(status)
}

// explanation checks a flow and explains it, unless it has errors.
func (s *session) explanation(flow source) (*explain.Explanation, lang.Diagnostics, error) {
	engine, err := newEngine(email.Config{Store: lazyStore(storePlace{})}, nil, s.secret)
	if err != nil {
		return nil, nil, err
	}
	_, diagnostics := engine.Compile(flow.name, flow.text)
	if diagnostics.HasErrors() {
		return nil, diagnostics, nil
	}
	tree, _ := lang.Parse(flow.name, flow.text)
	return explain.Explain(tree, engine.Components()), diagnostics, nil
}

func newExplainDocument(flow source, explained *explain.Explanation, diagnostics lang.Diagnostics, status int, err error) explainDocument {
	document := explainDocument{
		Version:     schemaVersion,
		Command:     "explain",
		Status:      statusNames[status],
		Exit:        status,
		Flow:        explainedFlow{flowDocument: flowDocument{File: flow.name, Name: flow.name}},
		Problems:    []string{},
		Diagnostics: diagnosticDocuments(diagnostics),
	}
	if err != nil {
		document.Problems = []string{err.Error()}
	}
	if explained == nil {
		explained = &explain.Explanation{Name: flow.name}
	} else {
		document.Flow.OnError = map[bool]string{false: "stop", true: "continue"}[explained.GoesOn]
	}
	document.Flow.Name, document.Flow.Type = explained.Name, explained.Type
	document.Flow.Description, document.Flow.Timezone = explained.Description, explained.Timezone
	document.Inputs = each(explained.Inputs, func(in explain.Input) explainedInput {
		input := explainedInput{Name: in.Name, Type: in.Type, Required: in.Required, Comment: in.Comment}
		if !in.Required {
			input.Default = &in.Default
		}
		return input
	})
	document.Sends = each(explained.Sendings, func(sending explain.Sending) explainedSending {
		return explainedSending{sending.Line, sending.Component, sending.What, each(sending.Where, func(v explain.Variable) explainedVariable {
			return explainedVariable(v)
		})}
	})
	document.Statements = each(explained.Statements, func(statement explain.Statement) explainedStatement {
		return explainedStatement(statement)
	})
	return document
}
