-- +goose Up
PRAGMA application_id = 1261514809; -- "K109": how the program knows its own files

-- One row per call for ever. Times are microseconds UTC, durations microseconds.
-- n is the call's number inside the store: other tables are smaller for it.
CREATE TABLE calls (
    n            INTEGER PRIMARY KEY,
    id           TEXT    NOT NULL UNIQUE CHECK (id <> ''),
    node         TEXT    NOT NULL,
    channel      TEXT    NOT NULL,
    caller       TEXT    NOT NULL,
    dialled      TEXT    NOT NULL,
    flow         TEXT    NOT NULL,
    language     TEXT    NOT NULL,
    category     TEXT    NOT NULL,
    path         TEXT    NOT NULL, -- JSON list
    keys         TEXT    NOT NULL,
    arrived_at   INTEGER NOT NULL,
    queued_at    INTEGER,
    connected_at INTEGER,
    ended_at     INTEGER,
    queue        TEXT    NOT NULL,
    agent        TEXT    NOT NULL,
    wait         INTEGER NOT NULL,
    talk         INTEGER NOT NULL,
    heard        INTEGER NOT NULL,
    outcome      TEXT    NOT NULL,
    reason       TEXT    NOT NULL,
    CHECK ((ended_at IS NULL) = (outcome = ''))
) STRICT;
CREATE INDEX calls_arrived ON calls (arrived_at);
-- These two are partial so that a call enters them once, when it ends.
CREATE INDEX calls_category ON calls (category, arrived_at) WHERE category <> '';
CREATE INDEX calls_outcome ON calls (outcome, arrived_at) WHERE outcome <> '';

-- The calls that have not ended, and from where each can be taken up again.
CREATE TABLE live (
    call    INTEGER PRIMARY KEY REFERENCES calls (n),
    node    TEXT NOT NULL,
    channel TEXT NOT NULL,
    state   BLOB,
    UNIQUE (node, channel)
) STRICT;

-- One row per step of a call: its entries as a JSON list of
-- {s: seq, t: time, k: kind, n: node, d: detail}; seq is that of the first.
-- Rows lie in the order of writing and the index leads to a call's own: kept
-- together by call they would dirty a page per step, at four times the cost.
CREATE TABLE journal (
    n       INTEGER PRIMARY KEY,
    call    INTEGER NOT NULL REFERENCES calls (n),
    seq     INTEGER NOT NULL,
    entries TEXT    NOT NULL
) STRICT;
CREATE UNIQUE INDEX journal_call ON journal (call, seq);

CREATE TABLE agents (
    id           TEXT PRIMARY KEY CHECK (id <> ''),
    name         TEXT NOT NULL,
    languages    TEXT NOT NULL, -- JSON list
    queues       TEXT NOT NULL, -- JSON list
    credential   TEXT NOT NULL,
    chosen       TEXT NOT NULL CHECK (chosen IN ('ready', 'paused', 'off')),
    pause_reason TEXT NOT NULL,
    world        TEXT NOT NULL CHECK (world IN ('idle', 'ringing', 'talking', 'wrap_up', 'unreachable')),
    idle_since   INTEGER
) STRICT, WITHOUT ROWID;

-- AUTOINCREMENT: a place is never given twice, also when the queue ran empty.
CREATE TABLE tickets (
    seq      INTEGER PRIMARY KEY AUTOINCREMENT,
    call     TEXT    NOT NULL UNIQUE CHECK (call <> ''),
    queue    TEXT    NOT NULL,
    language TEXT    NOT NULL,
    category TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    status   TEXT    NOT NULL CHECK (status IN ('waiting', 'aside', 'offered', 'served')),
    agent    TEXT UNIQUE REFERENCES agents (id),
    CHECK ((status IN ('offered', 'served')) = (agent IS NOT NULL))
) STRICT;

-- Counters that other programs poll.
CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO counters VALUES ('agents', 0);

-- +goose StatementBegin
CREATE TRIGGER agents_added AFTER INSERT ON agents BEGIN
    UPDATE counters SET value = value + 1 WHERE name = 'agents';
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER agents_changed AFTER UPDATE ON agents BEGIN
    UPDATE counters SET value = value + 1 WHERE name = 'agents';
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER agents_removed AFTER DELETE ON agents BEGIN
    UPDATE counters SET value = value + 1 WHERE name = 'agents';
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER journal_live BEFORE INSERT ON journal
WHEN NOT EXISTS (SELECT 1 FROM live WHERE call = NEW.call) BEGIN
    SELECT RAISE(ABORT, 'the call is closed');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER journal_fixed BEFORE UPDATE ON journal BEGIN
    SELECT RAISE(ABORT, 'the journal is only appended to');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER journal_kept BEFORE DELETE ON journal BEGIN
    SELECT RAISE(ABORT, 'the journal is only appended to');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER calls_end_once BEFORE UPDATE OF ended_at, outcome, reason ON calls
WHEN OLD.ended_at IS NOT NULL BEGIN
    SELECT RAISE(ABORT, 'the call is closed');
END;
-- +goose StatementEnd
