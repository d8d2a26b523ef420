-- +goose Up

-- Calls that the line makes by itself: why, for which wish, and the call in
-- which it was made. They are in the log, and are no calls of citizens.
ALTER TABLE calls ADD COLUMN origin TEXT NOT NULL DEFAULT '';
ALTER TABLE calls ADD COLUMN callback INTEGER NOT NULL DEFAULT 0;
ALTER TABLE calls ADD COLUMN first_call TEXT NOT NULL DEFAULT '';

-- Who asked in place of the caller; the call that tries, or tried last, since
-- when; and what came of that, or who ended it.
ALTER TABLE callbacks ADD COLUMN by TEXT NOT NULL DEFAULT '';
ALTER TABLE callbacks ADD COLUMN recall TEXT NOT NULL DEFAULT '';
ALTER TABLE callbacks ADD COLUMN claimed_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE callbacks ADD COLUMN why TEXT NOT NULL DEFAULT '';
CREATE INDEX callbacks_ended ON callbacks (ended_at) WHERE ended_at IS NOT NULL;

-- A ticket that waits as long as it takes.
ALTER TABLE tickets ADD COLUMN patient INTEGER NOT NULL DEFAULT 0 CHECK (patient IN (0, 1));
