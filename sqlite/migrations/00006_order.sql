-- +goose Up
-- The order of the queue is that of waiting: a ticket's rank is at - head_start,
-- and the lower comes first. Times and lengths are microseconds. Tickets are
-- written anew without their agent: one who waits may be offered to several.
CREATE TABLE queued (
    seq            INTEGER PRIMARY KEY AUTOINCREMENT,
    call           TEXT    NOT NULL UNIQUE CHECK (call <> ''),
    queue          TEXT    NOT NULL,
    language       TEXT    NOT NULL,
    category       TEXT    NOT NULL,
    at             INTEGER NOT NULL,
    caller         TEXT    NOT NULL, -- empty: withheld
    head_start     INTEGER NOT NULL,
    other_language INTEGER NOT NULL CHECK (other_language IN (0, 1)),
    since          INTEGER NOT NULL, -- in the present queue
    status         TEXT    NOT NULL CHECK (status IN ('waiting', 'aside', 'offered', 'served'))
) STRICT;
INSERT INTO sqlite_sequence (name, seq) SELECT 'queued', seq FROM sqlite_sequence WHERE name = 'tickets';
INSERT INTO queued SELECT seq, call, queue, language, category, at, '', 0, 1, at, status FROM tickets;

-- Who is rung for a ticket, or talks with its caller: an agent has one at most.
CREATE TABLE offers (
    agent TEXT PRIMARY KEY REFERENCES agents (id),
    call  TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX offers_call ON offers (call);
INSERT INTO offers SELECT agent, call FROM tickets WHERE agent IS NOT NULL;

DROP TABLE tickets;
ALTER TABLE queued RENAME TO tickets;

-- The ranks of callers who were cut off while they waited, until they dial again
-- or their time is over.
CREATE TABLE kept_places (
    n       INTEGER PRIMARY KEY,
    caller  TEXT    NOT NULL CHECK (caller <> ''),
    rank    INTEGER NOT NULL,
    left_at INTEGER NOT NULL
) STRICT;
CREATE INDEX kept_places_caller ON kept_places (caller, rank);

-- What else tells which agent is the right one: topics, a JSON list, and how many
-- callers they took since shift_at.
ALTER TABLE agents ADD COLUMN topics TEXT NOT NULL DEFAULT '[]';
ALTER TABLE agents ADD COLUMN taken INTEGER NOT NULL DEFAULT 0;
ALTER TABLE agents ADD COLUMN shift_at INTEGER;
