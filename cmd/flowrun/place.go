package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	goruntime "runtime"

	"flowrun/store"
)

// storePlace is where the store of an invocation is.
type storePlace struct {
	location string // a path or a postgres:// URL
	own      bool   // in the user's data folder, since nothing else was said
	unknown  error  // why there is no location
}

// storePlace finds the store: that of --store, else of FLOWRUN_STORE, else the
// one in the user's data folder.
func (s *session) storePlace(flag string) storePlace {
	if location, _ := s.given("--store", flag, envStore); location != "" {
		return storePlace{location: location}
	}
	folder, err := s.userFolder("XDG_DATA_HOME", "share", "the store")
	if err != nil {
		return storePlace{unknown: fmt.Errorf("%w: give one by --store or %s", err, envStore)}
	}
	return storePlace{location: filepath.Join(folder, "flowrun", "store.db"), own: true}
}

// userFolder is where the programs of the user keep things: the folder of a variable of
// the XDG Base Directory Specification, or else one below ~/.local. Other systems have
// one folder for all. Its error names what there is no place for.
func (s *session) userFolder(variable, local, what string) (string, error) {
	// The specification has relative paths ignored.
	if folder := s.variable(variable); filepath.IsAbs(folder) {
		return folder, nil
	}
	home, below := "HOME", filepath.Join(".local", local)
	switch goruntime.GOOS {
	case "windows":
		home, below = "LocalAppData", ""
	case "darwin", "ios":
		below = filepath.Join("Library", "Application Support")
	}
	folder := s.variable(home)
	if folder == "" {
		return "", fmt.Errorf("there is no place for %s, since %s is not set", what, home)
	}
	return filepath.Join(folder, below), nil
}

// absent reports that nothing is there yet, so that there is nothing to find
// either. Of what is no file that is not known.
func (p storePlace) absent() bool {
	if p.unknown != nil {
		return true
	}
	if !store.IsFile(p.location) {
		return false
	}
	return store.FileAbsent(p.location)
}

// lazyStore is the store of a run, opened when the flow first needs it.
func lazyStore(place storePlace) *store.Lazy { return store.NewLazy(place.open, place.absent) }

// String is the place for messages, without the password of a URL.
func (p storePlace) String() string { return store.ShownLocation(p.location) }

// open opens the store, and makes it when there is none.
func (p storePlace) open(ctx context.Context) (*store.Store, error) {
	if p.unknown != nil {
		return nil, p.unknown
	}
	if p.own {
		if err := os.MkdirAll(filepath.Dir(p.location), 0o700); err != nil {
			return nil, fmt.Errorf("cannot make a place for the store: %w", err)
		}
	}
	return store.Open(ctx, p.location)
}
