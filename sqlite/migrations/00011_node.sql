-- +goose Up
-- The phone switch of the call that holds the ticket: programs of several share
-- the queue, and each puts in order what is its own.
ALTER TABLE tickets ADD COLUMN node TEXT NOT NULL DEFAULT '';
UPDATE tickets SET node = coalesce((SELECT node FROM calls WHERE calls.id = tickets.call), '');
