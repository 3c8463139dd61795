// Package store keeps what flows that send mail look up and leave behind:
// profiles, files, contacts, users and messages, in a SQLite file or a PostgreSQL
// database. A *Store is the email.Store of a host.
package store
