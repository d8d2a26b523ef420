package sqlite

import (
	"context"
	"slices"
	"time"

	"ikomek109/ivr"
	"ikomek109/queue"
)

// Changes implements [queue.StaffLog].
func (s *Staff) Changes(ctx context.Context, agent ivr.AgentID, limit int) ([]queue.Change, error) {
	all, err := readAll(ctx, s.store.read, scanChange, `SELECT n, agent, at, kind, detail, call FROM staff_journal
		WHERE ?1 = '' OR agent = ?1 ORDER BY n DESC LIMIT ?2`, string(agent), limit)
	slices.Reverse(all)
	return all, s.store.fault("read the staff journal", err)
}

func scanChange(row scanner) (c queue.Change, err error) {
	var at int64
	err = row.Scan(&c.N, &c.Agent, &at, &c.Kind, &c.Detail, &c.Call)
	c.At = time.UnixMicro(at).UTC()
	return c, err
}

// changed writes a line of the staff journal, in the transaction of the change.
func (b *batch) changed(c queue.Change) error {
	_, err := b.exec(`INSERT INTO staff_journal (agent, at, kind, detail, call) VALUES (?, ?, ?, ?, ?)`,
		string(c.Agent), c.At.UnixMicro(), c.Kind, c.Detail, string(c.Call))
	return err
}

// freed writes the lines of the agents whom a call's ticket binds and who are
// about to be free of it.
func (b *batch) freed(call ivr.CallID, w queue.World, at time.Time) error {
	_, err := b.exec(`INSERT INTO staff_journal (agent, at, kind, detail, call)
		SELECT agent, ?, ?, '', call FROM offers WHERE call = ?`, at.UnixMicro(), string(w), string(call))
	return err
}
