package asterisk

import (
	"context"
	"time"

	"github.com/CyCoreSystems/ari/v5"

	"ikomek109/asterisk/conf"
	"ikomek109/ivr"
	"ikomek109/queue"
)

// The first arguments with which a call enters, apart from legArg, partnerArg and recallArg.
const (
	citizenArg = conf.StasisArgCitizen
	agentArg   = conf.StasisArgAgent
)

// deliver brings one event to whom it concerns. Events come here one at a time.
func (s *Switch) deliver(ex ivr.Exchange, ev ari.Event) {
	owned := true
	switch e := ev.(type) {
	case *ari.StasisStart:
		s.entered(ex, e)
	case *ari.StasisEnd:
		owned = s.legs.gone(ivr.ChannelID(e.Channel.ID), 0)
	case *ari.ChannelDestroyed:
		// A leg that was in the application ended with its StasisEnd; this is
		// for a phone that was rung and never picked up.
		s.legs.gone(ivr.ChannelID(e.Channel.ID), e.Cause)
	case *ari.ChannelHangupRequest:
		s.legs.hangingUp(ivr.ChannelID(e.Channel.ID), causeOf(e))
	case *ari.ChannelDtmfReceived:
		if key, ok := keyOf(e.Digit); ok {
			id := ivr.ChannelID(e.Channel.ID)
			owned = s.legs.put(id, ivr.KeyPressed{Channel: id, Key: key, At: time.Now()})
		}
	case *ari.ChannelHold:
		owned = s.heldByPhone(e.Channel.ID, true)
	case *ari.ChannelUnhold:
		owned = s.heldByPhone(e.Channel.ID, false)
	case *ari.PlaybackFinished:
		failed := e.Playback.State == "failed"
		if !failed || !s.legs.cutByHangup(e.Playback.ID) {
			s.legs.ended(e.Playback.ID, ending{failed: failed})
		}
	case *ari.RecordingFinished:
		s.legs.ended(e.Recording.Name, ending{length: time.Duration(e.Recording.Duration)})
	case *ari.RecordingFailed:
		s.legs.ended(e.Recording.Name, ending{failed: true})
	}
	if !owned {
		s.counts.unowned.Add(1)
	}
}

// heldByPhone tells a leg's mailbox of its phone's own key for hold.
func (s *Switch) heldByPhone(channel string, on bool) bool {
	id := ivr.ChannelID(channel)
	return s.legs.put(id, ivr.HeldByPhone{Channel: id, On: on})
}

// softExplicit is Asterisk's flag for a hang-up that was asked for.
const softExplicit = 32

// causeOf gives the Q.850 cause of a hang-up that is under way, 0 if it can't be
// known: a soft one carries a flag of Asterisk's own in its place.
func causeOf(e *ari.ChannelHangupRequest) int {
	switch {
	case !e.Soft:
		return e.Cause
	case e.Cause == softExplicit:
		return 16
	}
	return 0
}

// entered takes a leg that has come into the application.
func (s *Switch) entered(ex ivr.Exchange, e *ari.StasisStart) {
	id := ivr.ChannelID(e.Channel.ID)
	if s.legs.answered(id) {
		return // one of ours that was picked up, or one taken up while reconciling
	}
	args := append(e.Args, "", "", "") //nolint:gocritic // never seen again
	dialled := e.Channel.Dialplan.GetExten()
	var inbox *ivr.Inbox
	switch args[0] {
	case citizenArg:
		if s.draining.Load() {
			s.decline(id)
			return
		}
		if args[1] != "" {
			dialled = args[1]
		}
		inbox = ex.Arrive(ivr.Arrival{
			Node: s.board.read().Node, Channel: id, Dialled: dialled,
			Caller: ivr.NewNumber(e.Channel.Caller.GetNumber()),
		})
		if inbox == nil { // the line has stopped: the dialplan has something to say
			s.decline(id)
		}
	case agentArg:
		if agent, err := queue.ParseAgentID(args[2]); err == nil {
			inbox = ex.Code(ivr.CodeCall{
				Node: s.board.read().Node, Channel: id, Agent: agent,
				Dialled: args[1],
			})
		}
		if inbox == nil {
			s.dismiss(id)
		}
	default:
		// A phone that a dead program rang, or a dialplan that is not ours.
		s.log.Warn("a leg entered that nobody waits for, and is hung up", "channel", string(id))
		s.dismiss(id)
	}
	if inbox != nil {
		s.legs.add(id, inbox)
	}
}

// dismiss hangs up a leg that is nobody's.
func (s *Switch) dismiss(id ivr.ChannelID) {
	s.aside(func(ctx context.Context) {
		if err := s.Hangup(ctx, id); err != nil {
			s.log.Warn("can't hang up a leg that is nobody's", "channel", string(id), "err", err)
		}
	})
}

// keyOf accepts the keys a phone has.
func keyOf(digit string) (ivr.Key, bool) {
	if len(digit) != 1 {
		return 0, false
	}
	switch k := digit[0]; {
	case k >= '0' && k <= '9', k == '*', k == '#', k >= 'A' && k <= 'D':
		return ivr.Key(k), true
	}
	return 0, false
}
