// Package queue is who waits, who serves, and who is next.
//
// What is true lies in the store: tickets with their order, agents with what
// they chose and what the world made of them. A [Desk] keeps a copy in memory,
// lets the pure function [Decide] choose who is offered to whom, claims each offer
// in the store, and tells the caller's call to ring the agent, or several.
//
// The order of callers is that of their rank: since when they wait, a credit
// included that is bounded. It goes over all queues; queue, language and topic are
// what an agent has to be fit for.
package queue
