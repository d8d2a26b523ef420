package ivr

import (
	"context"
	"time"
)

// queueWait bounds how long a caller, or an agent who has picked up, may be
// kept by a queue whose store does not answer. What was not taken in time is
// given up, or made up for, by the queue; the call goes on.
const queueWait = 2 * time.Second

// boundedQueue is a [Queue] that no call waits for longer than queueWait.
type boundedQueue struct{ queue Queue }

func (b boundedQueue) Enter(ctx context.Context, t Ticket, in *Inbox) (Standing, error) {
	ctx, cancel := context.WithTimeout(ctx, queueWait)
	defer cancel()
	return b.queue.Enter(ctx, t, in)
}

func (b boundedQueue) Aside(ctx context.Context, call CallID) error {
	ctx, cancel := context.WithTimeout(ctx, queueWait)
	defer cancel()
	return b.queue.Aside(ctx, call)
}

func (b boundedQueue) Connected(ctx context.Context, call CallID, agent AgentID) error {
	ctx, cancel := context.WithTimeout(ctx, queueWait)
	defer cancel()
	return b.queue.Connected(ctx, call, agent)
}

func (b boundedQueue) Missed(ctx context.Context, call CallID, agent AgentID, why string) error {
	ctx, cancel := context.WithTimeout(ctx, queueWait)
	defer cancel()
	return b.queue.Missed(ctx, call, agent, why)
}

func (b boundedQueue) Leave(ctx context.Context, call CallID, why string) error {
	ctx, cancel := context.WithTimeout(ctx, queueWait)
	defer cancel()
	return b.queue.Leave(ctx, call, why)
}

func (b boundedQueue) Rank(call CallID) (time.Time, bool) { return b.queue.Rank(call) }

func (b boundedQueue) Finished(ctx context.Context, call CallID, agent AgentID) (time.Time, error) {
	ctx, cancel := context.WithTimeout(ctx, queueWait)
	defer cancel()
	return b.queue.Finished(ctx, call, agent)
}

// boundedRoster is a [Roster] that no agent waits for longer than queueWait.
type boundedRoster struct{ roster Roster }

func (b boundedRoster) Choose(ctx context.Context, agent AgentID, c Chosen, reason string) error {
	ctx, cancel := context.WithTimeout(ctx, queueWait)
	defer cancel()
	return b.roster.Choose(ctx, agent, c, reason)
}

func (b boundedRoster) Engage(agent AgentID, yes bool) { b.roster.Engage(agent, yes) }

func (b boundedRoster) Longer(ctx context.Context, agent AgentID) (time.Time, error) {
	ctx, cancel := context.WithTimeout(ctx, queueWait)
	defer cancel()
	return b.roster.Longer(ctx, agent)
}

func (b boundedRoster) Duty(agent AgentID) Duty { return b.roster.Duty(agent) }

func (b boundedRoster) OnHold(ctx context.Context, agent AgentID, on bool) error {
	ctx, cancel := context.WithTimeout(ctx, queueWait)
	defer cancel()
	return b.roster.OnHold(ctx, agent, on)
}

func (b boundedRoster) Colleague(number int) (AgentID, error) { return b.roster.Colleague(number) }

func (b boundedRoster) HandOver(ctx context.Context, call CallID, to AgentID) error {
	ctx, cancel := context.WithTimeout(ctx, queueWait)
	defer cancel()
	return b.roster.HandOver(ctx, call, to)
}
