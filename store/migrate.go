package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"log/slog"

	"github.com/pressly/goose/v3"
)

// versionTable is where goose notes which migrations were applied.
const versionTable = "flowrun_version"

//go:embed migrations/*.sql
var migrationFiles embed.FS

// migrate brings the tables to the version of this flowrun. A newer store is left
// as it is. Each migration is one transaction, and the store takes each only once.
// Of two processes that try, one waits for the other: in PostgreSQL it then finds
// nothing to do; in SQLite its transaction fails, and it finds here that all is done.
func (s *Store) migrate(ctx context.Context) error {
	wanted, err := s.newestVersion()
	if err != nil {
		return err
	}
	before, err := s.version(ctx)
	if err != nil {
		return err
	}
	for before < wanted {
		failure := s.applyMigrations(ctx)
		after, err := s.version(ctx)
		switch {
		case err != nil:
			return err
		case after == before && failure != nil:
			return failure
		case after == before:
			return fmt.Errorf("it is of version %d after migrating to version %d", after, wanted)
		}
		before = after
	}
	if before > wanted {
		return problemf(ErrNewer, "the store %s is of version %d, and this flowrun knows version %d: use a newer flowrun. Nothing was changed", s.location, before, wanted)
	}
	return nil
}

func (s *Store) migrations() (*goose.Provider, error) {
	files, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		return nil, err
	}
	options := []goose.ProviderOption{
		goose.WithTableName(versionTable), goose.WithDisableGlobalRegistry(true),
		goose.WithSlog(slog.New(slog.DiscardHandler)),
	}
	if s.dialect.locker != nil {
		options = append(options, goose.WithSessionLocker(s.dialect.locker))
	}
	return goose.NewProvider(s.dialect.goose, s.db, files, options...)
}

// newestVersion is the one that this flowrun makes.
func (s *Store) newestVersion() (int64, error) {
	migrations, err := s.migrations()
	if err != nil {
		return 0, err
	}
	sources := migrations.ListSources()
	return sources[len(sources)-1].Version, nil
}

func (s *Store) applyMigrations(ctx context.Context) error {
	migrations, err := s.migrations()
	if err != nil {
		return err
	}
	_, err = migrations.Up(ctx)
	return err
}

// version gives the version of the store, and -1 where there is none yet. It
// changes nothing.
func (s *Store) version(ctx context.Context) (int64, error) {
	var there bool
	if err := s.db.QueryRowContext(ctx, s.dialect.versioned).Scan(&there); err != nil || !there {
		return -1, err
	}
	var version sql.NullInt64
	err := s.db.QueryRowContext(ctx, `SELECT max(version_id) FROM `+versionTable).Scan(&version)
	if !version.Valid {
		return -1, err
	}
	return version.Int64, err
}
