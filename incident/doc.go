// Package incident is what the situation centre sees and no citizen called
// about: it is entered, handed over to a partner service, accepted by somebody
// there, and closed. What happened to an incident is a list of [Event], which is
// only ever added to; the [Incident] is what it was entered as and that list
// folded up.
//
// A hand-over by telephone is asked for in the store. The running line takes it
// up ([Runner]): it rings an agent, then the partner, and joins both ([ivr.Relay]).
//
//	id, err := store.Enter(ctx, incident.Incident{At: now, By: who, Place: "Сарыарқа, 12", Text: "құбыр жарылды"})
//	err = store.Note(ctx, id, incident.Event{At: now, Kind: incident.Asked, Author: who, Partner: "104", Agent: "aigerim"})
package incident
