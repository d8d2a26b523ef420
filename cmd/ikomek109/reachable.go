package main

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"ikomek109/asterisk"
	"ikomek109/ivr"
	"ikomek109/queue"
)

// registeredEvery is how often the agents' phones are looked at. lostAfter is how
// long Asterisk must not be heard for nobody to count as reachable: a mere reconnect
// of its events, with two tries that come to nothing, takes less.
const (
	registeredEvery = 5 * time.Second
	lostAfter       = 5 * time.Second
)

// phones is what tells whether agents can be rung: the switch.
type phones interface {
	Status() asterisk.Status
	Phones(ctx context.Context) (map[ivr.AgentID]bool, error)
}

// reach tells the queue which agents can be rung: those whose phone is registered and
// in no call of Asterisk's own, and nobody while Asterisk is lost. It is told on each look, not on each change:
// what the queue made of it meanwhile (an agent was with a caller, a phone could not
// be rung) is no business of ours to remember.
type reach struct {
	sw   phones
	desk *queue.Desk
	log  *slog.Logger

	looked atomic.Bool // at the phones, once: till then it is not known who is in a call
	heard  time.Time   // when Asterisk was found up last
	due    time.Time   // of the next look
	lost   bool        // the queue was told so
}

func newReach(sw phones, desk *queue.Desk, log *slog.Logger) *reach {
	now := time.Now()
	return &reach{sw: sw, desk: desk, log: log, heard: now}
}

// canRing tells whether telephones can be rung. Before the first look nobody is: an
// agent may be with a caller of Asterisk's own queue.
func (r *reach) canRing() bool { return r.sw.Status().State == asterisk.Up && r.looked.Load() }

// beat looks when it is time; at once when Asterisk is there for the first time, is
// lost, or is back.
func (r *reach) beat(ctx context.Context) {
	now, up := time.Now(), r.sw.Status().State == asterisk.Up
	if up {
		r.heard = now
	}
	lost := now.Sub(r.heard) >= lostAfter
	turned := lost != r.lost
	r.lost = lost
	if !turned && now.Before(r.due) || !up && !lost {
		return
	}
	r.due = now.Add(registeredEvery)
	switch {
	case up:
		r.tellRegistered(ctx)
		r.looked.Store(true) // or tried to: an Asterisk that does not list them may ring them yet
	case lost:
		r.tell(ctx, func(ivr.AgentID) (yes, known bool) { return false, true })
	}
}

// tellRegistered goes by the phones that Asterisk knows.
func (r *reach) tellRegistered(ctx context.Context) {
	all, err := r.sw.Phones(ctx)
	if err != nil {
		r.log.Debug("registrations were not read", "err", err)
		return
	}
	r.tell(ctx, func(id ivr.AgentID) (yes, known bool) { yes, known = all[id]; return yes, known })
}

// tell tells of every agent who has no caller, as far as it is known.
func (r *reach) tell(ctx context.Context, reachable func(ivr.AgentID) (yes, known bool)) {
	for _, a := range r.desk.Agents() {
		yes, known := reachable(a.ID)
		if !known || a.World.WithCaller() {
			continue
		}
		if err := r.desk.Reachable(ctx, a.ID, yes); err != nil {
			r.log.Debug("reachability was not noted", "agent", a.ID, "err", err)
		}
	}
}
