package ivr

import (
	"context"
	"encoding/json"
	"log/slog"
	"time"

	"ikomek109/flows"
)

// recorder keeps a call's journal: it folds every entry into the record at
// once and carries the entries to the store in steps. A store that does not
// answer never stops a call: its steps are kept and sent again, each as it was,
// so that the store can tell one it has already.
type recorder struct {
	journal Journal
	// displace closes another call that the store has open on the same leg.
	displace func(ctx context.Context, r Record) error
	log      *slog.Logger
	record   Record
	state    saved
	seq      int
	pending  []Entry   // not in a step yet
	unsent   []Step    // not taken by the store yet, in order
	settled  bool      // what the last step says of the state's Settled
	opened   bool      // the store has the record
	rest     time.Time // the store failed: a caller is not made to wait for it before then
}

// saved is the state from which a call can be taken up again.
type saved struct {
	Flow  flows.State `json:"flow,omitzero"`  // the flow engine's
	Keys  string      `json:"keys,omitempty"` // pressed early, not used yet
	Phase phase       `json:"phase"`
	Agent AgentID     `json:"agent,omitempty"` // who picked up, or talks
	Leg   ChannelID   `json:"leg,omitempty"`   // the agent's leg, or the partner's
	// Ringing are the agents who are rung and did not pick up yet.
	Ringing []ringing `json:"ringing,omitempty"`
	Talk    BridgeID  `json:"bridge,omitempty"` // the conversation
	After   bool      `json:"after,omitempty"`  // the caller goes on in the flow when the agent hangs up
	// Partner is who is rung, or talks, in place of an agent.
	Partner string        `json:"partner,omitempty"`
	Held    bool          `json:"held,omitempty"`    // by the agent: the caller hears music
	Third   *third        `json:"third,omitempty"`   // to whom the agent is handing the caller over
	Back    bool          `json:"back,omitempty"`    // the agent is rung again for a caller whom nobody took
	Onward  string        `json:"onward,omitempty"`  // the queue to which an agent handed the caller, in place of the flow's
	Words   int           `json:"words,omitempty"`   // said to agents in conversation: their ids never repeat
	Tapes   int           `json:"tapes,omitempty"`   // recordings begun: their ids never repeat
	Tape    RecordingID   `json:"tape,omitempty"`    // the one under way
	Taped   time.Duration `json:"taped,omitempty"`   // how long the one before lasts
	Promise promise       `json:"promise,omitzero"`  // the wait and the place that the caller was told
	Anyway  bool          `json:"anyway,omitempty"`  // turned out of the queue, the caller chose to wait in it all the same
	Since   time.Time     `json:"since,omitzero"`    // when a queue that took nobody was first asked for a place
	Settled bool          `json:"settled,omitempty"` // they wait with music, and all that there was to say was said
	Rank    time.Time     `json:"rank,omitzero"`     // since when a lost caller counted as waiting, whose ticket is gone
	// Warned tells that the caller knows that the conversation is recorded.
	Warned bool `json:"warned,omitempty"`
	// TalkTape is the conversation's recording that is planned or under way, and
	// Talks how many there were: their ids never repeat.
	TalkTape RecordingID `json:"talk_tape,omitempty"`
	Talks    int         `json:"talks,omitempty"`
	Owed     *owed       `json:"owed,omitempty"`   // a message to be promised before the call is over
	Lost     Reason      `json:"lost,omitempty"`   // it is over by a fault, and the callback not noted yet
	Plays    int         `json:"plays,omitempty"`  // playbacks begun: their ids never repeat
	Over     int         `json:"over,omitempty"`   // the last of them that is known to have ended
	Ahead    int         `json:"ahead,omitempty"`  // how many more may begin before the next save
	Recall   *recall     `json:"recall,omitempty"` // set in a call to a citizen
}

// phase is what a call is doing, as far as taking it up again needs to know.
type phase string

const (
	inMenu      phase = "menu"
	inQueue     phase = "queue"
	inTalk      phase = "talk"
	withPartner phase = "partner" // in conversation with a partner
)

// storeWait bounds how long a caller may be kept from the next prompt by a
// store that does not answer.
const storeWait = time.Second

// storeRest is how long a store that has kept a caller waiting is not waited
// for again: the steps gather in memory meanwhile.
const storeRest = 5 * time.Second

// note adds an entry to the journal.
func (r *recorder) note(kind Kind, node string, detail ...string) {
	r.noteAt(time.Now(), kind, node, detail...)
}

// noteAt adds an entry for something that happened earlier. Its time is as exact
// as a store keeps it, so that the journal adds up to the record when it is read
// back.
func (r *recorder) noteAt(at time.Time, kind Kind, node string, detail ...string) {
	r.seq++
	e := Entry{Seq: r.seq, At: at.UTC().Truncate(time.Microsecond), Kind: kind, Node: node}
	if len(detail) > 0 {
		e.Detail = make(map[string]string, len(detail)/2)
		for i := 0; i+1 < len(detail); i += 2 {
			e.Detail[detail[i]] = detail[i+1]
		}
	}
	r.record.Fold(e)
	r.pending = append(r.pending, e)
}

// save makes a step of what is pending and carries it to the store. With
// durable it is on disk afterwards, or the log says that it is not.
func (r *recorder) save(ctx context.Context, durable bool) {
	if len(r.pending) == 0 && !durable && r.settled == r.state.Settled {
		return
	}
	r.cut(durable)
	if time.Now().Before(r.rest) {
		return
	}
	r.bring(ctx)
}

// overdue tells when steps that the store did not take are to be sent again,
// though the call does nothing meanwhile; never when there are none.
func (r *recorder) overdue() <-chan time.Time {
	if len(r.unsent) == 0 {
		return nil
	}
	return time.After(time.Until(r.rest))
}

// bring carries to the store what it has not taken yet.
func (r *recorder) bring(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, storeWait)
	defer cancel()
	if err := r.send(ctx); err != nil {
		r.rest = time.Now().Add(storeRest)
		r.log.Warn("steps kept in memory: the store did not take them", "steps", len(r.unsent), "err", err)
	}
}

// flush carries all there is to the store, for a program that stops.
func (r *recorder) flush(ctx context.Context) {
	r.rest = time.Time{}
	r.save(ctx, true)
}

// cut turns what is pending into a step to be sent.
func (r *recorder) cut(durable bool) {
	state, err := json.Marshal(r.state)
	if err != nil { // plain data: it can't fail, and if it did the saved state stays
		r.log.Error("state not saved", "err", err)
	}
	r.unsent = append(r.unsent, Step{Call: r.record.ID, Entries: r.pending, State: state, Durable: durable})
	r.pending, r.settled = nil, r.state.Settled
}

// send carries the unsent steps to the store, in order.
func (r *recorder) send(ctx context.Context) error {
	for len(r.unsent) > 0 {
		err := r.sendOne(ctx, r.unsent[0])
		if err != nil && !final(err) {
			return err
		}
		if err != nil {
			r.log.Error("the store refused a step for good", "entries", r.unsent[0].Entries, "err", err)
		}
		r.unsent = r.unsent[1:]
	}
	r.unsent = nil
	return nil
}

func (r *recorder) sendOne(ctx context.Context, s Step) error {
	if r.opened {
		return r.journal.Append(ctx, s)
	}
	born := unfolded(r.record)
	born.ArrivedAt = r.record.ArrivedAt
	err := r.journal.Open(ctx, born, s)
	if CodeOf(err) == Conflict {
		err = r.dispute(ctx, born, s)
	}
	r.opened = err == nil
	return err
}

// dispute settles a conflict over the opening of the record. After a time-out
// the store may have written it all the same: then the step can be appended.
// Else another call is open there on the same leg, and has to be out of the way.
func (r *recorder) dispute(ctx context.Context, born Record, s Step) error {
	err := r.journal.Append(ctx, s)
	if CodeOf(err) != NotFound {
		return err
	}
	if err := r.displace(ctx, born); err != nil {
		return &Error{
			Op: "open call", Code: Unavailable, Err: err,
			Message: "another call is open on the same leg, and it could not be closed",
		}
	}
	return r.journal.Open(ctx, born, s)
}

// close writes the end of the call, trying until the store takes it or ctx
// ends; what is lost then is told whole in the log.
func (r *recorder) close(ctx context.Context, why Reason) {
	last := r.lastStep(why, time.Now())
	level := slog.LevelError
	closed := insist(ctx, func() bool {
		err := r.tryClose(ctx, last)
		if err != nil {
			r.log.Log(ctx, level, "record not closed yet: the store did not take it", "err", err)
			level = slog.LevelDebug // said once; many calls may wait for the same store
		}
		return err == nil
	})
	if !closed {
		r.log.Error("record not closed: the program stops", "record", r.record, "steps", len(r.unsent), "entries", last.Entries)
	}
}

// lastStep ends the record, and gives what is pending with the entries that say
// so.
func (r *recorder) lastStep(why Reason, at time.Time) Step {
	outcome := r.record.conclude(why)
	if r.record.Waiting() {
		r.noteAt(at, LeftQueue, "", "why", leftWhy(why))
	}
	r.noteAt(at, Ended, "", "outcome", string(outcome), "reason", string(why))
	return Step{Call: r.record.ID, Entries: r.pending, Durable: true}
}

func (r *recorder) tryClose(ctx context.Context, last Step) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if err := r.send(ctx); err != nil {
		return err
	}
	err := r.journal.Close(ctx, r.record, last)
	if CodeOf(err) == Conflict { // an earlier try got through after all
		return nil
	}
	if final(err) {
		r.log.Error("the store refused the end of a call for good", "record", r.record, "entries", last.Entries, "err", err)
		return nil
	}
	return err
}

// final tells whether trying again can't help.
func final(err error) bool {
	switch CodeOf(err) {
	case Conflict, Invalid, NotFound, TooNew:
		return true
	default:
		return false
	}
}

// leftWhy turns the end of a call into the end of its waiting.
func leftWhy(why Reason) string {
	switch why { //nolint:exhaustive // all others are faults
	case CallerHungUp, Goodbye:
		return "abandoned"
	case NoAnswer, PutOff:
		return string(why)
	}
	return "lost"
}
