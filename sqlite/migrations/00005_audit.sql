-- +goose Up
-- Who looked at personal data that is hidden from most, or removed it; of any
-- kind of record. For ever: it names no citizen. Times are microseconds UTC.
CREATE TABLE audit (
    n       INTEGER PRIMARY KEY AUTOINCREMENT,
    kind    TEXT    NOT NULL CHECK (kind <> ''),
    subject TEXT    NOT NULL CHECK (subject <> ''), -- the record's id
    deed    TEXT    NOT NULL CHECK (deed <> ''),
    by      TEXT    NOT NULL CHECK (by <> ''),
    reason  TEXT    NOT NULL CHECK (reason <> ''),
    at      INTEGER NOT NULL
) STRICT;
CREATE INDEX audit_subject ON audit (kind, subject);

-- +goose StatementBegin
CREATE TRIGGER audit_fixed BEFORE UPDATE ON audit BEGIN
    SELECT RAISE(ABORT, 'the audit is only appended');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_kept BEFORE DELETE ON audit BEGIN
    SELECT RAISE(ABORT, 'the audit is only appended');
END;
-- +goose StatementEnd

-- How many messages a caller has left, and which have been kept long enough.
CREATE INDEX messages_caller ON messages (caller, left_at) WHERE caller <> '';
CREATE INDEX messages_finished ON messages (changed_at) WHERE state IN ('done', 'lost');
