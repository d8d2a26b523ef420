package ivr

import "time"

// foldTalk folds what happens within a conversation with agents, of whom the
// caller may have spoken with others before.
func (r *Record) foldTalk(e Entry) {
	switch e.Kind {
	case HoldBegun, HoldEnded:
		r.sumUp(e.At)
		r.onHold = r.talking && e.Kind == HoldBegun
	case Parted:
		r.sumUp(e.At)
		r.talking, r.onHold, r.cut = false, false, e.Detail["by"] == "fault"
	case CallRecorded:
		r.taped = RecordingID(e.Detail["recording"])
	case HandoverDone:
		r.sumUp(e.At)
		r.HandedBy, r.onHold = r.Agent, false
		if partner := e.Detail["partner"]; partner != "" {
			r.Partner, r.handed = partner, true
		}
		if agent := e.Detail["agent"]; agent != "" {
			r.Agent = AgentID(agent)
		} else {
			r.talking = false
		}
	default:
		r.foldService(e)
	}
}

// sumUp adds the time since it was last done to talk, or to hold.
func (r *Record) sumUp(at time.Time) {
	switch {
	case !r.talking:
		return
	case r.onHold:
		r.Hold += between(r.since, at)
	default:
		r.Talk += between(r.since, at)
	}
	r.since = at
}
