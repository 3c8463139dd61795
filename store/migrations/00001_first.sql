-- The same text makes the tables of SQLite and of PostgreSQL. SQLite takes any
-- name of a type; BYTEA keeps blobs as they are. Moments are microseconds since
-- 1970 UTC, or NULL. Lists of text are JSON.

-- +goose Up

-- A version is brought in once: of two processes that try, one finds this index
-- in its way, and with it everything that it did is undone.
CREATE UNIQUE INDEX flowrun_version_once ON flowrun_version (version_id);

-- The last identifier of each kind. Those of what was removed are not given
-- again, since messages go on to name them.
CREATE TABLE identifiers (
  kind TEXT   NOT NULL PRIMARY KEY,
  last BIGINT NOT NULL
);
INSERT INTO identifiers (kind, last) VALUES
  ('profile', 0), ('file', 0), ('contact', 0), ('user', 0), ('message', 0), ('content', 0);

CREATE TABLE profiles (
  id                  BIGINT  NOT NULL PRIMARY KEY,
  name                TEXT    NOT NULL UNIQUE,
  disabled            BOOLEAN NOT NULL,
  host                TEXT    NOT NULL,
  port                BIGINT  NOT NULL,
  tls                 TEXT    NOT NULL,
  username            TEXT    NOT NULL,
  password_reference  TEXT    NOT NULL,
  sender              TEXT    NOT NULL,
  root_cas            TEXT    NOT NULL,
  certificate         TEXT    NOT NULL,
  certificate_key_reference TEXT NOT NULL,
  skip_verify         BOOLEAN NOT NULL,
  dkim                TEXT,             -- JSON, its key a reference
  oauth2              TEXT              -- JSON, its secrets references
);

-- Content of files and messages, in chunks. It is not seen before it is complete.
CREATE TABLE contents (
  id       BIGINT  NOT NULL PRIMARY KEY,
  size     BIGINT  NOT NULL,
  complete BOOLEAN NOT NULL,
  touched  BIGINT  NOT NULL
);
CREATE INDEX contents_incomplete ON contents (touched) WHERE NOT complete;
CREATE TABLE chunks (
  content BIGINT NOT NULL REFERENCES contents (id),
  number  BIGINT NOT NULL,
  bytes   BYTEA  NOT NULL,
  PRIMARY KEY (content, number)
);

CREATE TABLE files (
  id      BIGINT NOT NULL PRIMARY KEY,
  name    TEXT   NOT NULL,
  type    TEXT   NOT NULL,
  content BIGINT NOT NULL UNIQUE REFERENCES contents (id),
  size    BIGINT NOT NULL,
  created BIGINT
);

CREATE TABLE contacts (
  id      BIGINT NOT NULL PRIMARY KEY,
  name    TEXT   NOT NULL,
  address TEXT   NOT NULL
);

CREATE TABLE users (
  id      BIGINT NOT NULL PRIMARY KEY,
  name    TEXT   NOT NULL,
  address TEXT   NOT NULL
);

-- Owner, profile, contacts and files are told by identifier only: removing them
-- leaves the history as it was.
CREATE TABLE messages (
  id            BIGINT NOT NULL PRIMARY KEY,
  message_id    TEXT   NOT NULL UNIQUE,
  thread        TEXT   NOT NULL,
  state         TEXT   NOT NULL,
  in_reply_to   TEXT   NOT NULL,
  reference_ids TEXT   NOT NULL,
  header_from   TEXT   NOT NULL,
  header_to     TEXT   NOT NULL,
  header_copy   TEXT   NOT NULL,
  subject       TEXT   NOT NULL,
  date          BIGINT,
  content       BIGINT NOT NULL UNIQUE REFERENCES contents (id),
  size          BIGINT NOT NULL,
  sender        TEXT   NOT NULL,
  owner         BIGINT NOT NULL,
  profile       BIGINT NOT NULL,
  flow          TEXT   NOT NULL,
  run           TEXT   NOT NULL,
  created       BIGINT NOT NULL,
  updated       BIGINT NOT NULL,
  claim         TEXT   NOT NULL,        -- token of who is sending it, or ''
  claimed       BIGINT NOT NULL,        -- when, or 0
  claimed_until BIGINT NOT NULL         -- when the claim lapses, or 0
);
CREATE INDEX messages_by_thread ON messages (thread);
CREATE INDEX messages_by_state ON messages (state);

-- The Message-IDs that a message names in References and In-Reply-To.
CREATE TABLE mentions (
  message    BIGINT NOT NULL REFERENCES messages (id),
  message_id TEXT   NOT NULL,
  PRIMARY KEY (message, message_id)
);
CREATE INDEX mentions_by_message_id ON mentions (message_id);

CREATE TABLE message_contacts (
  message  BIGINT NOT NULL REFERENCES messages (id),
  position BIGINT NOT NULL,
  contact  BIGINT NOT NULL,
  PRIMARY KEY (message, position)
);
CREATE INDEX message_contacts_by_contact ON message_contacts (contact);

CREATE TABLE message_files (
  message  BIGINT NOT NULL REFERENCES messages (id),
  position BIGINT NOT NULL,
  file     BIGINT NOT NULL,
  PRIMARY KEY (message, position)
);

CREATE TABLE recipients (
  message   BIGINT  NOT NULL REFERENCES messages (id),
  position  BIGINT  NOT NULL,
  address   TEXT    NOT NULL,
  state     TEXT    NOT NULL,
  code      BIGINT  NOT NULL,
  enhanced  TEXT    NOT NULL,
  text      TEXT    NOT NULL,
  temporary BOOLEAN NOT NULL,
  PRIMARY KEY (message, position)
);

CREATE TABLE attempts (
  message  BIGINT NOT NULL REFERENCES messages (id),
  number   BIGINT NOT NULL,
  began    BIGINT,
  ended    BIGINT,
  server   TEXT   NOT NULL,
  tls      TEXT   NOT NULL,
  state    TEXT   NOT NULL,
  code     BIGINT NOT NULL,
  enhanced TEXT   NOT NULL,
  text     TEXT   NOT NULL,
  error    TEXT   NOT NULL,
  PRIMARY KEY (message, number)
);

CREATE TABLE attempt_recipients (
  message   BIGINT  NOT NULL,
  number    BIGINT  NOT NULL,
  position  BIGINT  NOT NULL,
  address   TEXT    NOT NULL,
  state     TEXT    NOT NULL,
  code      BIGINT  NOT NULL,
  enhanced  TEXT    NOT NULL,
  text      TEXT    NOT NULL,
  temporary BOOLEAN NOT NULL,
  PRIMARY KEY (message, number, position),
  FOREIGN KEY (message, number) REFERENCES attempts (message, number)
);
