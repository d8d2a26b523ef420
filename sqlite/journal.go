package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"ikomek109/ivr"
)

// Journal is the store as the calls see it: an [ivr.Journal].
//
// A step that was accepted is never given up: when its context ends first, the
// answer is Unavailable, and it is written all the same as soon as the store
// can be. Sending it again is safe.
type Journal struct{ store *Store }

// Journal gives the store as the calls see it.
func (s *Store) Journal() *Journal { return &Journal{store: s} }

// liveCall is what the writer knows of a call that has not ended.
type liveCall struct {
	n    int64 // its number in the store
	last int   // the highest Seq that is written
}

// Open implements [ivr.Journal].
func (j *Journal) Open(ctx context.Context, r ivr.Record, first ivr.Step) error {
	const name = "open call"
	if err := checkRecord(name, r, first); err != nil {
		return err
	}
	if !r.Live() || r.Outcome != "" {
		return refuse(name, ivr.Invalid, "call %s has ended already", r.ID)
	}
	row, packed := packRecord(r), packStep(first)
	return j.send(ctx, packed, &op{name: name, durable: true, run: func(b *batch) error {
		if err := b.born(r, row, packed.state); err != nil {
			return err
		}
		return b.append(packed.stateless())
	}})
}

// Append implements [ivr.Journal].
func (j *Journal) Append(ctx context.Context, s ivr.Step) error {
	const name = "append to call"
	if err := checkStep(name, s); err != nil {
		return err
	}
	packed := packStep(s)
	return j.send(ctx, packed, &op{name: name, durable: s.Durable, run: func(b *batch) error { return b.append(packed) }})
}

// Close implements [ivr.Journal]. It waits for others to share its commit, since
// nobody is on the line any more.
func (j *Journal) Close(ctx context.Context, r ivr.Record, last ivr.Step) error {
	const name = "close call"
	if err := checkRecord(name, r, last); err != nil {
		return err
	}
	if r.Live() || r.Outcome == "" {
		return refuse(name, ivr.Invalid, "call %s has no end or no outcome", r.ID)
	}
	row, packed := packRecord(r), packStep(last).stateless()
	return j.send(ctx, packed, &op{name: name, durable: true, patient: true, run: func(b *batch) error {
		if err := b.append(packed); err != nil {
			return err
		}
		return b.end(r.ID, row)
	}})
}

// Live implements [ivr.Journal]. It waits until everything accepted is written.
func (j *Journal) Live(ctx context.Context, node string) ([]ivr.Saved, error) {
	const name = "read live calls"
	if j.store.writer != nil {
		if err := j.store.Sync(ctx); err != nil {
			return nil, err
		}
	}
	saved, err := j.store.readLive(ctx, node)
	return saved, j.store.fault(name, err)
}

func (j *Journal) send(ctx context.Context, s step, o *op) error {
	o.size, o.key = s.size(), key{name: o.name, call: s.call, seq: s.first}
	return j.store.submit(ctx, o)
}

// step is a step packed for the store; it shares nothing with its sender.
type step struct {
	call        ivr.CallID
	first, last int // Seq of its entries; 0 when it has none
	entries     string
	plays       []play
	state       []byte
}

// play is a bulletin that was begun.
type play struct {
	name string
	at   time.Time
}

// overhead is about what a change holds beside its entries and its state.
const overhead = 400

// stateless is the step without its state, which stays as it is in the store.
func (s step) stateless() step {
	s.state = nil
	return s
}

func (s step) size() int { return len(s.entries) + len(s.state) + overhead }

func packStep(s ivr.Step) step {
	p := step{call: s.Call, entries: packEntries(s.Entries), state: slices.Clone(s.State)}
	if n := len(s.Entries); n > 0 {
		p.first, p.last = s.Entries[0].Seq, s.Entries[n-1].Seq
	}
	for _, e := range s.Entries {
		if e.Kind == ivr.BulletinBegun {
			p.plays = append(p.plays, play{e.Detail["bulletin"], e.At})
		}
	}
	return p
}

// born writes the row of a new call, and its first state.
func (b *batch) born(r ivr.Record, row []any, state []byte) error {
	n, err := b.add(insertCall, row...)
	if constraint(err) {
		return refuse("", ivr.Conflict, "call %s is opened already", r.ID)
	}
	if err != nil {
		return err
	}
	_, err = b.add(`INSERT INTO live (call, node, channel, state) VALUES (?, ?, ?, ?)`, n, r.Node, string(r.Channel), state)
	if constraint(err) {
		return refuse("", ivr.Conflict, "another call is open on channel %s of %s", r.Channel, r.Node)
	}
	b.know(r.ID, &liveCall{n: n})
	return err
}

// append writes a step of a live call, unless it is there already.
func (b *batch) append(s step) error {
	c, err := b.find(s.call)
	if err != nil {
		return err
	}
	bare := s.first == 0 // nothing but a state
	fresh := s.first > c.last
	if !bare && !fresh {
		if s, fresh, err = b.rest(c, s); err != nil {
			return err
		}
	}
	if fresh {
		_, err = b.exec(`INSERT INTO journal (call, seq, entries) VALUES (?, ?, ?)`, c.n, s.first, s.entries)
		if constraint(err) { // another program ended the call or wrote to it
			delete(b.w.live, s.call)
			return refuse("", ivr.Conflict, "call %s is in other hands", s.call)
		}
		if err != nil {
			return err
		}
		b.know(s.call, &liveCall{n: c.n, last: max(c.last, s.last)})
		if err := b.played(c.n, s.plays); err != nil {
			return err
		}
	}
	if s.state == nil || !bare && !fresh {
		return nil // an older state must not come back
	}
	changed, err := b.exec(`UPDATE live SET state = ? WHERE call = ?`, s.state, c.n)
	if err == nil && changed == 0 {
		return refuse("", ivr.Conflict, "call %s is closed already", s.call)
	}
	return err
}

// played keeps the index of bulletins in step with the journal.
func (b *batch) played(call int64, plays []play) error {
	for _, p := range plays {
		if _, err := b.exec(`INSERT OR IGNORE INTO bulletin_plays (call, name, at) VALUES (?, ?, ?)`, call, p.name, micros(p.at)); err != nil {
			return err
		}
	}
	return nil
}

// rest gives what of a step is not written yet: a step may be sent again.
func (b *batch) rest(c *liveCall, s step) (left step, fresh bool, err error) {
	there, err := b.written(c)
	if err != nil {
		return s, false, err
	}
	entries, err := unpackEntries(s.entries)
	if err != nil {
		return s, false, err
	}
	entries = slices.DeleteFunc(entries, func(e ivr.Entry) bool { return there[e.Seq] })
	left = packStep(ivr.Step{Call: s.call, Entries: entries, State: s.state})
	return left, len(entries) > 0, nil
}

// end writes the ended record and takes the call from the live ones.
func (b *batch) end(id ivr.CallID, row []any) error {
	c, err := b.find(id)
	if err != nil {
		return err
	}
	changed, err := b.exec(updateCall, append(slices.Clip(row), c.n)...)
	if constraint(err) || err == nil && changed == 0 {
		return refuse("", ivr.Conflict, "call %s is closed already", id)
	}
	if err != nil {
		return err
	}
	if err := b.amended(c.n); err != nil {
		return err
	}
	b.touched = append(b.touched, id)
	delete(b.w.live, id)
	_, err = b.exec(`DELETE FROM live WHERE call = ?`, c.n)
	return err
}

// know notes what is true of a call if the transaction is committed.
func (b *batch) know(id ivr.CallID, c *liveCall) {
	b.touched = append(b.touched, id)
	b.w.live[id] = c
}

// find gives a call that can take entries.
func (b *batch) find(id ivr.CallID) (*liveCall, error) {
	if c, ok := b.w.live[id]; ok {
		return c, nil
	}
	c, ended := &liveCall{}, false
	err := b.row(`SELECT n, ended_at IS NOT NULL FROM calls WHERE id = ?`, string(id)).Scan(&c.n, &ended)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, refuse("", ivr.NotFound, "no call %q", string(id))
	case err != nil:
		return nil, err
	case ended:
		return nil, refuse("", ivr.Conflict, "call %s is closed already", id)
	}
	there, err := b.written(c)
	if err != nil {
		return nil, err
	}
	for seq := range there {
		c.last = max(c.last, seq)
	}
	b.know(id, c)
	return c, nil
}

// written gives the Seq of all entries that the store has of a call.
func (b *batch) written(c *liveCall) (map[int]bool, error) {
	var all string
	err := b.row(`SELECT coalesce(json_group_array(json_extract(e.value, '$.s')), '[]')
		FROM journal j, json_each(j.entries) e WHERE j.call = ?`, c.n).Scan(&all)
	if err != nil {
		return nil, err
	}
	seqs, err := unpackList[int](all)
	there := make(map[int]bool, len(seqs))
	for _, seq := range seqs {
		there[seq] = true
	}
	return there, err
}

func refuse(op string, code ivr.Code, format string, args ...any) error {
	return &ivr.Error{Op: op, Code: code, Message: fmt.Sprintf(format, args...)}
}
