package queue

import (
	"slices"
	"time"

	"ikomek109/ivr"
)

// tellPer is how many callers of a queue make a second between two tellings of
// their places: with 10,000 waiting, everybody's place is told each 11 s, and
// no more than about a thousand calls are woken in a second.
const tellPer = 1000

// Rank implements [ivr.Queue].
func (d *Desk) Rank(call ivr.CallID) (since time.Time, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.floor.seats[call]
	if s == nil || s.Status == Served {
		return time.Time{}, false
	}
	return s.Rank(), true
}

// tellPlaces tells the calls whose place became a better one.
func (d *Desk) tellPlaces(now time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, r := range d.floor.rooms {
		every := d.opt.Beat * time.Duration(r.count[Waiting]) / tellPer
		if !r.moved || now.Sub(r.toldAt) < every {
			continue
		}
		r.moved, r.toldAt = false, now
		d.floor.tellRoom(r)
	}
}

// tellRoom walks a queue once, in order.
func (f *floor) tellRoom(r *room) {
	place := 0
	for t := range r.inOrder() {
		place++
		s := f.seats[t.Call]
		if s.inbox == nil || s.Status != Waiting || (s.told != 0 && place >= s.told) {
			continue
		}
		s.told = place
		s.inbox.Put(ivr.PlaceChanged{Place: place})
	}
}

// inOrder gives the callers who have a place in the queue, first to last, with
// those aside.
func (r *room) inOrder() func(yield func(*Ticket) bool) {
	rest := make([]line, 0, 3*len(r.rows))
	for _, w := range r.rows {
		rest = append(rest, w.next, w.held, w.aside)
	}
	return func(yield func(*Ticket) bool) {
		for {
			best := -1
			for i, l := range rest {
				if len(l) > 0 && (best < 0 || before(l[0], rest[best][0])) {
					best = i
				}
			}
			if best < 0 || !yield(rest[best][0]) {
				return
			}
			rest[best] = rest[best][1:]
		}
	}
}

// turnOut expels those who waited in their queue longer than its rules allow, and
// who are not being offered just now. It looks at all: who is first need not have
// come to this queue first.
func (d *Desk) turnOut(now time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for name, r := range d.floor.rooms {
		limit := d.rules.For(name).LongestWait
		if limit <= 0 {
			continue
		}
		for _, w := range r.rows {
			for _, t := range slices.Clone(w.next) {
				if !t.Patient && now.Sub(t.Since) >= limit {
					d.expel(d.floor.seats[t.Call], "timeout")
				}
			}
		}
	}
}
