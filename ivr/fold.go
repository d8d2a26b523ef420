package ivr

import (
	"strconv"
	"time"

	"ikomek109/flows"
)

// Bounds of what a record keeps of a call that goes on and on; the journal
// keeps all of it.
const (
	maxPath = 200 // nodes visited
	maxKeys = 200 // keys pressed
)

// HeardShare is how much of an answer must have been heard, in percent, for
// the caller to count as informed.
const HeardShare = 80

// Fold brings the record up to date with one more entry of its journal. It is
// the only way a record changes, live and when read back, so that the record
// and the journal say the same.
func (r *Record) Fold(e Entry) {
	switch e.Kind {
	case Arrived:
		r.ArrivedAt = e.At
	case RecallBegun:
		r.foldRecall(e)
	case NodeEntered:
		if len(r.Path) < maxPath {
			r.Path = append(r.Path, e.Node)
		}
	case KeyPressedKind:
		if len(r.Keys) < maxKeys {
			r.Keys += e.Detail["key"]
		}
	case LanguageChosen:
		r.Language = flows.Language(e.Detail["language"])
	case CategorySet, CategoryConfirmed:
		r.Category = e.Detail["category"]
	case AnswerHeard:
		if share, err := strconv.Atoi(e.Detail["share"]); err == nil && share >= HeardShare {
			r.Heard++
		}
	case Ended:
		r.EndedAt = e.At
		r.Outcome = Outcome(e.Detail["outcome"])
		r.Reason = Reason(e.Detail["reason"])
	default:
		r.foldQueue(e)
	}
}

// foldRecall folds the beginning of a call to a citizen.
func (r *Record) foldRecall(e Entry) {
	r.ArrivedAt, r.Origin, r.First = e.At, ByCallback, CallID(e.Detail["call"])
	r.Language, r.Category = flows.Language(e.Detail["language"]), e.Detail["category"]
	if id, err := strconv.ParseInt(e.Detail["callback"], 10, 64); err == nil {
		r.Callback = id
	}
}

// foldQueue folds the entries between entering a queue and the end of a
// conversation. Waiting starts with the first entry into a queue, and a place
// kept while the caller is back in the menu is waited for all the same; so is
// that of one who is turned out of a queue and led into one again.
func (r *Record) foldQueue(e Entry) {
	switch e.Kind {
	case Joining:
		if r.talking { // taken back from hold, or handed on
			return
		}
		r.joining = joining{e.At, e.Node, AgentID(e.Detail["agent"]), e.Detail["partner"]}
	case OfferMissed, HandoverMissed:
		r.joining = joining{}
	case Queued:
		if r.QueuedAt.IsZero() || r.leftQueue && !r.turnedOut {
			r.QueuedAt = e.At
		}
		r.Queue, r.leftQueue, r.turnedOut, r.Wait = e.Detail["queue"], false, false, 0
	case Connected:
		r.ConnectedAt, r.Agent = e.At, AgentID(e.Detail["agent"])
		r.Wait, r.leftQueue, r.turnedOut = between(r.QueuedAt, e.At), true, false
		r.talking, r.cut, r.joining = true, false, joining{}
		r.onHold, r.since = false, e.At
	case LeftQueue:
		if !r.leftQueue {
			r.Wait, r.leftQueue = between(r.QueuedAt, e.At), true
		}
		switch e.Detail["why"] {
		case turnedOutLate, turnedOutFull, turnedOutClosed, turnedOutAlone:
			r.turnedOut = true
		default:
			r.turnedOut = false
		}
	default:
		r.foldTalk(e)
	}
}

// foldService folds what was done for the caller in place of an agent, or after.
func (r *Record) foldService(e Entry) {
	switch e.Kind {
	case HandoverAnswered:
		if r.talking { // to the agent, who hands the caller over later or not at all
			return
		}
		r.Partner, r.handed, r.joining = e.Detail["partner"], true, joining{}
		r.cut = false
	case HandoverEnded:
		r.handed, r.cut = false, e.Detail["by"] == "fault"
	case CallbackAsked:
		r.recalled = r.recalled || flows.CallbackResult(e.Detail["result"]).Noted()
	case MessageKept:
		r.spoke = true
	case WrappedUp:
		if ms, err := strconv.ParseInt(e.Detail["ms"], 10, 64); err == nil {
			r.WrapUp += time.Duration(ms) * time.Millisecond
		}
	case SurveyAnswered:
		if score, err := strconv.Atoi(e.Detail["score"]); err == nil {
			r.Score = score
		}
	default: // nothing that the record sums up
	}
}

// Waiting tells whether the call holds a place in a queue.
func (r *Record) Waiting() bool { return !r.QueuedAt.IsZero() && !r.leftQueue }

// holdsTicket tells whether the queue knows the call, waiting or turned out.
func (r *Record) holdsTicket() bool { return r.Waiting() || r.turnedOut }

// between gives the time from a to b; clocks that were set back make it zero,
// never negative.
func between(a, b time.Time) time.Duration {
	if a.IsZero() || b.Before(a) {
		return 0
	}
	return b.Sub(a)
}

// conclude says what became of a call that ends now for the given reason.
func (r *Record) conclude(why Reason) Outcome {
	switch {
	case !r.ConnectedAt.IsZero():
		return Served
	case r.Origin == ByCallback:
		return concludeRecall(why)
	case r.Waiting() && !why.fault(): // once more, whatever was done for them before
		return Abandoned
	case r.Waiting():
		return Lost
	case r.Partner != "":
		return HandedOver
	case r.recalled:
		return Recalled
	case r.spoke:
		return LeftWord
	case !r.QueuedAt.IsZero():
		return Overflowed
	case r.Heard > 0:
		return Informed
	case why.fault():
		return Lost
	}
	return MenuHangup
}

// concludeRecall says what became of a call to a citizen who spoke with nobody.
func concludeRecall(why Reason) Outcome {
	switch {
	case why.fault():
		return Lost
	case why == PutOff:
		return Withdrawn
	}
	return Unreached
}
