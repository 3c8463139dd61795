package sandbox_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"flowrun/builtins/email"
	"flowrun/sandbox"
)

func open(t *testing.T) *sandbox.Sandbox {
	t.Helper()
	box, err := sandbox.Open()
	if err != nil {
		t.Fatal(err)
	}
	return box
}

func write(t *testing.T, folder, name, text string) string {
	t.Helper()
	path := filepath.Join(folder, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const profile = `{ "profiles": [{ "name": "shop", "server": "smtp.shop.example", "user": "ann", "password": "env:NONE",
  "dkim": { "domain": "shop.example", "selector": "s", "key": "env:KEY" } }] }`

func TestEverySandboxHasAStoreOfItsOwnAndLeavesNothing(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("TMPDIR", t.TempDir())
	write(t, folder, "order.store.json", profile)
	first, second := open(t), open(t)
	if err := first.Fill(t.Context(), filepath.Join(folder, "order.flow")); err != nil {
		t.Fatal(err)
	}
	if err := second.Fill(t.Context(), filepath.Join(folder, "other.flow")); err != nil {
		t.Fatal(err)
	}
	if found, err := first.Store.ProfileByName(t.Context(), "shop"); err != nil || found.Name != "shop" {
		t.Errorf("%v, %v", found, err)
	}
	if _, err := second.Store.ProfileByName(t.Context(), "shop"); !errors.Is(err, email.ErrNotFound) {
		t.Errorf("the other sandbox: %v", err)
	}
	if _, err := second.Store.Use(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := second.Store.ProfileByName(t.Context(), "shop"); !errors.Is(err, email.ErrNotFound) {
		t.Errorf("the store of the other sandbox: %v", err)
	}
	if err := errors.Join(first.Close(), second.Close()); err != nil {
		t.Fatal(err)
	}
	if left, _ := filepath.Glob(filepath.Join(os.TempDir(), "*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestReferencesThatLeadNowhereAreStoodInFor(t *testing.T) {
	folder := t.TempDir()
	write(t, folder, "order.store.json", profile)
	box := open(t)
	defer box.Close()
	if err := box.Fill(t.Context(), filepath.Join(folder, "order.flow")); err != nil {
		t.Fatal(err)
	}
	resolve := box.Resolver(func(reference email.Reference) (string, error) {
		if reference == "env:SET" {
			return "hunter2", nil
		}
		return "", errors.New("not set")
	})
	for reference, want := range map[email.Reference]string{"env:SET": "hunter2", "env:NONE": "sandbox", "env:KEY": "-----BEGIN PRIVATE KEY-----"} {
		if got, err := resolve(reference); err != nil || !strings.HasPrefix(got, want) {
			t.Errorf("%s: %q, %v", reference, got, err)
		}
	}
}

func TestAFixtureThatDoesNotFitTellsWhy(t *testing.T) {
	folder := t.TempDir()
	for text, want := range map[string]string{
		"{x":                            "order.store.json:1:2: this is not JSON",
		`{ "profils": [], "files": 3 }`: "order.store.json does not fill the sandbox's store",
	} {
		write(t, folder, "order.store.json", text)
		box := open(t)
		err := box.Fill(t.Context(), filepath.Join(folder, "order.flow"))
		var fixture *sandbox.FixtureError
		if !errors.As(err, &fixture) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
		box.Close()
	}
}
