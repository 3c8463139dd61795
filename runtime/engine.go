package runtime

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"flowrun/lang"
)

// Engine compiles flows for one host. It is immutable and safe for concurrent use.
type Engine struct {
	components map[string]*Component
	globals    map[string]any
	secrets    func(name string) (string, error)
	limits     Limits
	location   *time.Location
	onVM       bool // expressions, so that tests can compare
}

// Option configures an Engine.
type Option func(*Engine) error

// WithComponents registers components. Two of one name are an error.
func WithComponents(components ...*Component) Option {
	return func(e *Engine) error {
		for i, c := range components {
			switch {
			case c == nil:
				return fmt.Errorf("component %d of WithComponents is nil", i+1)
			case c.unfit != nil:
				return c.unfit
			}
			if problem := componentNameProblem(c.name); problem != "" {
				return fmt.Errorf("component %q: %s", c.name, problem)
			}
			if e.components[c.name] != nil {
				return fmt.Errorf("two components are named %q", c.name)
			}
			e.components[c.name] = c
		}
		return nil
	}
}

func componentNameProblem(name string) string {
	for _, word := range strings.Split(name, ".") {
		if !lang.IsName(word) {
			return "a name is a word, or words joined by dots"
		}
	}
	if lang.IsKeyword(name) {
		return "the name is a keyword"
	}
	return ""
}

// WithGlobals gives every flow these names. The values are converted once, here;
// a flow that assigns to one changes its own run only.
func WithGlobals(globals map[string]any) Option {
	return func(e *Engine) error {
		for _, name := range slices.Sorted(maps.Keys(globals)) {
			if !lang.IsName(name) {
				return fmt.Errorf("global %q: a name is a letter or _ followed by letters, digits and _", name)
			}
			if lang.IsKeyword(name) {
				return fmt.Errorf("global %q is a keyword, call it %q", name, name+"_")
			}
			if e.globals == nil {
				e.globals = make(map[string]any, len(globals))
			}
			e.globals[name] = globals[name]
		}
		return nil
	}
}

// WithSecrets grants secrets: resolve gives what secret("NAME") stands for, or
// an error. It is called each time a component uses the secret; no secret is
// granted without it.
func WithSecrets(resolve func(name string) (string, error)) Option {
	return func(e *Engine) error {
		if resolve == nil {
			return errors.New("WithSecrets: nil function")
		}
		e.secrets = resolve
		return nil
	}
}

// WithLimits bounds the sources that the engine compiles and every run of its
// programs.
func WithLimits(limits Limits) Option {
	return func(e *Engine) error {
		e.limits = limits
		return limits.check()
	}
}

// WithLocation sets the time zone of flows whose header names none; without it
// theirs is the machine's.
func WithLocation(location *time.Location) Option {
	return func(e *Engine) error {
		if location == nil {
			return errors.New("WithLocation: nil location")
		}
		e.location = location
		return nil
	}
}

// New makes an engine. It grants nothing by itself: no component, no secret.
func New(options ...Option) (*Engine, error) {
	e := &Engine{
		components: map[string]*Component{},
		location:   time.Local,
		secrets:    noSecrets,
	}
	for _, option := range options {
		if option == nil {
			continue
		}
		if err := option(e); err != nil {
			return nil, fmt.Errorf("runtime: %w", err)
		}
	}
	e.limits = e.limits.withDefaults()
	if err := e.convertGlobals(); err != nil {
		return nil, err
	}
	return e, nil
}

func noSecrets(name string) (string, error) {
	return "", fmt.Errorf("the secret %q is not granted", name)
}

// convertGlobals makes values of the host's globals.
func (e *Engine) convertGlobals() error {
	if len(e.globals) == 0 {
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(e.globals)) {
		v, err := e.limits.values().From(e.globals[name])
		if err != nil {
			return fmt.Errorf("runtime: global %q: %w", name, err)
		}
		e.globals[name] = v
	}
	return nil
}

// Components lists the registered components by name.
func (e *Engine) Components() []*Component {
	components := make([]*Component, 0, len(e.components))
	for _, name := range slices.Sorted(maps.Keys(e.components)) {
		components = append(components, e.components[name])
	}
	return components
}

// Compile checks a source and makes a Program of it. The diagnostics are all its
// problems in the order of the source, at most 20; the Program is nil when one
// of them is an error. name is what messages call the source; the source of a test
// file (*_test.flow) is no flow.
func (e *Engine) Compile(name, source string) (*Program, lang.Diagnostics) {
	file, syntax := lang.Parse(name, source, lang.WithLimits(e.limits.source()))
	if lang.IsTestFile(name) {
		return nil, lang.Diagnostics{holdsTests(file)}
	}
	c := newCompiler(e, file, syntax)
	program := c.program()
	c.expressions.Release()
	return checked(program, c.found(syntax))
}

// found are all problems of a source in order.
func (c *compiler) found(syntax lang.Diagnostics) lang.Diagnostics {
	diagnostics := append(slices.Clone(syntax), c.diagnostics...)
	return diagnostics.Sort().Limit()
}

// checked gives what was compiled unless it has an error.
func checked[P any](program *P, diagnostics lang.Diagnostics) (*P, lang.Diagnostics) {
	if diagnostics.HasErrors() {
		return nil, diagnostics
	}
	return program, diagnostics
}
