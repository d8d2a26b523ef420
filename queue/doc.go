// Package queue is who waits, who serves, and who is next.
//
// What is true lies in the store: tickets with their order, agents with what
// they chose and what the world made of them. A [Desk] keeps a copy in memory,
// lets the pure function [Decide] choose pairs of a caller and an agent, claims
// each pair in the store, and tells the caller's call to ring the agent.
package queue
