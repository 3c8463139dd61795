package email

import (
	"context"
	"fmt"

	"flowrun/runtime"
)

// mostContacts is how many contacts a mail may be about.
const mostContacts = 1000

// contactsOf gives the contacts of a call, which are all in the store: those of
// contactIds, or with useVariable those of contactIdsVariable.
func (c *component) contactsOf(ctx context.Context, s *Settings) (IDs, error) {
	ids, setting, err := s.chosenContacts()
	if err != nil {
		return nil, err
	}
	if len(ids) > mostContacts {
		return nil, &runtime.Failure{
			Kind:    runtime.KindValue,
			Setting: setting,
			Message: fmt.Sprintf("%s: %d contacts are given, at most %d are allowed", setting, len(ids), mostContacts),
		}
	}
	for _, id := range ids {
		if _, err := c.config.Store.Contact(ctx, id); err != nil {
			return nil, lookupFailure(setting, err, `"flowrun contacts list" shows those that there are`)
		}
	}
	return ids, nil
}

// chosenContacts gives the contacts that the call names, and by which setting.
func (s *Settings) chosenContacts() (ids IDs, setting string, err error) {
	fault := func(setting, message string) error {
		return &runtime.Failure{Kind: runtime.KindValue, Setting: setting, Message: message}
	}
	variable := s.ContactIDsVariable
	switch {
	case s.UseVariable && s.ContactIDs != nil:
		return nil, "", fault("contactIds", contactIDsDisabled)
	case !s.UseVariable && variable.Name != "":
		return nil, "", fault("contactIdsVariable", contactIDsVariableDisabled)
	case s.UseVariable && variable.Name == "":
		return nil, "", fault("useVariable", contactIDsVariableMissing)
	case !s.UseVariable:
		return s.ContactIDs, "contactIds", nil
	}
	if err := ids.DecodeSetting(variable.Value); err != nil {
		return nil, "", fault("contactIdsVariable", fmt.Sprintf("contactIdsVariable: the variable %s: %v", variable.Name, err))
	}
	return ids, "contactIdsVariable", nil
}

// What is wrong with settings for contacts that exclude each other.
const (
	contactIDsDisabled         = "contactIds is disabled by useVariable: true; leave one of them out"
	contactIDsVariableDisabled = "contactIdsVariable is disabled unless useVariable is true; add useVariable: true"
	contactIDsVariableMissing  = "useVariable: true takes the contacts from contactIdsVariable; add it"
)

// checkOwner looks for the user who sends the mail.
func (c *component) checkOwner(ctx context.Context, s *Settings) error {
	if s.Owner == 0 {
		return nil
	}
	if _, err := c.config.Store.User(ctx, int64(s.Owner)); err != nil {
		return lookupFailure("owner", err, `"flowrun users list" shows those that there are`)
	}
	return nil
}
