package ivr

import (
	"context"
	"strings"
	"time"

	"github.com/nyaruka/phonenumbers"

	"ikomek109/flows"
)

// CallbackState is what became of a wish to be called back. The zero value is
// refused.
type CallbackState string

// The states of a callback. The first two are open: a number has one such at most.
const (
	CallbackWaiting   CallbackState = "waiting"   // for its turn
	CallbackTrying    CallbackState = "trying"    // is being called
	CallbackReached   CallbackState = "reached"   // they talked
	CallbackFailed    CallbackState = "failed"    // all tries were in vain
	CallbackCancelled CallbackState = "cancelled" // by a person, or since they were served meanwhile
)

// Open tells whether somebody still waits for it.
func (s CallbackState) Open() bool { return s == CallbackWaiting || s == CallbackTrying }

// CallbackStates gives every state.
func CallbackStates() []CallbackState {
	return []CallbackState{CallbackWaiting, CallbackTrying, CallbackReached, CallbackFailed, CallbackCancelled}
}

// Callback is a caller's wish to be called back.
type Callback struct {
	ID       int64          `json:"id"`           // given by the store, in the order of asking
	Number   Number         `json:"number"`       // as [Callable] writes it
	Call     CallID         `json:"call"`         // in which it was asked for; empty when a person asked
	By       string         `json:"by,omitempty"` // who asked, when it was not the caller
	Queue    string         `json:"queue"`
	Category string         `json:"category,omitempty"`
	Language flows.Language `json:"language"`
	AskedAt  time.Time      `json:"asked_at"`
	Since    time.Time      `json:"since"` // since when they wait, if they waited before they asked
	DueAt    time.Time      `json:"due_at"`
	State    CallbackState  `json:"state"`
	Tries    int            `json:"tries"`
	Recall   CallID         `json:"recall,omitempty"` // the call that tries, or tried last
	Why      string         `json:"why,omitempty"`    // what came of that, or ended it
	EndedAt  time.Time      `json:"ended_at,omitzero"`
}

// Callbacks is what a call needs of a store of callbacks.
type Callbacks interface {
	// Ask notes a wish; on disk when it returns. Conflict when there is an open
	// one for the number already, asked for by another call; the same call may
	// ask twice, which is noted once.
	Ask(ctx context.Context, cb Callback) error
	// Met ends the open wish of a number, if there is one, since its owner was
	// served: why says how.
	Met(ctx context.Context, number Number, why string) error
}

// Callable writes a number as it can be called from anywhere: + and digits. It
// is refused when it is none of the numbering plan of the region (KZ), or does
// not begin with one of the prefixes: a stranger who types a number chooses
// what the line pays for.
func Callable(n Number, region string, prefixes []string) (Number, bool) {
	parsed, err := phonenumbers.Parse(n.Reveal(), region)
	if err != nil || parsed.GetExtension() != "" || !phonenumbers.IsValidNumber(parsed) {
		return "", false
	}
	whole := phonenumbers.Format(parsed, phonenumbers.E164)
	for _, prefix := range prefixes {
		if strings.HasPrefix(whole, prefix) {
			return Number(whole), true
		}
	}
	return "", false
}

// HomeRegion is whose numbers need no country code.
const HomeRegion = "KZ"

// callable gives a number that may be called back.
func (l *Line) callable(n Number) (Number, bool) {
	return Callable(n, HomeRegion, l.opt.CallbackPrefixes)
}

// requestCallback notes that the caller wants to be called back. One who waited
// in a queue before keeps the time since, and the ticket is given up.
func (c *call) requestCallback(ctx context.Context, a flows.RequestCallback) (flows.Input, error) {
	number := c.rec.record.Caller
	if a.Number != "" {
		number = NewNumber(a.Number)
	}
	within, cancel := context.WithTimeout(ctx, queueWait) // for all of it: the caller hears nothing meanwhile
	defer cancel()
	result := c.askBack(within, a, number)
	c.rec.note(CallbackAsked, a.Node, "result", string(result), "queue", a.Queue, "number", number.String())
	if result.Noted() {
		c.outOfQueue(within, "callback")
	}
	c.rec.save(within, true)
	return flows.Requested{Result: result}, ctx.Err()
}

func (c *call) askBack(ctx context.Context, a flows.RequestCallback, number Number) flows.CallbackResult {
	whole, ok := c.line.callable(number)
	if !ok || c.line.opt.Callbacks == nil {
		c.log.Info("nobody can be called back at this number", "number", number)
		return flows.CallbackFailed
	}
	now := time.Now()
	wish := Callback{
		Number: whole, Call: c.rec.record.ID, Queue: a.Queue, Category: a.Category, Language: a.Language,
		AskedAt: now, Since: now, DueAt: now, State: CallbackWaiting,
	}
	if c.rec.record.holdsTicket() {
		wish.Since = c.waitsSince()
	}
	err := c.line.opt.Callbacks.Ask(ctx, wish)
	switch {
	case err == nil:
		return flows.CallbackTaken
	case CodeOf(err) == Conflict:
		return flows.CallbackAlready
	}
	c.log.Error("a callback was not noted", "err", err)
	return flows.CallbackFailed
}

// waitsSince is since when a caller who holds a place counts as waiting: who has an
// earlier place back, or was handed on by an agent, has waited longer than they
// stand in the queue, and who calls them back shall know it.
func (c *call) waitsSince() time.Time {
	if since, ok := c.line.opt.Queue.Rank(c.rec.record.ID); ok {
		return since
	}
	if !c.rec.state.Rank.IsZero() {
		return c.rec.state.Rank
	}
	return c.rec.record.QueuedAt
}

// outOfQueue gives up the place of a caller who stepped aside, or was turned out,
// and is served in another way.
func (c *call) outOfQueue(ctx context.Context, why string) {
	if !c.rec.record.holdsTicket() {
		return
	}
	if err := c.line.opt.Queue.Leave(ctx, c.rec.record.ID, why); err != nil {
		c.log.Warn("ticket not dropped", "err", err)
	}
	c.rec.note(LeftQueue, "", "why", why)
}
