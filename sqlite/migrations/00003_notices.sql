-- +goose Up
-- Changes of the line's mode, for ever. Times are microseconds UTC.
CREATE TABLE mode_switches (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    mode   TEXT    NOT NULL CHECK (mode IN ('daily', 'heightened', 'emergency')),
    author TEXT    NOT NULL CHECK (author <> ''),
    reason TEXT    NOT NULL CHECK (reason <> ''),
    by     TEXT    NOT NULL CHECK (by IN ('command', 'phone', 'api')),
    at     INTEGER NOT NULL,
    begins INTEGER NOT NULL,
    ends   INTEGER CHECK (ends > begins),
    CHECK (mode = 'daily' OR ends IS NOT NULL)
) STRICT;
CREATE INDEX mode_switches_begins ON mode_switches (begins);

-- What every caller hears first. Its words never change; a release and an end
-- are written once.
CREATE TABLE bulletins (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    kk          TEXT    NOT NULL CHECK (kk <> ''),
    ru          TEXT    NOT NULL CHECK (ru <> ''),
    recording   TEXT    NOT NULL,
    length      INTEGER NOT NULL DEFAULT 0,
    author      TEXT    NOT NULL CHECK (author <> ''),
    by          TEXT    NOT NULL CHECK (by IN ('command', 'phone', 'api')),
    at          INTEGER NOT NULL,
    begins      INTEGER NOT NULL,
    ends        INTEGER NOT NULL CHECK (ends > begins),
    reason      TEXT    NOT NULL CHECK (reason <> ''),
    released_by TEXT    NOT NULL DEFAULT '',
    released_at INTEGER,
    ended_by    TEXT    NOT NULL DEFAULT '',
    ended_at    INTEGER,
    end_reason  TEXT    NOT NULL DEFAULT '',
    CHECK ((released_at IS NULL) = (released_by = '')),
    CHECK ((ended_at IS NULL) = (ended_by = ''))
) STRICT;
CREATE INDEX bulletins_ends ON bulletins (ends);

-- Which bulletins were begun in which call: an index into the journal, written
-- together with it.
CREATE TABLE bulletin_plays (
    call INTEGER NOT NULL REFERENCES calls (n),
    name TEXT    NOT NULL,
    at   INTEGER NOT NULL,
    PRIMARY KEY (call, name, at)
) STRICT, WITHOUT ROWID;
CREATE INDEX bulletin_plays_name ON bulletin_plays (name, at);

-- A caller's earlier calls: how many today, and what they heard in them. A call
-- enters it once, when it arrives.
CREATE INDEX calls_caller ON calls (caller, arrived_at) WHERE caller <> '';

-- Who may set the mode by telephone.
CREATE TABLE pins (
    number INTEGER PRIMARY KEY CHECK (number BETWEEN 10 AND 99),
    name   TEXT    NOT NULL UNIQUE COLLATE NOCASE CHECK (name <> ''),
    hash   TEXT    NOT NULL CHECK (hash <> ''),
    set_at INTEGER NOT NULL
) STRICT;
CREATE TABLE pin_tries (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    number INTEGER NOT NULL,
    place  TEXT    NOT NULL,
    at     INTEGER NOT NULL,
    result TEXT    NOT NULL CHECK (result IN ('begun', 'wrong', 'right', 'locked'))
) STRICT;
CREATE INDEX pin_tries_at ON pin_tries (at);

INSERT INTO counters VALUES ('notices', 0);

-- +goose StatementBegin
CREATE TRIGGER mode_switches_added AFTER INSERT ON mode_switches BEGIN
    UPDATE counters SET value = value + 1 WHERE name = 'notices';
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER mode_switches_fixed BEFORE UPDATE ON mode_switches BEGIN
    SELECT RAISE(ABORT, 'switches of the mode are only appended');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER mode_switches_kept BEFORE DELETE ON mode_switches BEGIN
    SELECT RAISE(ABORT, 'switches of the mode are only appended');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER bulletins_added AFTER INSERT ON bulletins BEGIN
    UPDATE counters SET value = value + 1 WHERE name = 'notices';
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER bulletins_changed AFTER UPDATE ON bulletins BEGIN
    UPDATE counters SET value = value + 1 WHERE name = 'notices';
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER bulletins_fixed BEFORE UPDATE OF id, kk, ru, recording, author, by, at, begins, ends, reason ON bulletins BEGIN
    SELECT RAISE(ABORT, 'a bulletin''s words never change');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER bulletins_released_once BEFORE UPDATE OF released_by, released_at, length ON bulletins
WHEN OLD.released_at IS NOT NULL OR OLD.ended_at IS NOT NULL BEGIN
    SELECT RAISE(ABORT, 'the bulletin is released or ended');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER bulletins_ended_once BEFORE UPDATE OF ended_by, ended_at, end_reason ON bulletins
WHEN OLD.ended_at IS NOT NULL BEGIN
    SELECT RAISE(ABORT, 'the bulletin has ended');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER bulletins_kept BEFORE DELETE ON bulletins BEGIN
    SELECT RAISE(ABORT, 'bulletins are kept');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER bulletin_plays_fixed BEFORE UPDATE ON bulletin_plays BEGIN
    SELECT RAISE(ABORT, 'plays are only appended');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER bulletin_plays_kept BEFORE DELETE ON bulletin_plays BEGIN
    SELECT RAISE(ABORT, 'plays are only appended');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER pin_tries_finished_once BEFORE UPDATE ON pin_tries
WHEN OLD.result <> 'begun' OR NEW.id <> OLD.id OR NEW.number <> OLD.number OR NEW.place <> OLD.place OR NEW.at <> OLD.at BEGIN
    SELECT RAISE(ABORT, 'a try is finished once');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER pin_tries_kept BEFORE DELETE ON pin_tries BEGIN
    SELECT RAISE(ABORT, 'tries are only appended');
END;
-- +goose StatementEnd
