package email

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"flowrun/runtime"
	"flowrun/runtime/value"
)

// ProfileRef is a setting that takes the id or the name of a profile.
type ProfileRef struct {
	ID   int64  // 0: by name
	Name string // "" and no ID: none
}

// SettingType says what the setting takes.
func (*ProfileRef) SettingType() string { return "name or id" }

// DecodeSetting reads an int or a string of a flow. A blank name is an error: it
// must not lead to another profile.
func (r *ProfileRef) DecodeSetting(v any) error {
	if t, ok := v.(*value.Template); ok {
		alone, ok := t.Alone()
		if !ok {
			text, err := t.String()
			if err != nil {
				return err
			}
			alone = text
		}
		v = alone
	}
	if id, ok := asID(v); ok {
		r.ID = id
		return nil
	}
	name, ok := v.(string)
	switch {
	case !ok:
		return &runtime.Failure{Message: fmt.Sprintf("%s where the name or the id of a profile is wanted", value.Phrase(v))}
	case strings.TrimSpace(name) == "":
		return &runtime.Failure{Message: "the name is blank", Hint: "leave profile out for the default one"}
	}
	r.Name = strings.TrimSpace(name)
	return nil
}

// String is the reference as messages show it.
func (r ProfileRef) String() string {
	if r.ID != 0 {
		return fmt.Sprintf("profile %d", r.ID)
	}
	return fmt.Sprintf("profile %q", shortened(r.Name))
}

// profileOf finds the profile of a call: the one that it names, else the default
// one when it names no server either and there is such a profile; else nil.
func (c *component) profileOf(ctx context.Context, s *Settings) (*Profile, error) {
	if s.Profile != (ProfileRef{}) {
		return c.findProfile(ctx, s.Profile)
	}
	if c.config.Store == nil || s.Server != "" {
		return nil, nil
	}
	profile, err := c.findProfile(ctx, ProfileRef{Name: DefaultProfile})
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	return profile, err
}

// findProfile looks up a profile that can be used.
func (c *component) findProfile(ctx context.Context, ref ProfileRef) (*Profile, error) {
	var profile Profile
	var err error
	if ref.ID != 0 {
		profile, err = c.config.Store.ProfileByID(ctx, ref.ID)
	} else {
		profile, err = c.config.Store.ProfileByName(ctx, ref.Name)
	}
	if err != nil {
		return nil, lookupFailure("profile", err, `"flowrun profiles list" shows those that there are`)
	}
	if profile.Disabled {
		return nil, &runtime.Failure{
			Kind:    runtime.KindValue,
			Setting: "profile",
			Message: fmt.Sprintf("profile %q is disabled", profile.Name),
			Hint:    fmt.Sprintf(`name another profile, or enable it by "flowrun profiles enable %s"`, profile.Name),
		}
	}
	return &profile, nil
}

// lookupFailure is the failure of a look-up in the store for a setting.
func lookupFailure(setting string, err error, hint string) *runtime.Failure {
	failure := &runtime.Failure{Kind: KindStore, Setting: setting, Message: setting + ": " + err.Error(), Cause: err}
	if errors.Is(err, ErrNotFound) {
		failure.Kind, failure.Hint = runtime.KindValue, hintOf(err, hint)
	}
	return failure
}

// hintOf is what to do about something that is not in the store: the store's own
// hint, or the usual one.
func hintOf(err error, usual string) string {
	var advised interface {
		error
		Hint() string
	}
	if errors.As(err, &advised) {
		return advised.Hint()
	}
	return usual
}
