package store_test

import (
	"errors"
	"reflect"
	"testing"

	"flowrun/builtins/email"
	"flowrun/internal/storetest"
	"flowrun/store"
)

func TestContactsAndUsersComeBackAsTheyWereAdded(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		ann := email.Contact{Name: "Анна О'Ніл", Address: "ann@xn--bcher-kva.example"}
		given := ann
		given.Address = "ann@Bücher.example"
		added, err := st.AddContact(t.Context(), given)
		ann.ID = 1
		if err != nil || added != ann {
			t.Errorf("added %+v, want %+v: %v", added, ann, err)
		}
		bob, err := st.AddContact(t.Context(), email.Contact{ID: 30, Name: "Bob"})
		if err != nil {
			t.Fatal(err)
		}
		if all, err := st.Contacts(t.Context()); err != nil || !reflect.DeepEqual(all, []email.Contact{ann, bob}) {
			t.Errorf("listed %+v: %v", all, err)
		}
		if got, err := st.Contact(t.Context(), 30); err != nil || got != bob {
			t.Errorf("%+v, %v", got, err)
		}
		user, err := st.AddUser(t.Context(), email.User{ID: 8, Name: "Eve", Address: "eve@example.com"})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := st.User(t.Context(), 8); err != nil || got != user {
			t.Errorf("%+v, %v", got, err)
		}
		next, err := st.AddUser(t.Context(), email.User{Name: "Eve"})
		if all, listed := st.Users(t.Context()); err != nil || listed != nil || next.ID != 9 || !reflect.DeepEqual(all, []email.User{user, next}) {
			t.Errorf("listed %+v: %v, %v", all, err, listed)
		}
	})
}

func TestWhatIsWrongWithContactsAndUsersIsSaid(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		add := func(c email.Contact) error { _, err := st.AddContact(t.Context(), c); return err }
		if err := add(email.Contact{ID: 1, Name: "Ann"}); err != nil {
			t.Fatal(err)
		}
		_, contact := st.Contact(t.Context(), 17)
		_, user := st.User(t.Context(), 17)
		for _, row := range []struct {
			err  error
			kind error
			want string
		}{
			{contact, email.ErrNotFound, "contact 17 is not in the store"},
			{user, email.ErrNotFound, "user 17 is not in the store"},
			{st.RemoveContact(t.Context(), 17), email.ErrNotFound, "contact 17 is not in the store"},
			{st.RemoveUser(t.Context(), 17), email.ErrNotFound, "user 17 is not in the store"},
			{add(email.Contact{ID: 1, Name: "Bob"}), store.ErrExists, "contact 1 is in the store already: give another id, or none"},
			{add(email.Contact{Name: ""}), nil, "the contact's name is empty"},
			{add(email.Contact{Name: "a\nb"}), nil, `the contact's name "a\nb" holds characters that do not show`},
			{add(email.Contact{Name: "Ann", Address: "Ann <ann@example.com>"}), nil,
				`store the contact "Ann": the address "Ann <ann@example.com>" has a name in it: give the address alone`},
		} {
			if row.err == nil || row.err.Error() != row.want || row.kind != nil && !errors.Is(row.err, row.kind) {
				t.Errorf("%v, want %s", row.err, row.want)
			}
		}
		if err := st.RemoveContact(t.Context(), 1); err != nil {
			t.Error(err)
		}
		if all, err := st.Contacts(t.Context()); err != nil || len(all) != 0 {
			t.Errorf("%v, %v", all, err)
		}
	})
}
