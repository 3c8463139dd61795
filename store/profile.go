package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"flowrun/builtins/email"
)

const profileColumns = `id, name, disabled, host, port, tls, username, password_reference, sender,
	root_cas, certificate, certificate_key_reference, skip_verify, dkim, oauth2`

func scanProfile(row interface{ Scan(...any) error }) (p email.Profile, err error) {
	var tls, password, key string
	var dkim, oauth2 sql.NullString
	if err := row.Scan(&p.ID, &p.Name, &p.Disabled, &p.Host, &p.Port, &tls, &p.User, &password, &p.From,
		&p.RootCAs, &p.Certificate, &key, &p.SkipVerify, &dkim, &oauth2); err != nil {
		return p, err
	}
	p.TLS, p.Password, p.CertificateKey = email.TLSMode(tls), email.Reference(password), email.Reference(key)
	if dkim.Valid {
		if err := json.Unmarshal([]byte(dkim.String), &p.DKIM); err != nil {
			return p, err
		}
	}
	if oauth2.Valid {
		if err := json.Unmarshal([]byte(oauth2.String), &p.OAuth2); err != nil {
			return p, err
		}
	}
	return p, nil
}

// nullJSON is the column of what a profile may have.
func nullJSON[T any](v *T) (sql.NullString, error) {
	if v == nil {
		return sql.NullString{}, nil
	}
	text, err := jsonText(v)
	return sql.NullString{String: text, Valid: true}, err
}

// profileValues are the values of profileColumns, without the ID.
func profileValues(p email.Profile) ([]any, error) {
	dkim, err := nullJSON(p.DKIM)
	if err != nil {
		return nil, err
	}
	oauth2, err := nullJSON(p.OAuth2)
	return []any{p.Name, p.Disabled, p.Host, p.Port, string(p.TLS), p.User, string(p.Password), p.From,
		p.RootCAs, p.Certificate, string(p.CertificateKey), p.SkipVerify, dkim, oauth2}, err
}

// AddProfile checks a profile, stores it and returns it as it is stored. With ID 0
// the store chooses one. ErrExists tells that the ID or the name is taken.
func (s *Store) AddProfile(ctx context.Context, profile email.Profile) (email.Profile, error) {
	if err := checkProfile(&profile); err != nil {
		return email.Profile{}, err
	}
	values, err := profileValues(profile)
	if err != nil {
		return email.Profile{}, err
	}
	wanted := profile.ID
	err = s.write(ctx, func(tx *sql.Tx) (err error) {
		if profile.ID, err = identify(ctx, tx, profileKind, wanted); err != nil {
			return err
		}
		added, err := changed(tx.ExecContext(ctx, `
			INSERT INTO profiles (`+profileColumns+`)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
			ON CONFLICT DO NOTHING`, append([]any{profile.ID}, values...)...))
		if err != nil || added {
			return err
		}
		var other int64
		err = tx.QueryRowContext(ctx, `SELECT id FROM profiles WHERE name = $1`, profile.Name).Scan(&other)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return taken("profile", profile.ID)
		case err != nil:
			return err
		}
		return problemf(ErrExists, "there is a profile %q already, with id %d: give another name, or replace that one", profile.Name, other)
	})
	if err != nil {
		return email.Profile{}, s.failed(fmt.Sprintf("store the profile %q", profile.Name), err)
	}
	return profile, nil
}

// ReplaceProfile checks a profile, stores it in the place of the one with its ID,
// and returns it as it is stored. ErrExists tells that another one has its name.
func (s *Store) ReplaceProfile(ctx context.Context, profile email.Profile) (email.Profile, error) {
	if err := checkProfile(&profile); err != nil {
		return email.Profile{}, err
	}
	values, err := profileValues(profile)
	if err != nil {
		return email.Profile{}, err
	}
	err = s.write(ctx, func(tx *sql.Tx) error {
		var taken bool
		if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM profiles WHERE name = $1 AND id <> $2)`,
			profile.Name, profile.ID).Scan(&taken); err != nil {
			return err
		}
		if taken {
			return problemf(ErrExists, "there is another profile %q: give another name", profile.Name)
		}
		replaced, err := changed(tx.ExecContext(ctx, `
			UPDATE profiles SET name = $2, disabled = $3, host = $4, port = $5, tls = $6, username = $7, password_reference = $8,
				sender = $9, root_cas = $10, certificate = $11, certificate_key_reference = $12, skip_verify = $13, dkim = $14, oauth2 = $15
			WHERE id = $1`, append([]any{profile.ID}, values...)...))
		if err == nil && !replaced {
			return notFound("profile", profile.ID)
		}
		return err
	})
	if err != nil {
		return email.Profile{}, s.failed(fmt.Sprintf("replace the profile %q", profile.Name), err)
	}
	return profile, nil
}

// ProfileByID implements email.Store.
func (s *Store) ProfileByID(ctx context.Context, id int64) (email.Profile, error) {
	profile, err := scanProfile(s.db.QueryRowContext(ctx, `SELECT `+profileColumns+` FROM profiles WHERE id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return profile, notFound("profile", id)
	}
	return profile, s.failed(fmt.Sprintf("look up profile %d", id), err)
}

// ProfileByName implements email.Store.
func (s *Store) ProfileByName(ctx context.Context, name string) (email.Profile, error) {
	profile, err := scanProfile(s.db.QueryRowContext(ctx, `SELECT `+profileColumns+` FROM profiles WHERE name = $1`, kept(name)))
	if errors.Is(err, sql.ErrNoRows) {
		return profile, problemf(email.ErrNotFound, "there is no profile %q", name)
	}
	return profile, s.failed(fmt.Sprintf("look up the profile %q", name), err)
}

// Profiles gives all profiles, disabled ones too, ordered by ID.
func (s *Store) Profiles(ctx context.Context) ([]email.Profile, error) {
	profiles, err := gather(ctx, s.db, scanProfile, `SELECT `+profileColumns+` FROM profiles ORDER BY id`)
	return profiles, s.failed("list the profiles", err)
}

// RemoveProfile removes a profile. Messages that were sent over it go on to name
// its ID.
func (s *Store) RemoveProfile(ctx context.Context, id int64) error {
	return s.remove(ctx, profileKind, id)
}
