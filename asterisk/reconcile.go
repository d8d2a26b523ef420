package asterisk

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/CyCoreSystems/ari/v5"

	"ikomek109/ivr"
)

// retakePause is the pause before the domain is asked again about legs of the
// earlier program that it could not yet tell of.
const retakePause = time.Second

// settle makes up for what was missed before this connection: the domain is
// told what Asterisk carries, then the events held since are delivered.
func (se *session) settle(ctx context.Context) error {
	var info ari.AsteriskInfo
	err := se.s.insist(ctx, se.s.opts.Timing.Open, 0, func(ctx context.Context) error {
		return se.s.rest.call(ctx, http.MethodGet, command{path: []string{"asterisk", "info"}}, &info)
	})
	if err != nil {
		return fmt.Errorf("can't ask Asterisk who it is: %w", err)
	}
	se.s.board.found(info.SystemInfo.EntityID, info.SystemInfo.Version)
	snap, err := se.s.snapshot(ctx)
	if err != nil {
		return err
	}
	lost, _ := se.s.legs.absent(snap)
	se.s.lose(lost, se.s.sameAsBefore(time.Time(info.StatusInfo.StartupTime)))
	routes := se.ask(ctx, se.s.states(snap, nil))
	se.unsettled.Store(routes.Again)
	return se.resume(ctx, snap, routes)
}

// retake asks the domain about the earlier program's legs, with events held,
// until it can tell. Nothing else waits for that but the slow beat's comparison.
func (se *session) retake(ctx context.Context) error {
	err := every(ctx, retakePause, func() error {
		se.hold()
		brief, cancel := context.WithTimeout(ctx, se.s.opts.Timing.Request) // callers' keys wait meanwhile
		snap, err := se.s.snapshot(brief)
		cancel()
		if err != nil {
			se.release()
			return nil //nolint:nilerr // the heartbeat judges the connection
		}
		routes := se.ask(ctx, se.s.states(snap, nil))
		if err := se.resume(ctx, snap, routes); err != nil {
			return err
		}
		if !routes.Again {
			return errSettled
		}
		return nil
	})
	if !errors.Is(err, errSettled) {
		return err
	}
	se.unsettled.Store(false)
	return nil
}

// errSettled ends the asking of retake.
var errSettled = errors.New("every leg is accounted for")

// hold keeps events back until release.
func (se *session) hold() {
	se.mu.Lock()
	defer se.mu.Unlock()
	se.open = false
}

// release delivers what was held, and from now on every event as it comes.
func (se *session) release() {
	se.mu.Lock()
	defer se.mu.Unlock()
	se.s.board.set(Up, "") // before any call can act on an event
	for _, ev := range se.held {
		se.s.deliver(se.exchange, ev)
	}
	se.held, se.open = nil, true
}

// sameAsBefore tells whether Asterisk, which was started then, is the one of the
// connection before.
func (s *Switch) sameAsBefore(started time.Time) bool {
	before := s.started
	s.started = started
	return started.Equal(before) && !started.IsZero()
}

// lose ends legs that Asterisk no longer has. Unseen tells that it is the same
// Asterisk still: the callers may well have hung up.
func (s *Switch) lose(ids []ivr.ChannelID, unseen bool) {
	for _, id := range ids {
		s.legs.lost(id, unseen)
		s.counts.lost.Add(1)
	}
}

func (se *session) ask(ctx context.Context, legs []ivr.LegState) ivr.Routes {
	return se.exchange.Reconcile(ctx, se.s.board.read().Node, legs)
}

// states tells the domain's view of a snapshot: every leg that is with us or
// has a mailbox, but those that are lost. A leg with a mailbox that is too new
// for the snapshot is there.
func (s *Switch) states(snap *snapshot, lost []ivr.ChannelID) []ivr.LegState {
	held := s.legs.all()
	states := make([]ivr.LegState, 0, len(snap.channels))
	for id, leg := range snap.channels {
		agent, mine := held[id]
		if leg.agent == "" {
			leg.agent = agent
		}
		if mine || leg.kind != "" {
			states = append(states, leg.state(id))
		}
	}
	for id, agent := range held {
		if _, listed := snap.channels[id]; !listed && !slices.Contains(lost, id) {
			states = append(states, ivr.LegState{Channel: id, Agent: agent})
		}
	}
	return states
}

// resume registers the mailboxes the domain named, delivers what was held, and
// only then sees to the legs the domain does not know: one that came with the
// snapshot may have its arrival still on the way, which the fence waits for.
func (se *session) resume(ctx context.Context, snap *snapshot, routes ivr.Routes) error {
	s := se.s
	for id, inbox := range routes.Known {
		if inbox != nil {
			s.legs.adopt(id, inbox, snap.channels[id].agent)
			s.legs.joined(snap.channels[id].bridge, id)
		}
	}
	if err := se.fence(ctx, s.opts.Timing.Open, s.opts.Timing.Pulse); err != nil {
		return err
	}
	se.release()
	s.pickedUp(snap)
	for _, id := range routes.Strange {
		if !s.legs.knows(id) { // it may have arrived among what was held
			s.strange(id, snap.channels[id].kind)
		}
	}
	return nil
}

// pickedUp tells of rung phones that were picked up while nothing was heard.
func (s *Switch) pickedUp(snap *snapshot) {
	for id, leg := range snap.channels {
		if (leg.kind == legArg || leg.kind == partnerArg || leg.kind == recallArg) && leg.up {
			s.legs.answered(id)
		}
	}
}

// strange has a leg that belongs to nobody arrive anew, when it is a citizen's
// whose call is not over; it leaves the application and enters it again, staying
// in its bridge.
func (s *Switch) strange(id ivr.ChannelID, kind string) {
	if kind != citizenArg || s.isDoomed(id) {
		s.dismiss(id)
		return
	}
	s.aside(func(ctx context.Context) {
		err := s.rest.call(ctx, http.MethodPost, command{
			path:  []string{"channels", string(id), "move"},
			query: url.Values{"app": {s.opts.App}, "appArgs": {citizenArg}},
		}, nil)
		if err = unlessGone("take up a call", err); err != nil {
			s.log.Warn("a call that nobody knew can't be taken up", "channel", string(id), "err", err)
		}
	})
}

// beat compares what is held with what Asterisk carries, now and then. A call
// in flight is no difference: only what stands in two comparisons running is
// acted on, by the domain and here alike.
func (se *session) beat(ctx context.Context) error {
	unowned := make(map[ivr.ChannelID]bool)
	empty := make(map[ivr.BridgeID]bool)
	return every(ctx, se.s.opts.Timing.Beat, func() error {
		snap, err := se.s.snapshot(ctx)
		if err != nil {
			se.s.log.Warn("can't compare calls with Asterisk's", "err", err)
			return nil //nolint:nilerr // the heartbeat judges the connection
		}
		empty = se.sweep(ctx, snap, empty)
		if !se.unsettled.Load() {
			unowned = se.compare(ctx, snap, unowned)
		}
		se.s.aside(se.s.pushAgain)
		return nil
	})
}

// compare is one comparison; before are the legs that the domain did not know
// in the one before, and it gives those of this one.
func (se *session) compare(ctx context.Context, snap *snapshot, before map[ivr.ChannelID]bool) map[ivr.ChannelID]bool {
	once, twice := se.s.legs.absent(snap)
	routes := se.ask(ctx, se.s.states(snap, once))
	se.s.lose(twice, true)
	se.s.pickedUp(snap)
	now := make(map[ivr.ChannelID]bool)
	for _, id := range routes.Strange {
		now[id] = true
		if before[id] {
			se.s.strange(id, snap.channels[id].kind)
		}
	}
	return now
}

// sweep deletes bridges of ours that stood empty in two comparisons running.
func (se *session) sweep(ctx context.Context, snap *snapshot, before map[ivr.BridgeID]bool) map[ivr.BridgeID]bool {
	now := make(map[ivr.BridgeID]bool)
	for _, id := range snap.empty {
		if !before[id] {
			now[id] = true
			continue
		}
		if err := se.s.Part(ctx, id); err != nil {
			se.s.log.Warn("can't delete an empty bridge", "err", err)
		}
	}
	return now
}
