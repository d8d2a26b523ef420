// Package ivr is the domain of the helpline: the life of one call from ringing
// to its record, and what that life needs of a phone switch, a store, a queue
// and a voice.
//
// A call arrives ([Line.Arrive]), gets an ordered mailbox ([Inbox]) before
// anything else can happen to it, and is lived by one goroutine: it opens the
// record, asks the flow what to do, does it, feeds back what happened, and
// ends exactly once. What a call has done is its journal, a list of [Entry];
// its [Record] is that journal folded up, so the two cannot disagree.
//
// Where to begin reading: call.go is the life of a call, walk.go its way through
// the menu, waiting.go and ringing.go how it comes to an agent, conversation.go
// and the handover files what the two do, recall.go how a citizen is called back.
// After a start, [Line.Reconcile] takes up the calls of the program before:
// reconcile.go, and by what the call was doing takeup_services.go, takeup_talk.go
// and takeup_recall.go.
//
// The package imports no adapter: Asterisk, SQLite and the sound files stand
// behind [Switch], [Journal], [Queue] and [Voice]; what is done for a caller
// beside an agent stands behind [Recordings], [Messages], [Callbacks] and
// [Lookups].
package ivr
