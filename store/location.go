package store

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
)

const urlForm = "write it as postgres://user@host:5432/database"

// isURL reports the locations of PostgreSQL databases.
func isURL(location string) bool {
	scheme, _, found := strings.Cut(location, "://")
	return found && (scheme == "postgres" || scheme == "postgresql")
}

// IsFile reports a location that is the path of a SQLite file.
func IsFile(location string) bool {
	return !strings.Contains(location, "://") && !passwordWord.MatchString(location)
}

// passwordWord matches the word before a password in a list of key=value, which is
// no location and could hold one.
var passwordWord = regexp.MustCompile(`(?i)password\s*=`)

// ShownLocation gives a location for people to see: a path as it is, and a
// postgres:// URL without its password.
func ShownLocation(location string) string {
	switch {
	case isURL(location):
		if shown, err := withoutPassword(location); err == nil {
			return shown
		}
		return "the PostgreSQL database"
	case !IsFile(location):
		return "the store"
	}
	return location
}

// withoutPassword gives a URL without what is secret in it. Its errors repeat
// nothing of the URL: of one that is not understood nobody knows what is secret.
func withoutPassword(location string) (string, error) {
	_, rest, _ := strings.Cut(location, "://")
	// What ends the authority may stand in a password that is not encoded.
	if end := strings.IndexAny(rest, "/?#"); end >= 0 && strings.ContainsAny(rest[end:], "@#") {
		return "", errors.New("the URL of the store has an @ or a # behind its host: " +
			"in a password write @ / ? # as %40 %2F %3F %23, or give it by PGPASSWORD")
	}
	parsed, err := url.Parse(location)
	if err != nil {
		return "", fmt.Errorf("the URL of the store is not understood: %s", urlForm)
	}
	if parsed.User != nil {
		parsed.User = url.User(parsed.User.Username())
	}
	query := parsed.Query()
	for name := range query {
		if name == "password" || name == "sslpassword" || name == "passfile" {
			query.Del(name)
		}
	}
	parsed.RawQuery = query.Encode()
	return parsed.String(), nil
}
