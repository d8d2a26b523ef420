package queue

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"

	"ikomek109/ivr"
)

// earlier is what a start found in the store.
type earlier struct {
	tickets []Ticket
	live    []ivr.CallID // that the program is going to take up
}

// node is the name of the desk's node.
func (d *Desk) node() string {
	if d.opt.Node == nil {
		return ""
	}
	return d.opt.Node()
}

// nodeless tells that the switch has yet to name the node.
func (d *Desk) nodeless() bool { return d.opt.Node != nil && d.opt.Node() == "" }

// of tells whether a ticket is of a node's call. One that names no node is of
// before they were named.
func (t *Ticket) of(node string) bool { return t.Node == "" || t.Node == node }

// takeOver puts in order what the earlier program of the node left, once the node
// is known: the switch may have to name it, after the start.
func (d *Desk) takeOver(ctx context.Context) error {
	node := d.node()
	if d.earlier == nil || d.nodeless() {
		return nil
	}
	if err := d.tidy(ctx, node); err != nil {
		return err
	}
	if err := d.reload(ctx); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for call, s := range d.floor.seats {
		if s.of(node) && s.inbox == nil && !s.out && (s.Status == Waiting || s.Status == Offered) {
			d.away[call] = true
		}
	}
	d.earlier = nil
	return nil
}

// takeOverSoon takes over what was left as soon as that can be done.
func (d *Desk) takeOverSoon(ctx context.Context) {
	d.mu.Lock()
	failing := d.failing
	d.mu.Unlock()
	if d.earlier == nil || d.nodeless() || failing && time.Since(d.tried) < d.opt.Beat {
		return
	}
	ctx, cancel := d.within(ctx)
	defer cancel()
	d.tried = time.Now()
	d.heard(ctx, d.takeOver(ctx))
}

// tidy drops the tickets of the node's calls that are no more. Who entered since
// the start is not among them.
func (d *Desk) tidy(ctx context.Context, node string) error {
	lives := make(map[ivr.CallID]bool, len(d.earlier.live))
	for _, call := range d.earlier.live {
		lives[call] = true
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(atOnce)
	now := time.Now()
	for _, t := range d.earlier.tickets {
		if t.of(node) && !lives[t.Call] {
			group.Go(func() error { return d.opt.Tickets.Drop(ctx, t.Call, false, now) })
		}
	}
	return group.Wait()
}
