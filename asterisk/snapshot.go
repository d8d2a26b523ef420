package asterisk

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"ikomek109/ivr"
)

// listedChannel is what matters of a channel in Asterisk's list. The library's
// type has no place for the application and its arguments.
type listedChannel struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	State    string `json:"state"`
	Dialplan struct {
		App  string `json:"app_name"`
		Data string `json:"app_data"`
	} `json:"dialplan"`
}

// recorderName begins the name of a channel by which Asterisk records a bridge.
const recorderName = "Recorder/"

type listedBridge struct {
	ID       string   `json:"id"`
	Name     string   `json:"name"`
	Channels []string `json:"channels"`
}

// snapshot is what Asterisk carries, and when that was asked.
type snapshot struct {
	mark     uint64 // legs registered since are too new to be missed in it
	channels map[ivr.ChannelID]listedLeg
	empty    []ivr.BridgeID // bridges of ours with nobody in them
}

// listedLeg is one channel, seen with our eyes.
type listedLeg struct {
	kind    string // the first argument it entered with; empty when it is not with us
	agent   ivr.AgentID
	partner string
	bridge  ivr.BridgeID
	up      bool
}

func (l listedLeg) state(id ivr.ChannelID) ivr.LegState {
	return ivr.LegState{Channel: id, Agent: l.agent, Partner: l.partner, Bridge: l.bridge, Up: l.up}
}

// snapshot lists channels, then bridges.
func (s *Switch) snapshot(ctx context.Context) (*snapshot, error) {
	snap := &snapshot{mark: s.legs.mark()}
	var channels []listedChannel
	if err := s.list(ctx, "channels", &channels); err != nil {
		return nil, err
	}
	var bridges []listedBridge
	if err := s.list(ctx, "bridges", &bridges); err != nil {
		return nil, err
	}
	snap.channels = make(map[ivr.ChannelID]listedLeg, len(channels))
	in := make(map[string]ivr.BridgeID)
	recorders := make(map[string]bool)
	for _, c := range channels {
		recorders[c.ID] = strings.HasPrefix(c.Name, recorderName)
	}
	for _, b := range bridges {
		for _, c := range b.Channels {
			in[c] = ivr.BridgeID(b.ID)
		}
		nobody := !slices.ContainsFunc(b.Channels, func(id string) bool { return !recorders[id] })
		if nobody && b.Name == s.opts.App {
			snap.empty = append(snap.empty, ivr.BridgeID(b.ID))
		}
	}
	for _, c := range channels {
		leg := s.seen(c)
		leg.bridge = in[c.ID]
		snap.channels[ivr.ChannelID(c.ID)] = leg
	}
	return snap, nil
}

func (s *Switch) list(ctx context.Context, what string, out any) error {
	err := s.insist(ctx, s.opts.Timing.List, firstTry, func(ctx context.Context) error {
		return s.rest.call(ctx, http.MethodGet, command{path: []string{what}}, out)
	})
	return failure("list "+what, err)
}

// seen tells whose a channel is by the arguments it entered Stasis with.
func (s *Switch) seen(c listedChannel) listedLeg {
	leg := listedLeg{up: c.State == "Up"}
	args := strings.Split(c.Dialplan.Data, ",")
	if c.Dialplan.App != "Stasis" || args[0] != s.opts.App || len(args) < 2 {
		return leg
	}
	leg.kind = args[1]
	if leg.kind == legArg && len(args) > 2 {
		leg.agent = ivr.AgentID(args[2])
	}
	if leg.kind == partnerArg && len(args) > 2 {
		leg.partner = args[2]
	}
	return leg
}

// mark begins a comparison: legs registered from now on are too new for it.
func (l *legs) mark() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.beats++
	return l.beats
}

// absent gives the legs that a snapshot does not have, and those that it was
// the second in a row not to have.
func (l *legs) absent(snap *snapshot) (once, twice []ivr.ChannelID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for id, known := range l.byID {
		if _, there := snap.channels[id]; there || known.since >= snap.mark {
			known.missing = 0
			continue
		}
		known.missing++
		once = append(once, id)
		if known.missing > 1 {
			twice = append(twice, id)
		}
	}
	return once, twice
}

// all gives every leg with a mailbox, with its agent.
func (l *legs) all() map[ivr.ChannelID]ivr.AgentID {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := make(map[ivr.ChannelID]ivr.AgentID, len(l.byID))
	for id, known := range l.byID {
		all[id] = known.agent
	}
	return all
}
