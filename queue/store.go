package queue

import (
	"context"
	"time"

	"ikomek109/ivr"
)

// Tickets is the queue's order in the store. Each method is one transaction,
// on disk when it returns, and checks what it changes: Conflict when the
// ticket or the agent is no longer in the state that the change starts from
// (another program was quicker), NotFound when there is none. Methods are
// called by many goroutines.
type Tickets interface {
	// Enter writes a waiting ticket. A call that has a ticket gets that one
	// back, waiting again, with its old rank (At and HeadStart), unless it was
	// served: that waiting is over. A call without one gets the rank kept for its
	// Caller, if there is one, and nobody gets that again. The ticket is of the
	// node that the call entered from.
	Enter(ctx context.Context, e Entry) (Ticket, error)
	// Aside turns a waiting ticket into one aside.
	Aside(ctx context.Context, call ivr.CallID) error
	// Claim offers a waiting ticket to free agents: to all of them, or to none.
	Claim(ctx context.Context, call ivr.CallID, agents []ivr.AgentID, at time.Time) error
	// Connected turns an offer into a conversation, which is one more that the
	// agent took. Others whom it was made to are idle, as long as they were.
	Connected(ctx context.Context, call ivr.CallID, agent ivr.AgentID, at time.Time) error
	// Missed takes an agent out of an offer, who is idle. The ticket waits at its
	// place, unless it is offered to others still.
	Missed(ctx context.Context, m Miss) error
	// HandOver makes a conversation one with another agent, who has to be free and
	// takes one more; the one before is left as by Finish. Said twice, it is no
	// change.
	HandOver(ctx context.Context, h Handover) error
	// Drop removes a call's ticket in whatever state; an agent bound to it
	// becomes idle. With keep, the rank of one that is not served is kept for its
	// Caller. No ticket is no error.
	Drop(ctx context.Context, call ivr.CallID, keep bool, at time.Time) error
	// Finish is Drop after a conversation: the agent bound to the ticket wraps up
	// until then. Those for whom that is no time are idle.
	Finish(ctx context.Context, call ivr.CallID, at, until time.Time) error
	// Forget drops the ranks kept for who left before a moment.
	Forget(ctx context.Context, before time.Time) error
	// All gives every ticket, in order.
	All(ctx context.Context) ([]Ticket, error)
}

// Miss is an offer that an agent did not take.
type Miss struct {
	Call      ivr.CallID
	Agent     ivr.AgentID
	Pause     string // the reason for which the agent is paused; empty: they are not
	At        time.Time
	IdleSince time.Time // of one who was rung for nothing; zero: At
}

// Handover is a conversation that goes on with another agent.
type Handover struct {
	Call      ivr.CallID
	To        ivr.AgentID
	At, Until time.Time // the one before wraps up between them
}

// Staff is the agents in the store. Changes are on disk when a method returns.
// Every change of what an agent chose or the world made of them, those by
// [Tickets] included, is in the staff journal ([StaffLog]) by the same
// transaction.
type Staff interface {
	// Add writes a new agent; Conflict when the id or the number is taken. An
	// agent with no number gets the lowest that is free, if any is.
	Add(ctx context.Context, a Agent) error
	// Remove deletes an agent; NotFound when there is none, Conflict while in
	// a conversation.
	Remove(ctx context.Context, id ivr.AgentID, at time.Time) error
	// Edit changes what the agent is for: of what change does to an agent, the
	// name, languages, queues and topics are kept. NotFound when there is none. It
	// may be called more than once.
	Edit(ctx context.Context, id ivr.AgentID, change func(a *Agent)) error
	// SetCredential replaces the digest hash; NotFound when there is none.
	SetCredential(ctx context.Context, id ivr.AgentID, credential string) error
	// Choose sets what the agent chose and why; only a pause keeps its reason. Who
	// becomes ready may begin a shift with it: see [Agent.BeginsShift].
	Choose(ctx context.Context, id ivr.AgentID, c ivr.Chosen, reason string, at time.Time) error
	// WrapUp moves the end of an agent's wrap-up; Conflict when there is none
	// under way.
	WrapUp(ctx context.Context, id ivr.AgentID, until time.Time) error
	// OnHold says whether an agent in conversation has the caller on hold;
	// Conflict for one in no conversation. Said twice, it is no change.
	OnHold(ctx context.Context, id ivr.AgentID, on bool, at time.Time) error
	// SetWorld sets what the world made of the agent, idle or unreachable, unless
	// a ticket binds it. It ends a wrap-up, and so does Choose of ready.
	SetWorld(ctx context.Context, id ivr.AgentID, w World, at time.Time) error
	// Agents gives all, by id, and a version that grows with every change of
	// any agent by any program.
	Agents(ctx context.Context) ([]Agent, int64, error)
	// Version gives the version alone, cheaply, for a poll.
	Version(ctx context.Context) (int64, error)
}
