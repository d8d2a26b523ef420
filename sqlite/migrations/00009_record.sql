-- +goose Up
-- What the situation centre sees and no citizen called about. What it was entered
-- as never changes; state is that of the events folded up. Times are microseconds
-- UTC.
CREATE TABLE incidents (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    at       INTEGER NOT NULL,
    by       TEXT    NOT NULL CHECK (by <> ''),
    category TEXT    NOT NULL,
    place    TEXT    NOT NULL CHECK (place <> ''),
    text     TEXT    NOT NULL CHECK (text <> ''),
    state    TEXT    NOT NULL CHECK (state IN ('open', 'offered', 'accepted', 'closed'))
) STRICT;
CREATE INDEX incidents_state ON incidents (state, id);
CREATE TABLE incident_events (
    n        INTEGER PRIMARY KEY AUTOINCREMENT,
    incident INTEGER NOT NULL REFERENCES incidents (id),
    at       INTEGER NOT NULL,
    kind     TEXT    NOT NULL CHECK (kind <> ''),
    author   TEXT    NOT NULL CHECK (author <> ''),
    partner  TEXT    NOT NULL,
    agent    TEXT    NOT NULL,
    by       TEXT    NOT NULL,
    note     TEXT    NOT NULL
) STRICT;
CREATE INDEX incident_events_incident ON incident_events (incident, n);

INSERT INTO counters VALUES ('incidents', 0);

-- +goose StatementBegin
CREATE TRIGGER incident_events_added AFTER INSERT ON incident_events BEGIN
    UPDATE counters SET value = value + 1 WHERE name = 'incidents';
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER incident_events_fixed BEFORE UPDATE ON incident_events BEGIN
    SELECT RAISE(ABORT, 'what happened to an incident is only appended to');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER incident_events_kept BEFORE DELETE ON incident_events BEGIN
    SELECT RAISE(ABORT, 'what happened to an incident is only appended to');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER incidents_fixed BEFORE UPDATE OF id, at, by, category, place, text ON incidents BEGIN
    SELECT RAISE(ABORT, 'what an incident was entered as never changes');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER incidents_kept BEFORE DELETE ON incidents BEGIN
    SELECT RAISE(ABORT, 'incidents are kept');
END;
-- +goose StatementEnd

-- Recordings of what callers and agents said. The sound lies in a file beside the
-- store, named by the id, for each that is kept. Times and lengths are microseconds.
CREATE TABLE conversations (
    n        INTEGER PRIMARY KEY,
    id       TEXT    NOT NULL UNIQUE CHECK (id <> ''),
    call     TEXT    NOT NULL,
    node     TEXT    NOT NULL, -- the switch that has the sound while it is owed
    queue    TEXT    NOT NULL,
    agent    TEXT    NOT NULL,
    begun_at INTEGER NOT NULL,
    length   INTEGER NOT NULL,
    state    TEXT    NOT NULL CHECK (state IN ('owed', 'kept', 'lost'))
) STRICT;
CREATE INDEX conversations_begun ON conversations (begun_at);
CREATE INDEX conversations_owed ON conversations (node) WHERE state = 'owed';
