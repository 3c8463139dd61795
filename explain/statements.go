package explain

import (
	"fmt"
	"strings"

	"flowrun/internal/excerpt"
	"flowrun/lang"
)

// labelsOf collects the lines of the labels of a block, those of blocks in it too.
func labelsOf(block *lang.Block, found map[string]int, line func(int) int) map[string]int {
	for _, statement := range block.Statements {
		if label, ok := statement.(*lang.Label); ok {
			found[label.Name.Text] = line(label.Span.Start)
		}
		for _, inner := range blocksOf(statement) {
			labelsOf(inner, found, line)
		}
	}
	return found
}

func (w *writer) functionBody(f *lang.Function) {
	w.function = f.Name.Text
	w.labels = labelsOf(f.Body, map[string]int{}, w.line)
	var parameters []string
	for _, p := range f.Parameters {
		parameters = append(parameters, w.input(p.Name, p.Type, p.Default, p.Span).words())
	}
	with := "without parameters"
	if len(parameters) > 0 {
		with = "with " + strings.Join(parameters, ", ")
	}
	w.say(f.Span, 0, "Function ", f.Name.Text, ", ", with, ":")
	w.block(f.Body, 1)
}

// words tells an input on one line, without its comment.
func (in Input) words() string {
	if in.Required {
		return fmt.Sprintf("%s (%s)", in.Name, in.Type)
	}
	return fmt.Sprintf("%s (%s, else %s)", in.Name, in.Type, in.Default)
}

func (w *writer) block(block *lang.Block, depth int) {
	for _, statement := range block.Statements {
		w.statement(statement, depth)
	}
	if len(block.Statements) == 0 && depth > 0 {
		w.say(block.Span, depth, "Nothing is done.")
	}
}

func (w *writer) statement(statement lang.Statement, depth int) {
	switch s := statement.(type) {
	case *lang.Assign:
		w.say(s.Span, depth, "Sets ", w.target(s.Target), " to ", w.value(s.Value), ".")
	case *lang.If:
		for i, branch := range s.Branches {
			word := "If "
			if i > 0 {
				word = "Else if "
			}
			w.say(branch.Condition.Span, depth, word, w.value(branch.Condition), ":")
			w.block(branch.Body, depth+1)
		}
		if s.Else != nil {
			w.say(s.Else.Span, depth, "Else:")
			w.block(s.Else, depth+1)
		}
	case *lang.Switch:
		w.cases(s, depth)
	case *lang.While:
		w.say(s.Span, depth, "As long as ", w.value(s.Condition), ":")
		w.block(s.Body, depth+1)
	case *lang.For:
		names := s.Item.Text
		if s.Key != nil {
			names = s.Key.Text + " and " + names
		}
		w.say(s.Span, depth, "For each ", names, " of ", w.value(s.Collection), ":")
		w.block(s.Body, depth+1)
	case *lang.Break:
		w.say(s.Span, depth, "Leaves the loop.")
	case *lang.Continue:
		w.say(s.Span, depth, "Goes on with the next pass of the loop.")
	case *lang.Stop:
		w.say(s.Span, depth, "Ends the run.")
	case *lang.Return:
		w.result(s, depth)
	case *lang.Label:
		w.say(s.Span, depth, "Here is ", s.Name.Text, ", where gotos lead.")
	case *lang.Goto:
		w.say(s.Span, depth, fmt.Sprintf("Goes to %s in line %d.", s.Label.Text, w.labels[s.Label.Text]))
	case *lang.Call:
		w.call(s, depth)
	}
}

func (w *writer) cases(s *lang.Switch, depth int) {
	w.say(s.Span, depth, "Depending on ", w.value(s.Subject), ":")
	for _, one := range s.Cases {
		values := make([]string, len(one.Values))
		for i, v := range one.Values {
			values[i] = w.value(v)
		}
		w.say(one.Span, depth+1, "If it is ", excerpt.Cut(strings.Join(values, " or "), most), ":")
		w.block(one.Body, depth+2)
	}
	if s.Default != nil {
		w.say(s.Default.Span, depth+1, "If it is none of these:")
		w.block(s.Default, depth+2)
	}
}

func (w *writer) result(s *lang.Return, depth int) {
	ends := "Ends the run"
	if w.function != "" {
		ends = "Leaves the function"
	}
	if s.Value != nil {
		ends += " with the result " + w.value(s.Value)
	}
	w.say(s.Span, depth, ends, ".")
}

func (w *writer) target(t *lang.Target) string {
	text := excerpt.Source(w.file.Source, t.Span, most)
	if t.Global {
		return strings.TrimSpace(strings.TrimPrefix(text, "global")) + " of the flow"
	}
	return text
}
