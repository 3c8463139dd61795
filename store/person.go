package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"flowrun/builtins/email"
)

// person is a contact or a user, which the store keeps in the same way.
type person struct {
	id      int64
	name    string
	address string
}

func scanPerson(row interface{ Scan(...any) error }) (p person, err error) {
	err = row.Scan(&p.id, &p.name, &p.address)
	return p, err
}

func (s *Store) addPerson(ctx context.Context, of kind, p person) (person, error) {
	doing := fmt.Sprintf("store the %s %q", of, p.name)
	if err := checkName(fmt.Sprintf("the %s's name", of), p.name); err != nil {
		return person{}, err
	}
	address, err := addrSpec(p.address)
	if err != nil {
		return person{}, fmt.Errorf("%s: %w", doing, err)
	}
	p.address = address
	wanted := p.id
	err = s.write(ctx, func(tx *sql.Tx) (err error) {
		if p.id, err = identify(ctx, tx, of, wanted); err != nil {
			return err
		}
		added, err := changed(tx.ExecContext(ctx,
			`INSERT INTO `+string(of)+`s (id, name, address) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING`, p.id, p.name, p.address))
		if err == nil && !added {
			err = taken(string(of), p.id)
		}
		return err
	})
	if err != nil {
		return person{}, s.failed(doing, err)
	}
	return p, nil
}

func (s *Store) person(ctx context.Context, of kind, id int64) (person, error) {
	p, err := scanPerson(s.db.QueryRowContext(ctx, `SELECT id, name, address FROM `+string(of)+`s WHERE id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return p, notFound(string(of), id)
	}
	return p, s.failed(fmt.Sprintf("look up %s %d", of, id), err)
}

func (s *Store) people(ctx context.Context, of kind) ([]person, error) {
	people, err := gather(ctx, s.db, scanPerson, `SELECT id, name, address FROM `+string(of)+`s ORDER BY id`)
	return people, s.failed(fmt.Sprintf("list the %ss", of), err)
}

func (s *Store) remove(ctx context.Context, of kind, id int64) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		removed, err := changed(tx.ExecContext(ctx, `DELETE FROM `+string(of)+`s WHERE id = $1`, id))
		if err == nil && !removed {
			err = notFound(string(of), id)
		}
		return err
	})
	return s.failed(fmt.Sprintf("remove %s %d", of, id), err)
}

// Contact implements email.Store.
func (s *Store) Contact(ctx context.Context, id int64) (email.Contact, error) {
	p, err := s.person(ctx, contactKind, id)
	return p.contact(), err
}

// AddContact stores a contact and returns it as it is stored. With ID 0 the store
// chooses one, else ErrExists tells that it is taken.
func (s *Store) AddContact(ctx context.Context, contact email.Contact) (email.Contact, error) {
	p, err := s.addPerson(ctx, contactKind, person{contact.ID, contact.Name, contact.Address})
	return p.contact(), err
}

// Contacts gives all contacts, ordered by ID.
func (s *Store) Contacts(ctx context.Context) ([]email.Contact, error) {
	people, err := s.people(ctx, contactKind)
	contacts := make([]email.Contact, len(people))
	for i, p := range people {
		contacts[i] = p.contact()
	}
	return contacts, err
}

// RemoveContact removes a contact. Messages about it go on to name its ID.
func (s *Store) RemoveContact(ctx context.Context, id int64) error {
	return s.remove(ctx, contactKind, id)
}

// User implements email.Store.
func (s *Store) User(ctx context.Context, id int64) (email.User, error) {
	p, err := s.person(ctx, userKind, id)
	return p.user(), err
}

// AddUser stores a user and returns it as it is stored. With ID 0 the store
// chooses one, else ErrExists tells that it is taken.
func (s *Store) AddUser(ctx context.Context, user email.User) (email.User, error) {
	p, err := s.addPerson(ctx, userKind, person{user.ID, user.Name, user.Address})
	return p.user(), err
}

// Users gives all users, ordered by ID.
func (s *Store) Users(ctx context.Context) ([]email.User, error) {
	people, err := s.people(ctx, userKind)
	users := make([]email.User, len(people))
	for i, p := range people {
		users[i] = p.user()
	}
	return users, err
}

// RemoveUser removes a user. Messages of it go on to name its ID.
func (s *Store) RemoveUser(ctx context.Context, id int64) error {
	return s.remove(ctx, userKind, id)
}

func (p person) contact() email.Contact {
	return email.Contact{ID: p.id, Name: p.name, Address: p.address}
}

func (p person) user() email.User {
	return email.User{ID: p.id, Name: p.name, Address: p.address}
}
