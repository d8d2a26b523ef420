package ivr

import (
	"context"
	"time"
)

// PlayID names a playback. It is chosen by us, so that a command repeated after
// a failure can be recognised.
type PlayID string

// BridgeID names a conversation, and is chosen by us for the same reason.
type BridgeID string

// Play asks for sound files to be played to one leg, without gaps.
type Play struct {
	ID      PlayID
	Channel ChannelID
	Sounds  []string // absolute paths without extension, as the switch sees them
	// Recording is played after the sounds; empty for none.
	Recording RecordingID
	Length    time.Duration // of all of them; the switch's watchdog goes by it
}

// Ring asks for an agent's phone, a partner's or a citizen's to be rung.
type Ring struct {
	Channel ChannelID // the id that the new leg shall have
	Agent   AgentID   // who is rung, unless a partner or a citizen is
	// Partner is the code of a partner service. The switch knows where it is,
	// and rings nobody whom the settings do not name.
	Partner string
	// Citizen is a number as [Callable] writes it, called through the trunk.
	Citizen Number
	Shown   Number // the caller's number as the rung phone may show it; the line's for a citizen
	Title   string // what the display shows as the name: language and topic
	Timeout time.Duration
	Inbox   *Inbox // where the new leg's events go; registered before the phone rings
}

// Switch is what a call needs of a phone switch. Every method returns when the
// switch has taken the command, or with an [Error]: NotFound when the leg,
// playback or bridge is gone, Unavailable when the switch does not answer now.
// What comes of the command arrives as an [Event] in the call's Inbox.
type Switch interface {
	// Play starts a playback. Exactly one PlayEnded with its ID follows, or
	// Gone for the leg: also when the switch forgets to say so.
	Play(ctx context.Context, p Play) error
	// Stop ends a playback early; its PlayEnded follows. One that has ended is
	// no error.
	Stop(ctx context.Context, id PlayID) error
	// Hold starts or stops music for a leg.
	Hold(ctx context.Context, leg ChannelID, on bool) error
	// Ring calls an agent, a partner or a citizen. LegAnswered or Gone for the new leg follows.
	Ring(ctx context.Context, r Ring) error
	// Join lets two legs speak with each other. When it fails, a part of it may have
	// been done: Part takes it back.
	Join(ctx context.Context, id BridgeID, a, b ChannelID) error
	// Part takes the conversation apart; the legs live on. One that is gone is
	// no error.
	Part(ctx context.Context, id BridgeID) error
	// Hangup ends a leg. One that is gone is no error.
	Hangup(ctx context.Context, leg ChannelID) error
}

// Arrival is a call that the switch hands to us.
type Arrival struct {
	Node    string
	Channel ChannelID
	Caller  Number
	Dialled string
}

// CodeCall is an agent's call to one of the codes that change their state.
// It is a separate arrival, since it is no citizen's call and has no record.
type CodeCall struct {
	Node    string
	Channel ChannelID
	Agent   AgentID // as the switch authenticated it
	Dialled string  // *11, *12, *10 …
}

// LegState is a leg that the switch still carries for us, found after a
// connect.
type LegState struct {
	Channel ChannelID
	Agent   AgentID  // set when the leg is an agent's
	Partner string   // set when it is a partner's
	Bridge  BridgeID // set when it is in one
	Up      bool     // answered
}

// Exchange is what the switch's adapter needs of the domain. The adapter calls
// it from its one reader, so that the mailbox is registered before any other
// event of the leg is looked at; the methods must not block.
type Exchange interface {
	// Arrive takes a citizen's call and gives the mailbox of its leg; nil from
	// one that has stopped, whose calls stay where they are.
	Arrive(a Arrival) *Inbox
	// Code takes an agent's call to a code; nil as above.
	Code(c CodeCall) *Inbox
	// Reconcile is told, after each connect and on a slow beat, every leg that
	// the switch carries for us on the node. It answers with the mailboxes of
	// legs that are known or taken up again (the adapter routes their events
	// from now on), and with legs that belong to nobody (the adapter hands
	// them in anew as arrivals, or hangs them up when they are an agent's).
	// Ending the legs that the switch no longer carries is the adapter's part;
	// calls of an earlier program whose leg is not listed are closed here.
	// Events that come in the meantime, a few seconds at most, are kept by the
	// adapter and delivered after it.
	Reconcile(ctx context.Context, node string, legs []LegState) Routes
}

// Routes is the answer to Reconcile.
type Routes struct {
	Known   map[ChannelID]*Inbox
	Strange []ChannelID
	// Again says that the store has not named the calls of the earlier program
	// yet: new calls can be taken, legs that are in neither list are to be left
	// alone, and Reconcile is to be called again soon, with events held.
	Again bool
}
