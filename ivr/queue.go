package ivr

import (
	"context"
	"time"

	"ikomek109/flows"
)

// MissedByFault is the why of [Queue.Missed] when it was not the agent's doing:
// the switch failed, or the program was started again while the phone rang.
const MissedByFault = "fault"

// MissedUnreachable is the why of [Queue.Missed] when no phone of the agent's
// is there to be rung. It is no offer missed either: the agent is unreachable
// until the phone is back.
const MissedUnreachable = "unreachable"

// MissedTaken is the why of [Queue.Missed] when another agent, who was rung as
// well, picked up first, or the caller went elsewhere: the agent is free, as idle
// as before.
const MissedTaken = "taken"

// Ticket is what a caller brings into a queue.
type Ticket struct {
	Call     CallID
	Queue    string
	Language flows.Language
	Category string
	At       time.Time // when waiting began
	// Caller is the number by which somebody who was cut off gets the place
	// back; empty for one that is withheld, and who is nobody's second call.
	Caller Number
	// OtherLanguage allows an agent of another language, after the wait that the
	// queue's rules set.
	OtherLanguage bool
	// HeadStart is the waiting that the caller is credited with beside their
	// own. The order goes by it: who has waited longer than others, credit
	// included, is before them. So a priority ages by itself, and nobody starves.
	// What is beyond MaxHeadStart is not granted.
	HeadStart time.Duration
	// Patient tickets are never turned out: whoever waits for a callback holds no
	// line, and waits as long as it takes.
	Patient bool
}

// Head starts. They are bounded, so that whoever has waited longer than others
// by [MaxHeadStart] is before them whatever these are credited with.
const (
	// HeadStartHandedBack is the credit of a caller whom an agent led on to a
	// queue: they have waited once already.
	HeadStartHandedBack = 10 * time.Minute
	// MaxHeadStart is the most that a queue grants.
	MaxHeadStart = 15 * time.Minute
)

// Standing is where a caller stands in a queue.
type Standing struct {
	Place int // from 1
	// Regained tells that the place is the one of an earlier call of the same
	// caller, who was cut off.
	Regained bool
}

// Queue is what a call needs of the queue. A call holds at most one ticket.
// Offers, changes of place and expulsions arrive in the Inbox given to Enter.
type Queue interface {
	// Enter puts the caller in the queue, on disk when it returns, and tells
	// where they stand. A call that stepped aside, or that a restarted
	// program takes up, gets back the place it had, and so does one that enters
	// again after an error: until then it is not offered to anybody, and it has
	// to Leave when it ends.
	Enter(ctx context.Context, t Ticket, in *Inbox) (Standing, error)
	// Aside keeps the place while the caller is back in the menu: no offers.
	Aside(ctx context.Context, call CallID) error
	// Connected says that the agent offered picked up: the ticket is served,
	// the agent is talking. On disk when it returns. Said again by the program
	// that takes the conversation up, it is no error.
	Connected(ctx context.Context, call CallID, agent AgentID) error
	// Missed says that an agent offered did not take the caller, who waits on at
	// the same place unless others are rung still.
	Missed(ctx context.Context, call CallID, agent AgentID, why string) error
	// Leave takes the caller out unserved. A call without a ticket is no error.
	Leave(ctx context.Context, call CallID, why string) error
	// Rank gives since when a call that holds a place counts as waiting, credit and
	// the waiting of an earlier call included: the order goes by it. From memory;
	// false for a call with no place.
	Rank(call CallID) (since time.Time, ok bool)
	// Finished says that the agent's conversation with the call is over, and
	// tells until when the agent wraps up: zero when there is no wrap-up.
	Finished(ctx context.Context, call CallID, agent AgentID) (wrapUp time.Time, err error)
}

// Chosen is what an agent chose to be. The zero value is refused.
type Chosen string

// What an agent can choose.
const (
	Ready  Chosen = "ready"
	Paused Chosen = "paused"
	Off    Chosen = "off"
)

// Roster is what agents' phones need of the queue beside callers. NotFound for
// an agent who is not on the roster (any more).
type Roster interface {
	// Choose sets what the agent chose. Ready ends a wrap-up.
	Choose(ctx context.Context, agent AgentID, c Chosen, reason string) error
	// Engage says that the agent's phone is in a call that they made, or no
	// longer: nobody is offered to them meanwhile. Each yes needs its no.
	Engage(agent AgentID, yes bool)
	// Longer makes the wrap-up under way longer, as far as it may be, and gives
	// its end; Conflict when there is none.
	Longer(ctx context.Context, agent AgentID) (wrapUp time.Time, err error)
	// OnHold says that the agent has put the caller they talk with on hold, or
	// has taken them back.
	OnHold(ctx context.Context, agent AgentID, on bool) error
	// Colleague gives the agent of a number, from memory: NotFound when there is
	// none, Conflict for one who is not free.
	Colleague(number int) (AgentID, error)
	// HandOver says that another agent, who was free and has picked up, talks
	// with the caller now, and that the one before wraps up. Said again it is no
	// error. Conflict when that agent has another caller by now.
	HandOver(ctx context.Context, call CallID, to AgentID) error
	// Duty tells where the agent stands, from memory; nothing is known of one who
	// is not on the roster.
	Duty(agent AgentID) Duty
}
