package runtime

import (
	"fmt"
	"maps"
	"slices"
)

// Without is the component for a host that grants only a part of it: a flow that
// gives one of these settings, by its key or its alias, does not check. The
// component itself stays as it is.
//
//	runtime.WithComponents(email.New(config).Without("server", "smtp", "headers"))
//
// A key that the component does not have, or that every call of it needs, is an
// error of New, which may well come from a customer's plan.
func (c *Component) Without(keys ...string) *Component {
	s := *c.schema
	s.byKey = maps.Clone(s.byKey)
	less := *c
	less.schema, less.withheld = &s, maps.Clone(c.withheld)
	if less.withheld == nil {
		less.withheld = map[string]bool{}
	}
	for _, key := range keys {
		f := c.field(key)
		switch {
		case f == nil && c.withheld[key]:
			continue
		case f == nil:
			less.refuse(fmt.Errorf("component %q has no setting %q to be withheld", c.name, key))
			continue
		case f.required:
			less.refuse(fmt.Errorf("component %q: every call needs the setting %q, which cannot be withheld", c.name, key))
			continue
		}
		for _, name := range []string{f.key, f.alias} {
			if name != "" {
				delete(s.byKey, name)
				less.withheld[name] = true
			}
		}
	}
	s.fields = slices.DeleteFunc(slices.Clone(c.schema.fields), func(f *field) bool { return less.withheld[f.key] })
	return &less
}

// refuse keeps the component out of every engine; the first reason is told.
func (c *Component) refuse(reason error) {
	if c.unfit == nil {
		c.unfit = reason
	}
}

// field finds the field of a setting that the host grants; nil when there is none.
func (c *Component) field(key string) *field {
	if c.withheld[key] {
		return nil
	}
	return c.schema.field(key)
}
