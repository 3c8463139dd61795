package store_test

import (
	"errors"
	"testing"

	"flowrun/builtins/email"
	"flowrun/internal/storetest"
	"flowrun/store"
)

func TestProfilesComeBackAsTheyWereAdded(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		p, err := st.AddProfile(t.Context(), email.Profile{Name: "shop", Host: "mail.example.com"})
		if err != nil {
			t.Fatal(err)
		}
		got, err := st.ProfileByName(t.Context(), "shop")
		if err != nil || got.ID != p.ID {
			t.Fatal(got, err)
		}
		_, err = st.ProfileByName(t.Context(), "shp")
		if !errors.Is(err, email.ErrNotFound) {
			t.Fatal(err)
		}
	})
}
