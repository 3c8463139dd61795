package email

import (
	"flowrun/runtime"
)

// sender is who the mail is from: the setting, else the profile's, else the SMTP
// user when that is an address, else the host's sender.
func (c *component) sender(s *Settings, profile *Profile) (Address, error) {
	if s.From != nil {
		return *s.From, nil
	}
	if profile != nil && profile.From != "" {
		address, fault := oneMailbox(profile.From)
		if fault != nil {
			err := fault.in(profile.From)
			return Address{}, profile.failure("profile", "its from: "+err.Error(), err)
		}
		return address, nil
	}
	if address, fault := parseSpec(c.user(s, profile)); fault == nil {
		return address, nil
	}
	switch {
	case c.config.From != Address{}:
		return c.config.From, nil
	case c.config.Redirect != nil:
		return sandboxFrom, nil
	}
	return Address{}, &runtime.Failure{
		Kind:    runtime.KindValue,
		Message: "no sender is given",
		Hint:    "give one by from: in the flow or in the profile, or by --from or FLOWRUN_FROM",
	}
}

// user is who authenticates, or "".
func (c *component) user(s *Settings, profile *Profile) string {
	switch {
	case s.SMTP != nil:
		return s.SMTP.User
	case profile != nil:
		return profile.User
	case s.Server == "" && c.config.Server != nil:
		return c.config.Server.User
	}
	return ""
}
