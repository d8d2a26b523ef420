-- +goose Up
-- Whether the agent, whose world is talking, has the caller on hold. It says
-- nothing in any other world.
ALTER TABLE agents ADD COLUMN on_hold INTEGER NOT NULL DEFAULT 0 CHECK (on_hold IN (0, 1));
-- +goose StatementBegin
CREATE TRIGGER agents_off_hold AFTER UPDATE OF world ON agents
WHEN NEW.world <> OLD.world AND NEW.on_hold <> 0 BEGIN
    UPDATE agents SET on_hold = 0 WHERE id = NEW.id;
END;
-- +goose StatementEnd

-- How long the caller was on hold, apart from talk; and the agent who handed
-- them on last, empty for nobody.
ALTER TABLE calls ADD COLUMN hold INTEGER NOT NULL DEFAULT 0;
ALTER TABLE calls ADD COLUMN handed_by TEXT NOT NULL DEFAULT '';
