package lang

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// labelScope holds the labels of one function, or of the flow outside of all
// functions, and the jumps to them.
type labelScope struct {
	labels map[string]*definedLabel
	order  []*definedLabel
	jumps  []jump
	fors   []*For // those around the statement being looked at
}

type definedLabel struct {
	*Label
	fors []*For
	used bool
}

type jump struct {
	*Goto
	fors []*For
}

func (s *labelScope) enter(loop *For) { s.fors = append(slices.Clip(s.fors), loop) }

func (s *labelScope) leave() { s.fors = s.fors[:len(s.fors)-1] }

// define notes a label and reports it when its name is taken.
func (s *labelScope) define(p *parser, label *Label) {
	if first := s.labels[label.Name.Text]; first != nil {
		line := p.source.LineOf(first.Span.Start)
		p.failAt(label.Name.Span, fmt.Sprintf("the label %q is set twice", label.Name.Text), fmt.Sprintf("the first is on line %d", line))
		return
	}
	if s.labels == nil {
		s.labels = map[string]*definedLabel{}
	}
	defined := &definedLabel{Label: label, fors: s.fors, used: p.reserved(label.Name.Text)}
	s.labels[label.Name.Text] = defined
	s.order = append(s.order, defined)
}

func (s *labelScope) jump(statement *Goto) {
	s.jumps = append(s.jumps, jump{Goto: statement, fors: s.fors})
}

// close reports jumps that lead nowhere or into a `for`, and warns of labels to
// which none leads.
func (s *labelScope) close(p *parser) {
	for _, from := range s.jumps {
		name := from.Label.Text
		to := s.labels[name]
		if to == nil && !p.listening(Error) {
			continue
		}
		if to == nil {
			p.failAt(from.Label.Span, fmt.Sprintf("there is no label %q", name), s.labelHint(name))
			continue
		}
		to.used = true
		if len(to.fors) > len(from.fors) || !slices.Equal(to.fors, from.fors[:len(to.fors)]) {
			p.failAt(from.Label.Span, fmt.Sprintf("the label %q is inside a `for` that this goto is outside of", name),
				"go to a label in front of the `for`")
		}
	}
	for _, label := range s.order {
		if !label.used {
			p.report(Diagnostic{
				Severity: Warning,
				Span:     label.Name.Span,
				Summary:  fmt.Sprintf("no goto leads to the label %q", label.Name.Text),
				Hint:     "remove it",
			})
		}
	}
}

// labelHint says where a jump that leads nowhere may have been meant to go.
func (s *labelScope) labelHint(name string) string {
	if len(s.labels) > MaxCandidates {
		return ""
	}
	names := slices.Sorted(maps.Keys(s.labels))
	if near := Suggest(name, names); near != "" {
		s.labels[near].used = true
		return fmt.Sprintf("did you mean %q?", near)
	}
	if len(names) == 0 {
		return fmt.Sprintf("write %s: in front of the statement to go to", name)
	}
	for _, label := range s.order {
		label.used = true
	}
	return "the labels here are " + strings.Join(names[:min(5, len(names))], ", ")
}
