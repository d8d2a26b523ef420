package incident

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"time"

	"ikomek109/ivr"
)

const (
	// askedFor is how long a hand-over that no line has begun is worth beginning:
	// who asked for it has turned to something else.
	askedFor = 10 * time.Minute
	// maxTries bounds how often one is begun, by programs that were killed.
	maxTries = 3
	// noteWithin bounds one entry.
	noteWithin = 5 * time.Second
)

// Line is the line by which incidents are handed over; see [ivr.Line].
type Line interface {
	// Relaying tells whether a relay of a subject is under way; Unavailable while
	// that cannot be known yet.
	Relaying(subject string) (bool, error)
	// Relay begins one.
	Relay(r ivr.Relay) error
}

// Runner has a line hand over what is asked for in the store.
type Runner struct {
	Store Store
	Line  Line
	// Name is the line's, among those that share the store.
	Name string
	Log  *slog.Logger
}

// Take looks for hand-overs that are asked for, and begins them. One that this
// line had under way when it was killed is begun again, unless its conversation
// goes on. It is called whenever the store says that something has changed; an
// error asks to be called again.
func (r *Runner) Take(ctx context.Context) error {
	all, err := r.Store.Offered(ctx)
	if err != nil {
		return err
	}
	var errs []error
	for _, i := range all {
		if i.Line() == "" || i.Line() == r.Name {
			errs = append(errs, r.take(ctx, i))
		}
	}
	return errors.Join(errs...)
}

func (r *Runner) take(ctx context.Context, i Incident) error {
	subject := strconv.FormatInt(i.ID, 10)
	under, err := r.Line.Relaying(subject)
	if err != nil {
		return err
	}
	if under && i.Line() != "" {
		return nil
	}
	if under {
		return &ivr.Error{Op: "hand over", Code: ivr.Unavailable, Message: "the hand-over before is just ending"}
	}
	if why := r.tooLate(i); why != "" {
		return r.note(ctx, i.ID, Event{Kind: Missed, Author: r.Name, Partner: i.Partner, Agent: i.Agent, By: "line", Note: why})
	}
	if err := r.note(ctx, i.ID, Event{Kind: Begun, Author: r.Name, Partner: i.Partner, Agent: i.Agent}); err != nil {
		if ivr.CodeOf(err) == ivr.Conflict { // another line was quicker, or it was accepted
			return nil
		}
		return err
	}
	r.Log.Info("an incident is handed over", "incident", i.ID, "partner", i.Partner, "agent", string(i.Agent))
	return r.Line.Relay(ivr.Relay{
		Subject: subject, Try: i.Begun() + 1, Agent: i.Agent, Partner: i.Partner, Category: i.Category,
	})
}

// tooLate says why a hand-over is not begun (again).
func (r *Runner) tooLate(i Incident) string {
	switch {
	case i.Line() == "" && time.Since(i.OfferedAt) > askedFor:
		return "too_late"
	case i.Tries() >= maxTries:
		return ivr.MissedByFault
	}
	return ""
}

func (r *Runner) note(ctx context.Context, id int64, e Event) error {
	ctx, cancel := context.WithTimeout(ctx, noteWithin)
	defer cancel()
	e.At = time.Now().UTC()
	return r.Store.Note(ctx, id, e)
}

// Book puts down what becomes of relays: an [ivr.RelayBook].
type Book struct {
	Store Store
	Name  string // the line's
}

// Relayed implements [ivr.RelayBook]. What the incident as it stands has no
// place for, since it was accepted or begun in another way, is left out.
func (b *Book) Relayed(ctx context.Context, relay ivr.Relay, what ivr.RelayEvent) error {
	id, err := strconv.ParseInt(relay.Subject, 10, 64)
	if err != nil {
		return invalid("a relay is about "+strconv.Quote(relay.Subject)+", which is no incident", "")
	}
	e := Event{At: what.At.UTC(), Author: b.Name, Partner: relay.Partner, Agent: relay.Agent, By: what.By, Note: what.Why}
	switch what.Kind {
	case ivr.RelayMissed:
		e.Kind = Missed
	case ivr.RelayAccepted:
		e.Kind, e.By = AcceptedKind, relay.Partner
	case ivr.RelayEnded:
		e.Kind = Ended
	}
	err = b.Store.Note(ctx, id, e)
	if ivr.CodeOf(err) == ivr.Conflict {
		return nil
	}
	return err
}

var _ ivr.RelayBook = (*Book)(nil)
