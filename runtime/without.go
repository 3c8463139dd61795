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
// A key that the component does not have, or that every call of it needs, panics
// here, at start-up.
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
			panic(fmt.Sprintf("runtime: %s has no setting %q to be withheld", c.name, key))
		case f.required:
			panic(fmt.Sprintf("runtime: every call of %s needs the setting %q", c.name, key))
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

// field finds the field of a setting that the host grants; nil when there is none.
func (c *Component) field(key string) *field {
	if c.withheld[key] {
		return nil
	}
	return c.schema.field(key)
}
