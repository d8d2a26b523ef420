-- +goose Up
-- The number by which colleagues key an agent. Those beyond the last number
-- have none.
ALTER TABLE agents ADD COLUMN number INTEGER CHECK (number BETWEEN 201 AND 999);
UPDATE agents SET number = 200 + (SELECT count(*) FROM agents a WHERE a.id <= agents.id)
    WHERE (SELECT count(*) FROM agents a WHERE a.id <= agents.id) <= 799;
CREATE UNIQUE INDEX agents_number ON agents (number);

-- The conversation that began last, and the wrap-up after it: since when and
-- until when, while the agent's world is wrap_up.
ALTER TABLE agents ADD COLUMN last_call TEXT NOT NULL DEFAULT '';
ALTER TABLE agents ADD COLUMN wrap_since INTEGER;
ALTER TABLE agents ADD COLUMN wrap_until INTEGER;

-- What happened to agents, for ever: one row per change of what they chose or
-- of what the world made of them. It outlives the agent, so it refers to none.
CREATE TABLE staff_journal (
    n      INTEGER PRIMARY KEY,
    agent  TEXT    NOT NULL,
    at     INTEGER NOT NULL,
    kind   TEXT    NOT NULL CHECK (kind <> ''),
    detail TEXT    NOT NULL,
    call   TEXT    NOT NULL
) STRICT;
CREATE INDEX staff_journal_agent ON staff_journal (agent, n);
-- +goose StatementBegin
CREATE TRIGGER staff_journal_fixed BEFORE UPDATE ON staff_journal BEGIN
    SELECT RAISE(ABORT, 'the staff journal is only appended to');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER staff_journal_kept BEFORE DELETE ON staff_journal BEGIN
    SELECT RAISE(ABORT, 'the staff journal is only appended to');
END;
-- +goose StatementEnd

-- What agents said of a call after their part in it, whether or not it has
-- ended: entries that come after those of its journal.
ALTER TABLE calls ADD COLUMN wrap_up INTEGER NOT NULL DEFAULT 0;
CREATE TABLE amendments (
    n     INTEGER PRIMARY KEY,
    call  INTEGER NOT NULL REFERENCES calls (n),
    entry TEXT    NOT NULL -- as in the journal, a list of one; s is 0
) STRICT;
CREATE INDEX amendments_call ON amendments (call, n);
-- +goose StatementBegin
CREATE TRIGGER amendments_fixed BEFORE UPDATE ON amendments BEGIN
    SELECT RAISE(ABORT, 'amendments are only appended');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER amendments_kept BEFORE DELETE ON amendments BEGIN
    SELECT RAISE(ABORT, 'amendments are only appended');
END;
-- +goose StatementEnd
