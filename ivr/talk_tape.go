package ivr

import (
	"context"
	"io"
	"strconv"
	"time"

	"ikomek109/flows"
)

// ConversationState is what became of the recording of a conversation. The zero
// value is refused.
type ConversationState string

// The states of a recorded conversation.
const (
	ConversationOwed ConversationState = "owed" // the switch has the sound still
	ConversationKept ConversationState = "kept"
	ConversationLost ConversationState = "lost" // the switch had no sound
)

// Conversation is a recording of what a caller and an agent said.
type Conversation struct {
	ID      RecordingID       `json:"id"`
	Call    CallID            `json:"call"`
	Node    string            `json:"node"` // the switch that recorded it
	Queue   string            `json:"queue"`
	Agent   AgentID           `json:"agent"`
	BegunAt time.Time         `json:"begun_at"`
	Length  time.Duration     `json:"length"`
	State   ConversationState `json:"state"`
	File    string            `json:"file,omitempty"`
}

// Conversations is what a call needs of a store of recorded conversations.
// Errors are as those of [Journal].
type Conversations interface {
	// Promise notes that a conversation is about to be recorded, in state owed;
	// on disk when it returns. From then on the sound is fetched by this program
	// or by the next. A second promise of the same one changes nothing.
	Promise(ctx context.Context, c Conversation) error
	// Keep has the sound, a WAV file, written to disk by fetch, which tells its
	// length, and the conversation kept: first the file, then the row. One that
	// is not owed is left as it is, which is no error; NotFound for none.
	Keep(ctx context.Context, id RecordingID, fetch func(io.Writer) (time.Duration, error)) error
	// GiveUp says that there is no sound to be had. Conflict for one that is not
	// owed.
	GiveUp(ctx context.Context, id RecordingID) error
	// Owed gives all that the switch of a node still has the sound of.
	Owed(ctx context.Context, node string) ([]Conversation, error)
}

const (
	// talkMark begins the ids of recorded conversations.
	talkMark = "c-"
	// maxConversation bounds one recording; what is said later is not in it.
	maxConversation = time.Hour
	// recordWithin bounds what is done to begin a recording: two people talk
	// meanwhile whom nobody looks after.
	recordWithin = 2 * time.Second
)

// Why a conversation was not recorded, as the journal says it.
const (
	notTold     = "not_told" // the caller did not hear that it would be
	notPromised = "store"
	notBegun    = "switch"
	notFound    = "lost"
)

// recorded tells whether the caller's conversations are recorded.
func (c *call) recorded() bool {
	o := &c.line.opt
	return o.Recordings != nil && o.Conversations != nil && o.Recorded != nil && o.Recorded(c.rec.record.Queue)
}

// warn tells the caller, before the agent who has picked up can hear them, that
// the conversation is recorded: in both languages, Kazakh first, whichever they have
// chosen. A why says that the agent has gone meanwhile.
func (c *call) warn(ctx context.Context) (why string, err error) {
	if !c.recorded() || c.rec.state.Warned {
		return "", nil
	}
	var us []flows.Utterance
	for _, l := range flows.Languages() {
		for _, u := range c.phrases(nil, "call/recorded") {
			u.Language = l
			us = append(us, u)
		}
	}
	p, err := c.say(ctx, flows.Say{Utterances: us})
	if err != nil {
		return "", err
	}
	for _, ev := range c.held {
		if g, ok := ev.(Gone); ok && g.Channel == c.agentLeg {
			return refusedOr(g), nil
		}
	}
	if c.rec.state.Warned = p.Total > 0 && p.Heard >= p.Total; !c.rec.state.Warned {
		c.rec.note(RecordingFailed, "", "why", notTold)
	}
	return "", nil
}

// planTaping gives the recording that is about to begin its name, in the state
// that is saved next. A call may have several: one for each stretch of time in
// which caller and agent hear each other.
func (c *call) planTaping() {
	if c.recorded() && c.rec.state.Warned {
		c.rec.state.Talks++
		c.rec.state.TalkTape = RecordingID(talkMark + string(c.rec.record.ID) + "-" + strconv.Itoa(c.rec.state.Talks))
	}
}

// tapeAgain has a conversation recorded that goes on, should the earlier program
// have been killed before it had begun that. Who was not told is not recorded.
func (c *call) tapeAgain(ctx context.Context) {
	s := &c.rec.state
	if s.TalkTape == "" {
		c.planTaping()
		c.rec.save(ctx, true)
	}
	if s.TalkTape != c.rec.record.taped {
		c.startTaping(ctx, true)
	}
}

// startTaping begins the recording that was planned, or that may be under way
// again. That it does is on disk before. Whatever fails, the two talk on.
func (c *call) startTaping(ctx context.Context, again bool) {
	id := c.rec.state.TalkTape
	if id == "" {
		return
	}
	within, cancel := context.WithTimeout(ctx, recordWithin)
	defer cancel()
	err := c.line.opt.Conversations.Promise(within, c.promised(id))
	if err != nil {
		c.notTaped(notPromised, err)
		return
	}
	err = c.line.opt.Recordings.RecordBridge(within, id, c.rec.state.Talk, maxConversation)
	if again && CodeOf(err) == Conflict { // begun by the earlier program, which had no time to note it
		err = nil
	}
	if err != nil {
		c.endTaping() // it may be recording all the same
		c.notTaped(notBegun, err)
		return
	}
	c.rec.note(CallRecorded, "", "recording", string(id))
}

// promised is what is promised of a recording of this call.
func (c *call) promised(id RecordingID) Conversation {
	r := &c.rec.record
	return Conversation{
		ID: id, Call: r.ID, Node: r.Node, Queue: r.Queue, Agent: r.Agent, BegunAt: time.Now().UTC(), State: ConversationOwed,
	}
}

func (c *call) notTaped(why string, err error) {
	c.log.Error("a conversation is not recorded", "why", why, "err", err)
	c.rec.note(RecordingFailed, "", "why", why)
	c.rec.state.TalkTape = ""
}

// endTaping ends the recording under way, if any, and has it brought home.
func (c *call) endTaping() {
	if id := c.rec.state.TalkTape; id != "" {
		c.line.bringTalk(c.promised(id))
		c.rec.state.TalkTape = ""
	}
}

// bringTalk brings a recorded conversation home, in its own time.
func (l *Line) bringTalk(c Conversation) {
	if l.opt.Recordings == nil || l.opt.Conversations == nil {
		return
	}
	l.fetch(parcel{id: c.ID, call: c.Call, bring: func(ctx context.Context, late bool) error {
		return l.bringTalkHome(ctx, c, late)
	}})
}

// bringTalkHome is one try. The switch ends the recording with the conversation;
// one that it has not ended yet is ended here.
func (l *Line) bringTalkHome(ctx context.Context, c Conversation, late bool) error {
	if err := l.opt.Recordings.EndRecording(ctx, c.ID); err != nil {
		return err
	}
	missing := false
	err := l.opt.Conversations.Keep(ctx, c.ID, func(to io.Writer) (time.Duration, error) {
		var length wavLength
		err := l.opt.Recordings.FetchRecording(ctx, c.ID, io.MultiWriter(to, &length))
		missing = CodeOf(err) == NotFound
		return length.duration(), err
	})
	switch {
	case missing && late:
		return l.giveUpTalk(ctx, c)
	case err == nil:
		l.log.Info("a conversation was stored", "call", string(c.Call), "queue", c.Queue)
	case missing || CodeOf(err) != NotFound:
		return err
	default:
		l.log.Info("a conversation was deleted before it was brought home", "recording", string(c.ID))
	}
	if err := l.opt.Recordings.EraseRecording(ctx, c.ID); err != nil {
		l.log.Warn("a stored conversation was not erased in the switch; it is at the next start", "err", err)
	}
	return nil
}

// giveUpTalk says that there is no sound of a conversation, in its call's
// journal too.
func (l *Line) giveUpTalk(ctx context.Context, c Conversation) error {
	err := l.opt.Conversations.GiveUp(ctx, c.ID)
	switch {
	case CodeOf(err) == Conflict, CodeOf(err) == NotFound: // brought home, or deleted, or never promised
		return nil
	case err != nil:
		return err
	}
	l.log.Error("a conversation is lost: the switch has no sound of it", "call", string(c.Call), "recording", string(c.ID))
	return l.opt.Journal.Amend(ctx, c.Call, Entry{
		At: time.Now().UTC(), Kind: RecordingFailed, Detail: map[string]string{"recording": string(c.ID), "why": notFound},
	})
}
