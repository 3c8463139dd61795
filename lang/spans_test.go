package lang_test

import (
	"math/rand/v2"
	"testing"

	"flowrun/lang"
)

func TestTreesOfGeneratedProgramsAreWellPlaced(t *testing.T) {
	grammar := readGrammar(t)
	for seed := range uint64(programs / 4) {
		text := grammar.newProgram(seed)
		file, _ := lang.Parse("generated.flow", text)
		checkPlaces(t, file)
		file, _ = lang.Parse("damaged.flow", damage(rand.New(rand.NewPCG(seed, 3)), text))
		checkPlaces(t, file)
		text = grammar.newTestProgram(seed)
		file, _ = lang.Parse("generated_test.flow", text)
		checkPlaces(t, file)
		file, _ = lang.Parse("damaged_test.flow", damage(rand.New(rand.NewPCG(seed, 4)), text))
		checkPlaces(t, file)
		if t.Failed() {
			t.Fatalf("seed %d:\n%s", seed, text)
		}
	}
}

// FuzzTree starts from the chunks of the data files and the files in
// testdata/fuzz/FuzzTree.
func FuzzTree(f *testing.F) {
	for _, chunk := range dataChunks(f) {
		f.Add(chunk.Source)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, name := range []string{"fuzzed.flow", "fuzzed_test.flow"} {
			file, _ := lang.Parse(name, text)
			checkPlaces(t, file)
		}
	})
}

// checkPlaces demands that every part of a tree stands inside of what it belongs
// to, and in order.
func checkPlaces(t *testing.T, file *lang.File) {
	t.Helper()
	c := places{t: t, source: file.Source}
	whole := lang.Span{End: len(file.Source.Text)}
	last := 0
	for _, comment := range file.Comments {
		c.inside("comment", comment.Span, lang.Span{Start: last, End: whole.End})
		last = comment.Span.End
		if comment.Text != file.Source.Slice(comment.Span) {
			t.Errorf("a comment at %v says %q", comment.Span, comment.Text)
		}
	}
	if header := file.Header; header != nil {
		c.inside("header", header.Span, whole)
		c.settings(header.Settings, header.Span)
	}
	c.block(file.Body, whole)
}

type places struct {
	t      *testing.T
	source *lang.Source
}

func (c *places) inside(what string, inner, outer lang.Span) {
	c.t.Helper()
	if inner.Start < outer.Start || inner.End > outer.End || inner.Start > inner.End {
		c.t.Errorf("%s at %v is not inside of %v", what, inner, outer)
	}
}

func (c *places) name(name lang.Name, outer lang.Span) {
	c.inside("name", name.Span, outer)
	if c.source.Slice(name.Span) != name.Text {
		c.t.Errorf("the name %q stands at %q", name.Text, c.source.Slice(name.Span))
	}
}

func (c *places) block(block *lang.Block, outer lang.Span) {
	c.inside("block", block.Span, outer)
	last := block.Span.Start
	for _, statement := range block.Statements {
		c.inside("statement", statement.Place(), lang.Span{Start: last, End: block.Span.End})
		c.statement(statement)
		last = statement.Place().End
	}
}

func (c *places) settings(settings []*lang.Setting, outer lang.Span) {
	last := outer.Start
	for _, setting := range settings {
		c.inside("setting", setting.Span, lang.Span{Start: last, End: outer.End})
		c.name(setting.Key, setting.Span)
		c.expression(setting.Value, setting.Span)
		last = setting.Span.End
	}
}

// expression checks an expression; nil stands for one that may be left out.
func (c *places) expression(e *lang.Expression, outer lang.Span) {
	if e == nil {
		return
	}
	c.inside("expression", e.Span, outer)
	last := e.Span.Start
	for _, literal := range e.Strings {
		c.inside("string", literal.Span, lang.Span{Start: last, End: e.Span.End})
		last = literal.Span.End
		c.parts(literal, e.Bad)
	}
	for _, spans := range [][]lang.Span{e.Comments(), e.WordKeys(), e.LeastInts()} {
		last = e.Span.Start
		for _, span := range spans {
			c.inside("comment, key or number", span, lang.Span{Start: last, End: e.Span.End})
			last = span.End
		}
	}
}

func (c *places) parts(literal *lang.StringLiteral, bad bool) {
	last, text := literal.Span.Start+1, false
	end := literal.Span.End - 1
	if bad { // perhaps it is never closed
		end++
	}
	for _, part := range literal.Parts {
		c.inside("part", part.Span, lang.Span{Start: last, End: end})
		last = part.Span.End
		if part.Expression != nil {
			c.expression(part.Expression, lang.Span{Start: part.Span.Start + 2, End: part.Span.End - 1})
		} else if !bad && (text || part.Text == "") {
			c.t.Errorf("a text at %v is empty or follows another", part.Span)
		}
		text = part.Expression == nil
	}
}

func (c *places) target(target *lang.Target, outer lang.Span) {
	if target == nil {
		return
	}
	c.inside("target", target.Span, outer)
	c.name(target.Name, target.Span)
	for _, step := range target.Path {
		c.inside("step", step.Span, target.Span)
		c.expression(step.Index, step.Span)
	}
}

func (c *places) statement(statement lang.Statement) {
	place := statement.Place()
	switch s := statement.(type) {
	case *lang.Input:
		c.name(s.Name, place)
		c.expression(s.Default, place)
	case *lang.Function:
		c.name(s.Name, place)
		for _, parameter := range s.Parameters {
			c.inside("parameter", parameter.Span, place)
			c.name(parameter.Name, parameter.Span)
			c.expression(parameter.Default, parameter.Span)
		}
		c.block(s.Body, place)
	case *lang.Assign:
		c.target(s.Target, place)
		c.expression(s.Value, place)
	case *lang.If:
		for _, branch := range s.Branches {
			c.expression(branch.Condition, place)
			c.block(branch.Body, place)
		}
		if s.Else != nil {
			c.block(s.Else, place)
		}
	case *lang.Switch:
		c.expression(s.Subject, place)
		for _, branch := range s.Cases {
			c.inside("case", branch.Span, place)
			for _, value := range branch.Values {
				c.expression(value, branch.Span)
			}
			c.block(branch.Body, branch.Span)
		}
		if s.Default != nil {
			c.block(s.Default, place)
		}
	case *lang.While:
		c.expression(s.Condition, place)
		c.block(s.Body, place)
	case *lang.For:
		c.name(s.Item, place)
		c.expression(s.Collection, place)
		c.block(s.Body, place)
	case *lang.Return:
		c.expression(s.Value, place)
	case *lang.Label:
		c.name(s.Name, place)
	case *lang.Goto:
		c.name(s.Label, place)
	case *lang.Test:
		c.inside("name", s.Name.Span, place)
		c.settings(s.Settings, place)
		c.block(s.Body, place)
	case *lang.Expect:
		c.expression(s.Condition, place)
	case *lang.Mock:
		c.name(s.Component, place)
		c.settings(s.Settings, place)
		c.inside("end of the settings", s.Close, place)
	case *lang.Run:
		c.target(s.Target, place)
		c.inside("file", s.File.Span, place)
		c.settings(s.Inputs, place)
		c.inside("end of the inputs", s.Close, place)
		if s.Catch != nil {
			c.block(s.Catch.Body, place)
		}
	case *lang.Call:
		c.call(s, place)
	}
}

func (c *places) call(s *lang.Call, place lang.Span) {
	c.target(s.Target, place)
	c.name(s.Component, place)
	c.settings(s.Settings, place)
	c.inside("closing mark", s.Close, place)
	if s.Failover != nil {
		c.block(s.Failover, place)
	}
	if s.Catch != nil {
		c.inside("catch", s.Catch.Span, place)
		c.block(s.Catch.Body, s.Catch.Span)
	}
}
