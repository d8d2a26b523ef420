-- +goose Up
-- The order of the queue is that of waiting: a ticket's rank is at - head_start,
-- and the lower comes first. Times and lengths are microseconds.
ALTER TABLE tickets ADD COLUMN caller TEXT NOT NULL DEFAULT ''; -- empty: withheld
ALTER TABLE tickets ADD COLUMN head_start INTEGER NOT NULL DEFAULT 0;
ALTER TABLE tickets ADD COLUMN since INTEGER NOT NULL DEFAULT 0; -- in the present queue
ALTER TABLE tickets ADD COLUMN other_language INTEGER NOT NULL DEFAULT 0 CHECK (other_language IN (0, 1));
UPDATE tickets SET since = at;

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
