-- +goose Up

-- What became of a call beside an agent: the partner who took it, the mark that
-- the caller gave.
ALTER TABLE calls ADD COLUMN partner TEXT NOT NULL DEFAULT '';
ALTER TABLE calls ADD COLUMN score INTEGER NOT NULL DEFAULT 0;

-- What callers said for the people of a queue. The sound lies in a file beside
-- the store, named by the id; it is there for every message that is not owed or
-- lost. Times and lengths are microseconds.
CREATE TABLE messages (
    n          INTEGER PRIMARY KEY,
    id         TEXT    NOT NULL UNIQUE CHECK (id <> ''),
    call       TEXT    NOT NULL,
    node       TEXT    NOT NULL, -- the switch that has the sound while it is owed
    queue      TEXT    NOT NULL,
    category   TEXT    NOT NULL,
    language   TEXT    NOT NULL,
    caller     TEXT    NOT NULL,
    left_at    INTEGER NOT NULL,
    length     INTEGER NOT NULL,
    state      TEXT    NOT NULL CHECK (state IN ('owed', 'new', 'taken', 'done', 'lost')),
    by         TEXT    NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX messages_left ON messages (left_at);
CREATE INDEX messages_open ON messages (state, queue, left_at) WHERE state IN ('owed', 'new', 'taken');

-- Who wants to be called back. Of a number there is one open wish at most,
-- whoever writes it, and its waiting counts from "since".
CREATE TABLE callbacks (
    id         INTEGER PRIMARY KEY AUTOINCREMENT, -- the order of asking
    number     TEXT    NOT NULL CHECK (number <> ''), -- + and digits
    call       TEXT    NOT NULL,
    queue      TEXT    NOT NULL,
    category   TEXT    NOT NULL,
    language   TEXT    NOT NULL,
    asked_at   INTEGER NOT NULL,
    since      INTEGER NOT NULL,
    due_at     INTEGER NOT NULL, -- not to be tried before
    state      TEXT    NOT NULL CHECK (state IN ('waiting', 'trying', 'reached', 'failed', 'cancelled')),
    tries      INTEGER NOT NULL DEFAULT 0,
    ended_at   INTEGER,
    CHECK ((ended_at IS NULL) = (state IN ('waiting', 'trying')))
) STRICT;
CREATE UNIQUE INDEX callbacks_number ON callbacks (number) WHERE state IN ('waiting', 'trying');
CREATE INDEX callbacks_due ON callbacks (queue, since) WHERE state IN ('waiting', 'trying');
