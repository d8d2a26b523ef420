// Package asterisk is the phone switch of the helpline: an Asterisk, steered
// over ARI. It implements [ivr.Switch] and calls [ivr.Exchange].
//
// # Commands
//
// Commands go through the client of CyCoreSystems/ari wherever it has the
// method, and as requests of our own where it has not (play with a list, move,
// several channels into a bridge at once, event filter, user event). Both
// travel by one transport with a deadline, a bounded number of warm
// connections and errors that keep the status ([StatusError]).
//
// # Events
//
// Events come in by a websocket with one reader. It decodes an event into the
// library's type, finds the leg's mailbox and puts it there; nothing in it
// waits. Mailboxes are registered before any later event of their leg is
// looked at: a citizen's on its StasisStart, an agent's before the phone rings.
//
// A connection passes through four states. Down: no websocket. Fencing: it is
// open, but an event posted by us must come back before it is trusted, since
// Asterisk can leave a websocket open that no event is ever sent to.
// Reconciling: it is heard; what is held here is compared with what Asterisk
// carries, while new events are kept back. Up: events are delivered as they
// come, and the fence is repeated as a heartbeat.
//
// # Who ends a leg
//
// Each leg with a mailbox gets its Gone here, once: with StasisEnd, with
// ChannelDestroyed when it never entered, or marked lost when Asterisk no longer
// has it, after a connect or in two slow beats running. The domain closes only
// calls that have no mailbox: those of a program that died.
//
// # The dialplan's side
//
// A citizen's call enters with the arguments "citizen" or "citizen,<dialled>",
// an agent's call to a code with "agent,<code>,<endpoint>". An agent's phone
// that is rung enters with "leg,<agent>", a partner's with "partner,<code>", both
// chosen here.
package asterisk
