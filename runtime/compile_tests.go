package runtime

import (
	"slices"
	"time"

	"flowrun/lang"
)

// holdsTests is the error for a test file that is taken for a flow.
func holdsTests(file *lang.File) lang.Diagnostic {
	d := lang.Diagnostic{
		Severity: lang.Error,
		Source:   file.Source,
		Summary:  "this file holds tests",
		Hint:     "run it with flowrun test",
	}
	if len(file.Body.Statements) > 0 {
		first := file.Body.Statements[0].Place()
		d.Span = lang.Span{Start: first.Start, End: min(first.End, first.Start+len("test"))}
	}
	return d
}

// declareTests collects the tests of the file and their names.
func (c *compiler) declareTests() {
	if c.statements == nil {
		return
	}
	for _, statement := range c.file.Body.Statements {
		s, ok := statement.(*lang.Test)
		if !ok {
			continue
		}
		own := newVariables()
		c.declarations(own).block(s.Body)
		test := &testCase{Test: &Test{
			Name:     s.Name.Text(),
			Range:    c.file.Source.Range(s.Name.Span),
			Body:     c.file.Source.Range(s.Body.Span),
			Location: c.engine.location,
		}, body: &function{name: s.Name.Text(), source: c.source, span: s.Name.Span, variables: own, test: true}}
		c.tests = append(c.tests, test)
	}
}

// written reports a statement that writes a name which the host keeps to itself.
func (c *compiler) written(name string, span lang.Span) {
	if c.statements != nil && slices.Contains(c.statements.ReadOnly, name) {
		c.errorf(span, "choose another name", "%s holds what the flows of this test have done", name)
	}
}

// testBodies compiles the tests.
func (c *compiler) testBodies() {
	next := 0
	for _, statement := range c.file.Body.Statements {
		s, ok := statement.(*lang.Test)
		if !ok || next >= len(c.tests) {
			continue
		}
		test := c.tests[next]
		next++
		c.testSettings(s, test.Test)
		outer := c.enter(test.body)
		test.body.body = c.block(s.Body)
		c.leave(outer)
	}
}

// testSettings reads `now` and `timezone` of a test.
func (c *compiler) testSettings(s *lang.Test, test *Test) {
	keys := []string{"now", "timezone"}
	texts := map[string]*lang.Setting{}
	if h := c.file.Header; h != nil {
		for _, setting := range h.Settings {
			if location := c.zone(setting); location != nil {
				test.Location = location
			}
		}
	}
	for _, setting := range s.Settings {
		if !slices.Contains(keys, setting.Key.Text) {
			c.errorf(setting.Key.Span, didYouMean(setting.Key.Text, keys), "unknown setting %q of test", setting.Key.Text)
			continue
		}
		if literal := setting.Value.Literal(); literal == nil || literal.Template() {
			c.errorf(setting.Value.Span, "", "%s of a test must be a plain string", setting.Key.Text)
			continue
		}
		texts[setting.Key.Text] = setting
	}
	if setting := texts["timezone"]; setting != nil {
		if location := c.zone(setting); location != nil {
			test.Location = location
		} else {
			c.errorf(setting.Value.Span, `IANA names look like "Europe/Kyiv"`, "unknown time zone %q", setting.Value.Literal().Text())
		}
	}
	if setting := texts["now"]; setting != nil {
		now, err := parseTime(setting.Value.Literal().Text(), test.Location)
		if err != nil {
			c.errorf(setting.Value.Span, "write "+err.Error(), "now of a test is no time")
		}
		test.Now = now
	}
}

// zone is the time zone that a setting names; nil when it names none.
func (c *compiler) zone(setting *lang.Setting) *time.Location {
	literal := setting.Value.Literal()
	if setting.Key.Text != "timezone" || literal == nil || literal.Template() || literal.Text() == "" {
		return nil
	}
	location, err := time.LoadLocation(literal.Text())
	if err != nil {
		return nil
	}
	return location
}

// expect compiles `expect condition`.
func (c *compiler) expect(s *lang.Expect) statement {
	condition, problems := c.expressions.CompileCondition(c.source, s.Condition, c.scope)
	for _, d := range problems {
		c.report(d)
	}
	if v, constant := condition.Constant(); constant {
		if _, ok := v.(bool); !ok {
			c.errorf(s.Condition.Span, "", "%s", conditionProblem(v))
		}
	}
	return &expectation{span: s.Condition.Span, condition: condition}
}

// runFlow compiles `run "file" < inputs >` to a call of what the host runs flows
// with.
func (c *compiler) runFlow(s *lang.Run) *call {
	compiled := c.callOf(&lang.Call{
		Span:      s.Span,
		Target:    s.Target,
		Component: lang.Name{Span: s.File.Span, Text: "run"},
		Settings:  s.Inputs,
		Close:     s.Close,
		Catch:     s.Catch,
	}, c.statements.Run(s.File.Text()), nil)
	compiled.mustFail = s.Catch != nil
	return compiled
}

// mock compiles `mock component < settings >` to a call of what the host mocks
// components with.
func (c *compiler) mock(s *lang.Mock) *call {
	return c.callOf(&lang.Call{
		Span:      s.Span,
		Component: lang.Name{Span: s.Component.Span, Text: "mock"},
		Settings:  s.Settings,
		Close:     s.Close,
	}, c.statements.Mock(s.Component.Text), nil)
}
