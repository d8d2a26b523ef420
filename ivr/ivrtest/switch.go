package ivrtest

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"ikomek109/ivr"
)

// Switch is an [ivr.Switch] without sound: playbacks last as long as they say,
// agents do as they are told, legs end when someone hangs up. It goes by the
// clock of the test's bubble.
type Switch struct {
	mu      sync.Mutex
	inboxes map[ivr.ChannelID]*ivr.Inbox              // guarded by mu: live legs
	playing map[ivr.PlayID]*playback                  // guarded by mu
	bridges map[ivr.BridgeID][]ivr.ChannelID          // guarded by mu
	music   map[ivr.ChannelID]bool                    // guarded by mu
	rung    map[ivr.ChannelID]ivr.Ring                // guarded by mu: whose phone a leg is
	ringing map[ivr.ChannelID]bool                    // guarded by mu: rung and not picked up yet
	agents  map[ivr.AgentID]Manner                    // guarded by mu
	others  map[string]Manner                         // guarded by mu: partners
	people  map[ivr.Number]Manner                     // guarded by mu: citizens who are called
	tapes   map[ivr.RecordingID]*tape                 // guarded by mu
	speech  map[ivr.ChannelID]time.Duration           // guarded by mu: how long a caller speaks; others do not stop
	quiet   map[ivr.ChannelID]quiet                   // guarded by mu: see Quiet
	did     []string                                  // guarded by mu: every command taken
	titles  []string                                  // guarded by mu: what the rung phones show
	fault   func(op string, leg ivr.ChannelID) error  // guarded by mu
	watch   func(op string, leg ivr.ChannelID, n int) // guarded by mu
}

type playback struct {
	leg   ivr.ChannelID
	timer *time.Timer
}

// Manner is how an agent's phone takes a ring.
type Manner struct {
	Answer time.Duration // picks up after this; zero: never
	Cause  int           // ends the ring at once with this cause when not zero
}

// NewSwitch gives a switch with no legs.
func NewSwitch() *Switch {
	return &Switch{
		inboxes: map[ivr.ChannelID]*ivr.Inbox{}, playing: map[ivr.PlayID]*playback{},
		bridges: map[ivr.BridgeID][]ivr.ChannelID{}, music: map[ivr.ChannelID]bool{},
		rung: map[ivr.ChannelID]ivr.Ring{}, ringing: map[ivr.ChannelID]bool{},
		agents: map[ivr.AgentID]Manner{}, others: map[string]Manner{}, people: map[ivr.Number]Manner{},
		tapes: map[ivr.RecordingID]*tape{}, speech: map[ivr.ChannelID]time.Duration{},
		quiet: map[ivr.ChannelID]quiet{},
	}
}

// Connect hands over a leg: its events go where take says. No command is taken
// before that, since the leg would seem not to be there.
func (s *Switch) Connect(leg ivr.ChannelID, take func() *ivr.Inbox) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.inboxes[leg] = take()
	s.listen()
}

// Agent sets how an agent's phone takes a ring.
func (s *Switch) Agent(id ivr.AgentID, m Manner) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.agents[id] = m
}

// Partner sets how a partner takes a ring; others are not on the list.
func (s *Switch) Partner(code string, m Manner) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.others[code] = m
}

// Citizen sets how a citizen's telephone takes a ring; to others there is no way.
func (s *Switch) Citizen(n ivr.Number, m Manner) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.people[n] = m
}

// Break makes commands fail as f says; nil mends the switch.
func (s *Switch) Break(f func(op string, leg ivr.ChannelID) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = f
}

// Watch has f called after every command, with how many there have been. It
// must not call the switch but from a goroutine of its own.
func (s *Switch) Watch(f func(op string, leg ivr.ChannelID, n int)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.watch = f
}

// Press presses keys on a leg.
func (s *Switch) Press(leg ivr.ChannelID, keys string) {
	for i := range len(keys) {
		s.touch(leg)
		s.put(leg, ivr.KeyPressed{Channel: leg, Key: ivr.Key(keys[i]), At: time.Now()})
		if keys[i] == '#' {
			s.endTapesOf(leg)
		}
	}
}

func (s *Switch) touch(leg ivr.ChannelID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle(leg)
	s.listen()
}

// HangUp ends a leg from the far side, and tells with whom it was joined.
func (s *Switch) HangUp(leg ivr.ChannelID) (with []ivr.ChannelID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, in := range s.bridges {
		if slices.Contains(in, leg) {
			with = slices.Clone(in)
		}
	}
	s.end(leg, ivr.Gone{Channel: leg, Cause: 16})
	return with
}

// Lose ends a leg as a switch does that went away with it.
func (s *Switch) Lose(leg ivr.ChannelID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.end(leg, ivr.Gone{Channel: leg, Lost: true})
}

// Vanish ends a leg as one whose end is not heard, on a switch that goes on.
func (s *Switch) Vanish(leg ivr.ChannelID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.end(leg, ivr.Gone{Channel: leg, Unseen: true})
}

// Did gives every command taken so far.
func (s *Switch) Did() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.did)
}

// Titles gives what each phone that was rung showed as the name.
func (s *Switch) Titles() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.titles)
}

// Legs gives the live legs.
func (s *Switch) Legs() []ivr.LegState {
	s.mu.Lock()
	defer s.mu.Unlock()
	var legs []ivr.LegState
	in := map[ivr.ChannelID]ivr.BridgeID{}
	for bridge, both := range s.bridges {
		for _, id := range both {
			in[id] = bridge
		}
	}
	for id := range s.inboxes {
		legs = append(legs, ivr.LegState{Channel: id, Agent: s.rung[id].Agent, Partner: s.rung[id].Partner, Up: !s.ringing[id], Bridge: in[id]})
	}
	return legs
}

// Bridges counts the conversations.
func (s *Switch) Bridges() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.bridges)
}

// Reroute sends the events of legs elsewhere, as after Reconcile. Of one that has
// ended meanwhile that is its end, which a real switch holds back until then.
func (s *Switch) Reroute(known map[ivr.ChannelID]*ivr.Inbox) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, in := range known {
		if s.inboxes[id] == nil {
			in.Put(ivr.Gone{Channel: id, Cause: 16})
			continue
		}
		s.inboxes[id] = in
	}
}

// Play implements [ivr.Switch].
func (s *Switch) Play(_ context.Context, p ivr.Play) error {
	return s.command("play", p.Channel, func() error {
		s.did[len(s.did)-1] = fmt.Sprint("play ", p.Sounds)
		if p.Recording != "" {
			if t := s.tapes[p.Recording]; t == nil || t.live {
				return failure("play", ivr.Invalid, "no recording %s", p.Recording)
			}
			s.did[len(s.did)-1] = "play recording"
		}
		delete(s.music, p.Channel)
		s.playing[p.ID] = &playback{leg: p.Channel, timer: time.AfterFunc(p.Length, func() { s.played(p.ID) })}
		return nil
	})
}

// Stop implements [ivr.Switch].
func (s *Switch) Stop(_ context.Context, id ivr.PlayID) error {
	return s.command("stop", "", func() error {
		if p := s.playing[id]; p != nil {
			p.timer.Reset(0)
		}
		return nil
	})
}

// Hold implements [ivr.Switch].
func (s *Switch) Hold(_ context.Context, leg ivr.ChannelID, on bool) error {
	return s.command("hold", leg, func() error {
		s.did[len(s.did)-1] = fmt.Sprint("hold ", on)
		s.music[leg] = on
		return nil
	})
}

// Ring implements [ivr.Switch].
func (s *Switch) Ring(_ context.Context, r ivr.Ring) error {
	return s.command("ring", "", func() error {
		s.did[len(s.did)-1] = "ring " + string(r.Agent) + r.Partner + string(r.Citizen)
		s.titles = append(s.titles, r.Title)
		m, ok := s.agents[r.Agent]
		if r.Partner != "" {
			m, ok = s.others[r.Partner]
		}
		if r.Citizen != "" {
			m, ok = s.people[r.Citizen]
		}
		if !ok {
			return failure("ring", ivr.NotFound, "no way to %s%s", r.Agent, r.Partner)
		}
		s.inboxes[r.Channel], s.rung[r.Channel], s.ringing[r.Channel] = r.Inbox, r, true
		switch {
		case m.Cause != 0:
			s.end(r.Channel, ivr.Gone{Channel: r.Channel, Cause: m.Cause})
		case m.Answer > 0 && m.Answer <= r.Timeout:
			time.AfterFunc(m.Answer, func() { s.pickUp(r.Channel) })
		default:
			time.AfterFunc(r.Timeout, func() {
				s.mu.Lock()
				defer s.mu.Unlock()
				s.end(r.Channel, ivr.Gone{Channel: r.Channel, Cause: 19})
			})
		}
		return nil
	})
}

// pickUp answers a leg that rings.
func (s *Switch) pickUp(leg ivr.ChannelID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.ringing, leg)
	if in := s.inboxes[leg]; in != nil {
		in.Put(ivr.LegAnswered{Channel: leg})
	}
}

// Join implements [ivr.Switch].
func (s *Switch) Join(_ context.Context, id ivr.BridgeID, a, b ivr.ChannelID) error {
	return s.command("join", a, func() error {
		if s.inboxes[b] == nil {
			return failure("join", ivr.NotFound, "no leg %s", b)
		}
		s.leave(a, b)
		s.bridges[id] = []ivr.ChannelID{a, b}
		return nil
	})
}

// leave takes legs that are joined with somebody else out of their bridge. One
// that nobody is left in is swept by the switch.
func (s *Switch) leave(legs ...ivr.ChannelID) {
	for id, in := range s.bridges {
		in = slices.DeleteFunc(in, func(leg ivr.ChannelID) bool { return slices.Contains(legs, leg) })
		if s.bridges[id] = in; len(in) == 0 {
			delete(s.bridges, id)
		}
	}
}

// Part implements [ivr.Switch].
func (s *Switch) Part(_ context.Context, id ivr.BridgeID) error {
	return s.command("part", "", func() error {
		delete(s.bridges, id)
		for _, t := range s.tapes {
			if t.talk == id {
				s.endTape(t)
			}
		}
		return nil
	})
}

// Hangup implements [ivr.Switch].
func (s *Switch) Hangup(_ context.Context, leg ivr.ChannelID) error {
	return s.command("hangup", "", func() error {
		s.end(leg, ivr.Gone{Channel: leg, Cause: 16})
		return nil
	})
}

// command takes a command: leg, when given, has to be there.
func (s *Switch) command(op string, leg ivr.ChannelID, do func() error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fault != nil {
		if err := s.fault(op, leg); err != nil {
			return err
		}
	}
	if leg != "" && s.inboxes[leg] == nil {
		return failure(op, ivr.NotFound, "no leg %s", leg)
	}
	s.did = append(s.did, op)
	err := do()
	s.listen()
	if s.watch != nil {
		s.watch(op, leg, len(s.did))
	}
	return err
}

// end takes a leg down: its playbacks end first, Gone comes last.
func (s *Switch) end(leg ivr.ChannelID, gone ivr.Gone) {
	in := s.inboxes[leg]
	if in == nil {
		return
	}
	for id, p := range s.playing {
		if p.leg == leg {
			p.timer.Stop()
			delete(s.playing, id)
			in.Put(ivr.PlayEnded{Channel: leg, Play: id, Failed: true})
		}
	}
	for _, t := range s.tapes {
		if t.leg == leg {
			s.endTape(t)
		}
	}
	s.settle(leg)
	delete(s.inboxes, leg)
	delete(s.ringing, leg)
	delete(s.music, leg)
	in.Put(gone)
	s.listen()
}

func (s *Switch) played(id ivr.PlayID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.playing[id]
	if p == nil {
		return
	}
	delete(s.playing, id)
	s.listen()
	if in := s.inboxes[p.leg]; in != nil {
		in.Put(ivr.PlayEnded{Channel: p.leg, Play: id})
	}
}

func (s *Switch) put(leg ivr.ChannelID, ev ivr.Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if in := s.inboxes[leg]; in != nil {
		in.Put(ev)
	}
}

// Voice is an [ivr.Voice] that knows every phrase: its file is named after it,
// and lasts a twentieth of a second per character.
type Voice struct{}

// Tone implements [ivr.Voice].
func (Voice) Tone() (string, time.Duration) { return "tone", 300 * time.Millisecond }

// Sounds implements [ivr.Voice].
func (Voice) Sounds(lang, id, text string, values map[string]string) ([]string, time.Duration, error) {
	name := lang + "/" + id
	for _, v := range values {
		name += "=" + v
	}
	return []string{name}, time.Duration(len([]rune(text))) * 50 * time.Millisecond, nil
}
