-- +goose Up
-- Menus as they were published. The newest is live; none is ever changed or
-- removed, for calls, records and a roll back lean on them.
CREATE TABLE revisions (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    flow   TEXT    NOT NULL CHECK (flow <> ''),
    main   TEXT    NOT NULL,
    digest TEXT    NOT NULL,
    source TEXT    NOT NULL,
    named  INTEGER NOT NULL CHECK (named IN (0, 1)),
    way    TEXT    NOT NULL CHECK (way IN ('command', 'start', 'signal', 'rollback')),
    origin INTEGER REFERENCES revisions (number), -- what a roll back brought back
    author TEXT    NOT NULL CHECK (author <> ''),
    note   TEXT    NOT NULL,
    at     INTEGER NOT NULL,
    CHECK ((way = 'rollback') = (origin IS NOT NULL))
) STRICT;
CREATE INDEX revisions_flow ON revisions (flow);

-- Content lies once for all the revisions that have it.
CREATE TABLE contents (
    n       INTEGER PRIMARY KEY,
    hash    TEXT NOT NULL UNIQUE,
    content BLOB NOT NULL
) STRICT;

CREATE TABLE revision_files (
    revision INTEGER NOT NULL REFERENCES revisions (number),
    name     TEXT    NOT NULL CHECK (name <> ''),
    content  INTEGER NOT NULL REFERENCES contents (n),
    PRIMARY KEY (revision, name)
) STRICT, WITHOUT ROWID;

INSERT INTO counters VALUES ('revisions', 0);

-- +goose StatementBegin
CREATE TRIGGER revisions_added AFTER INSERT ON revisions BEGIN
    UPDATE counters SET value = value + 1 WHERE name = 'revisions';
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER revisions_fixed BEFORE UPDATE ON revisions BEGIN
    SELECT RAISE(ABORT, 'a revision does not change');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER revisions_kept BEFORE DELETE ON revisions BEGIN
    SELECT RAISE(ABORT, 'a revision does not change');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER revision_files_whole BEFORE INSERT ON revision_files
WHEN NEW.revision < (SELECT max(number) FROM revisions) BEGIN
    SELECT RAISE(ABORT, 'a revision does not change');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER revision_files_fixed BEFORE UPDATE ON revision_files BEGIN
    SELECT RAISE(ABORT, 'a revision does not change');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER revision_files_kept BEFORE DELETE ON revision_files BEGIN
    SELECT RAISE(ABORT, 'a revision does not change');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER contents_fixed BEFORE UPDATE ON contents BEGIN
    SELECT RAISE(ABORT, 'a revision does not change');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER contents_kept BEFORE DELETE ON contents BEGIN
    SELECT RAISE(ABORT, 'a revision does not change');
END;
-- +goose StatementEnd
