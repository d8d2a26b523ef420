package ivr

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"ikomek109/flows"
)

// Relay is a hand-over that no caller is there for: an agent is rung and told
// what it is about, then the partner is rung, and the two are joined.
type Relay struct {
	Subject  string // what it is about: its number, in digits
	Try      int    // from 1: no two relays of a subject have the same
	Agent    AgentID
	Partner  string // the code of a partner service
	Category string
}

// RelayKind is what can become of a relay.
type RelayKind string

// What becomes of a relay: it is missed, or accepted and then ended.
const (
	RelayMissed   RelayKind = "missed"   // By agent or partner, Why
	RelayAccepted RelayKind = "accepted" // the partner picked up
	RelayEnded    RelayKind = "ended"    // By agent, partner or fault hung up
)

// RelayEvent is something that happened to a relay.
type RelayEvent struct {
	Kind RelayKind
	At   time.Time
	By   string
	Why  string
}

// RelayBook is where it is put down what becomes of relays.
type RelayBook interface {
	// Relayed puts an event down; on disk when it returns. The same one may come
	// twice, from a program that was started again. Errors are as those of
	// [Journal].
	Relayed(ctx context.Context, r Relay, e RelayEvent) error
}

// relayMark begins the ids of a relay's legs and bridge. They are made from the
// subject and the try alone, so that a restarted program knows them.
const relayMark = "relay-"

// Who is on a leg of a relay, as its id ends, and as [RelayEvent.By] says it.
const (
	relayAgent   = "agent"
	relayPartner = "partner"
)

func (r Relay) name() string { return relayMark + r.Subject + "-" + strconv.Itoa(r.Try) }

func (r Relay) leg(who string) ChannelID { return ChannelID(r.name() + "-" + who) }

// relayOf tells of which relay a leg is, and whose.
func relayOf(id ChannelID) (r Relay, who string, ok bool) {
	name, ours := strings.CutPrefix(string(id), relayMark)
	parts := strings.Split(name, "-")
	if !ours || len(parts) != 3 {
		return Relay{}, "", false
	}
	try, err := strconv.Atoi(parts[1])
	return Relay{Subject: parts[0], Try: try}, parts[2], err == nil && (parts[2] == relayAgent || parts[2] == relayPartner)
}

// Relaying tells whether a relay of a subject is under way, or its end is not
// put down yet. Unavailable until the earlier program's have been taken up.
func (l *Line) Relaying(subject string) (bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.resumed || l.stopped {
		return false, &Error{Op: "relay", Code: Unavailable, Message: "the line does not know yet what its switch carries"}
	}
	return l.relays[subject], nil
}

// Relay begins a relay, whose end is put down in the line's [RelayBook]:
// Conflict while another one of the same subject is under way.
func (l *Line) Relay(r Relay) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.stopped || l.opt.Relays == nil:
		return &Error{Op: "relay", Code: Unavailable, Message: "the line takes no relays"}
	case l.relays[r.Subject]:
		return &Error{Op: "relay", Code: Conflict, Message: "one of the same subject is under way"}
	}
	one := l.newRelay(r)
	l.legs[r.leg(relayAgent)] = &leg{in: one.c.in}
	l.startRelay(one, one.live)
	return nil
}

// relay is a relay under way: a call of which the agent has the first leg and
// the partner the other one. It has no record of its own.
type relay struct {
	Relay
	line   *Line
	h      *Handset
	c      *call
	log    *slog.Logger
	bridge BridgeID
	untold []RelayEvent // not put down yet, in order
}

func (l *Line) newRelay(r Relay) *relay {
	log := l.log.With("subject", r.Subject, "agent", string(r.Agent), "partner", r.Partner)
	h := l.handset(CodeCall{Agent: r.Agent}, NewInbox(), log)
	return &relay{Relay: r, line: l, h: h, c: h.c, log: log, bridge: BridgeID(r.name())}
}

// startRelay lives a relay in a goroutine; mu is held.
func (l *Line) startRelay(r *relay, how func(context.Context) error) {
	l.relays[r.Subject] = true
	l.work.Go(func() {
		defer l.endRelay(r)
		l.opt.Roster.Engage(r.Agent, true)
		err := r.c.caught(func() error { return how(l.life) })
		l.opt.Roster.Engage(r.Agent, false)
		if l.life.Err() != nil {
			return // the legs stay, and the next program goes on
		}
		if _, over := endOf(err); err != nil && !over {
			r.log.Error("a relay ended by an error", "err", err)
		}
		r.release()
		r.tellAll(l.life)
	})
}

func (l *Line) endRelay(r *relay) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.relays, r.Subject)
	delete(l.legs, r.leg(relayAgent))
	delete(l.legs, r.leg(relayPartner))
}

// release takes down what is left in the switch.
func (r *relay) release() {
	ctx, cancel := context.WithTimeout(r.line.last, endWithin)
	defer cancel()
	sw := r.line.opt.Switch
	err := errors.Join(sw.Part(ctx, r.bridge), sw.Hangup(ctx, r.leg(relayPartner)), sw.Hangup(ctx, r.leg(relayAgent)))
	if err != nil {
		r.log.Warn("not everything of a relay could be released", "err", err)
	}
}

// live lives a relay from its beginning.
func (r *relay) live(ctx context.Context) error {
	why, err := r.reachAgent(ctx)
	if _, over := endOf(err); over {
		why, err = MissedRefused, nil
	}
	if err != nil || why != "" {
		return r.missed(err, relayAgent, why)
	}
	why, err = r.ringPartner(ctx)
	if _, over := endOf(err); over {
		return r.missed(nil, relayAgent, MissedRefused)
	}
	if err != nil || why != "" {
		err = r.missed(err, relayPartner, why)
		if err == nil {
			r.h.announce(ctx, "handover/failed")
		}
		return err
	}
	r.note(RelayEvent{Kind: RelayAccepted, At: time.Now()})
	return r.join(ctx)
}

// reachAgent rings the agent and tells them what it is about.
func (r *relay) reachAgent(ctx context.Context) (why string, err error) {
	if r.line.opt.Roster.Duty(r.Agent).Busy {
		return "busy", nil
	}
	if why, err = r.ringAgent(ctx); err != nil || why != "" {
		return why, err
	}
	return r.words(ctx)
}

// missed notes that a relay came to nothing.
func (r *relay) missed(err error, by, why string) error {
	if err != nil {
		why = MissedByFault
	}
	r.note(RelayEvent{Kind: RelayMissed, At: time.Now(), By: by, Why: why})
	return err
}

// ringAgent rings the agent; an empty why says that they picked up.
func (r *relay) ringAgent(ctx context.Context) (why string, err error) {
	timeout := r.line.opt.Rules("").RingTimeout
	leg := r.leg(relayAgent)
	err = r.line.opt.Switch.Ring(ctx, Ring{Channel: leg, Agent: r.Agent, Title: r.title(), Timeout: timeout, Inbox: r.c.in})
	if err != nil {
		r.log.Warn("an agent could not be rung for a relay", "err", err)
		if CodeOf(err) == NotFound {
			return MissedUnreachable, ctx.Err()
		}
		return MissedByFault, ctx.Err()
	}
	for until := time.Now().Add(timeout + ringGrace); ; {
		ev, err := r.c.next(ctx, until)
		if errors.Is(err, errTimeUp) {
			return MissedByFault, nil // the switch owes us the end of the leg
		}
		if err != nil {
			return "", err
		}
		switch e := ev.(type) {
		case LegAnswered:
			r.c.leg = leg
			return "", nil
		case Gone:
			return missedWhy(e), nil
		}
	}
}

// title is what the phones show.
func (r *relay) title() string { return "Оқиға/Происшествие " + r.Subject }

// words tells the agent what it is about and who will be rung. * refuses.
func (r *relay) words(ctx context.Context) (why string, err error) {
	said := []Said{{ID: "agent/incident", Values: map[string]string{"digits": r.Subject}}}
	for _, id := range topicPhrases(r.c.flow, r.Category) {
		said = append(said, Said{ID: id})
	}
	to := Said{ID: "agent/incident/calling"}
	if strings.Trim(r.Partner, "0123456789") == "" {
		to = Said{ID: "agent/incident/calling_number", Values: map[string]string{"digits": r.Partner}}
	}
	if err := r.h.Say(ctx, append(said, to)...); err != nil {
		return "", err
	}
	if len(r.c.keys) > 0 && r.c.takeKey() == (flows.Key{Digit: '*'}) {
		return MissedRefused, nil
	}
	return "", nil
}

// ringPartner rings the partner, with music for the agent; an empty why says
// that they picked up.
func (r *relay) ringPartner(ctx context.Context) (why string, err error) {
	r.c.agentLeg = r.leg(relayPartner)
	r.line.mu.Lock()
	r.line.legs[r.c.agentLeg] = &leg{in: r.c.in}
	r.line.mu.Unlock()
	timeout := r.line.opt.PartnerRing
	err = r.line.opt.Switch.Ring(ctx, Ring{
		Channel: r.c.agentLeg, Partner: r.Partner, Title: r.title(), Timeout: timeout, Inbox: r.c.in,
	})
	if err != nil {
		r.log.Error("a partner could not be rung", "err", err)
		return MissedByFault, ctx.Err()
	}
	_, why, err = r.c.awaitAnswer(ctx, time.Now().Add(timeout+ringGrace), r.c.agentLeg)
	if err == nil {
		err = r.c.hold(ctx, false)
	}
	return why, err
}

// join joins agent and partner, who has picked up and is on record, and waits
// for the end of their conversation.
func (r *relay) join(ctx context.Context) error {
	r.tell(ctx) // before they speak
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err := r.line.opt.Switch.Join(ctx, r.bridge, r.c.leg, r.c.agentLeg); err != nil {
		r.note(RelayEvent{Kind: RelayEnded, At: time.Now(), By: partedBy("", relayPartner)})
		return err
	}
	return r.talk(ctx)
}

func (r *relay) talk(ctx context.Context) error {
	why, err := r.c.parting(ctx)
	if err != nil {
		return err
	}
	by := relayPartner
	if why != AgentHungUp { // the one who has the first leg
		by = relayAgent
	}
	r.note(RelayEvent{Kind: RelayEnded, At: time.Now(), By: by})
	return nil
}

func (r *relay) note(e RelayEvent) { r.untold = append(r.untold, e) }

// tell puts down what is not yet, as far as the store takes it in a short time.
func (r *relay) tell(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, storeWait)
	defer cancel()
	for len(r.untold) > 0 {
		err := r.line.opt.Relays.Relayed(ctx, r.Relay, r.untold[0])
		if err != nil && !final(err) {
			r.log.Warn("what became of a relay is not put down yet", "what", r.untold[0].Kind, "err", err)
			return false
		}
		if err != nil {
			r.log.Error("the store refused what became of a relay", "what", r.untold[0].Kind, "err", err)
		}
		r.untold = r.untold[1:]
	}
	return true
}

// tellAll tries until all is put down, or the line stops.
func (r *relay) tellAll(ctx context.Context) {
	insist(ctx, func() bool { return r.tell(ctx) })
}

// relaysAgain takes up the relays of an earlier program whose agent and partner
// are both on the line: they talk on, or are joined now. Of all others the legs
// are nobody's; mu is held.
func (l *Line) relaysAgain(there map[ChannelID]LegState) {
	for id, agent := range there {
		r, who, ok := relayOf(id)
		partner, both := there[r.leg(relayPartner)]
		if !ok || who != relayAgent || !both || !agent.Up || !partner.Up || l.stopped || l.opt.Relays == nil {
			continue
		}
		r.Agent, r.Partner = agent.Agent, partner.Partner
		one := l.newRelay(r)
		one.c.leg, one.c.agentLeg = id, partner.Channel
		l.legs[id], l.legs[partner.Channel] = &leg{in: one.c.in}, &leg{in: one.c.in}
		joined := agent.Bridge != "" && agent.Bridge == partner.Bridge
		l.startRelay(one, func(ctx context.Context) error { return one.again(ctx, joined) })
	}
}

// again goes on with a relay of an earlier program.
func (r *relay) again(ctx context.Context, joined bool) error {
	r.note(RelayEvent{Kind: RelayAccepted, At: time.Now()})
	if joined {
		r.tell(ctx)
		return r.talk(ctx)
	}
	r.c.music = true
	if err := r.c.hold(ctx, false); err != nil {
		return err
	}
	return r.join(ctx)
}
