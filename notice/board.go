package notice

import (
	"context"
	"errors"
	"fmt"
	"time"

	"ikomek109/ivr"
)

// Rules are what a city decides about its notices.
type Rules struct {
	// SecondPerson asks that a bulletin is released by somebody other than who
	// wrote it.
	SecondPerson bool
	// Persons gives the names of those who can be told apart: one person has one
	// name, whichever way they come. It is needed with SecondPerson; who is not
	// among them may be the first person under another name, and is Denied.
	Persons func(ctx context.Context) ([]string, error)
}

// Board is where modes are set and bulletins are put up. Everyone who may do
// so comes through it: the command, the phone, the API.
type Board struct {
	store  Store
	studio Studio
	rules  Rules
}

// NewBoard makes a board. studio may be nil for who only sets modes.
func NewBoard(store Store, studio Studio, rules Rules) *Board {
	return &Board{store: store, studio: studio, rules: rules}
}

// SetMode asks for a mode. A From of zero means at once; Until is needed for
// every mode but daily.
func (b *Board) SetMode(ctx context.Context, s Switch) (Switch, error) {
	const op = "set mode"
	if _, err := ParseMode(string(s.Mode)); err != nil {
		return Switch{}, err
	}
	if err := checkNote(op, s.Author, s.Reason); err != nil {
		return Switch{}, err
	}
	s.At = time.Now()
	if s.From.IsZero() || s.From.Before(s.At) {
		s.From = s.At
	}
	switch {
	case s.Mode == Daily && s.Until.IsZero():
	case s.Until.IsZero():
		return Switch{}, invalid(op, fmt.Sprintf("the mode %s needs an end", s.Mode), "give --until, such as 6h or 2026-01-05T18:00; it can be set anew before then")
	case s.Mode == Daily:
		return Switch{}, invalid(op, "the daily mode has no end", "leave --until out; plan the next mode with --from")
	default:
		if err := checkSpan(op, s.At, s.From, s.Until); err != nil {
			return Switch{}, err
		}
	}
	id, err := b.store.AddSwitch(ctx, s)
	s.ID = id
	return s, err
}

// Propose writes a bulletin down and renders it. Where no second person is
// asked for, it is released at once. On an error after it was written down,
// the bulletin comes with the error and waits for a release.
func (b *Board) Propose(ctx context.Context, n Bulletin) (Bulletin, error) {
	const op = "write bulletin"
	if err := checkNote(op, n.Author, n.Reason); err != nil {
		return Bulletin{}, err
	}
	if err := errors.Join(CheckText(n.Text), checkRecording(op, n.Recording)); err != nil {
		return Bulletin{}, err
	}
	n.At = time.Now()
	if n.From.IsZero() || n.From.Before(n.At) {
		n.From = n.At
	}
	if n.Until.IsZero() {
		return Bulletin{}, invalid(op, "a bulletin needs an end", "give --until, such as 6h or 2026-01-05T18:00")
	}
	if err := checkSpan(op, n.At, n.From, n.Until); err != nil {
		return Bulletin{}, err
	}
	author, err := b.person(ctx, op, n.Author)
	if err != nil {
		return Bulletin{}, err
	}
	n.Author = author
	id, err := b.store.AddBulletin(ctx, n)
	if err != nil {
		return Bulletin{}, err
	}
	n.ID = id
	if b.rules.SecondPerson {
		_, err = b.sound(ctx, n) // whoever releases it shall not have to wait
		return n, err
	}
	return b.release(ctx, n, n.Author)
}

// Release puts a bulletin up. With [Rules.SecondPerson] it is Denied to its
// author.
func (b *Board) Release(ctx context.Context, id int64, who string) (Bulletin, error) {
	const op = "release bulletin"
	if err := checkNote(op, who, "release"); err != nil {
		return Bulletin{}, err
	}
	n, err := b.find(ctx, id)
	if err == nil {
		who, err = b.person(ctx, op, who)
	}
	if err != nil {
		return Bulletin{}, err
	}
	switch state := n.State(time.Now()); {
	case state == Expired || state == Ended:
		return n, &ivr.Error{Op: op, Code: ivr.Conflict, Message: fmt.Sprintf("bulletin %d is %s", id, state), Cure: "write a new one with `ikomek109 bulletin add`"}
	case state != Proposed:
		return n, &ivr.Error{Op: op, Code: ivr.Conflict, Message: fmt.Sprintf("bulletin %d is released already, by %s", id, n.ReleasedBy)}
	case b.rules.SecondPerson && SamePerson(who, n.Author):
		return n, &ivr.Error{Op: op, Code: ivr.Denied, Message: fmt.Sprintf("bulletin %d was written by %s, and a second person has to release it", id, n.Author), Cure: "have somebody else do it under their own name"}
	}
	return b.release(ctx, n, who)
}

// person gives the one name of who acts, where two have to be told apart.
func (b *Board) person(ctx context.Context, op, who string) (string, error) {
	if !b.rules.SecondPerson {
		return who, nil
	}
	var all []string
	if b.rules.Persons != nil {
		var err error
		if all, err = b.rules.Persons(ctx); err != nil {
			return "", err
		}
	}
	for _, name := range all {
		if SamePerson(name, who) {
			return name, nil
		}
	}
	return "", &ivr.Error{
		Op: op, Code: ivr.Denied, Message: fmt.Sprintf("nobody with a PIN is called %s, so that a second person cannot be told from a first", who),
		Cure: "give them one with `ikomek109 pin set NAME`, and their token of the API the same name",
	}
}

// release puts a bulletin up once it has sound and leaves room for the others.
func (b *Board) release(ctx context.Context, n Bulletin, who string) (Bulletin, error) {
	length, err := b.sound(ctx, n)
	if err != nil {
		return n, err
	}
	others, err := b.lengthBeside(ctx, n)
	if err != nil {
		return n, err
	}
	if err := checkLength("release bulletin", length+others, "with those that are said at the same time"); err != nil {
		return n, err
	}
	at := time.Now()
	if err := b.store.Release(ctx, n.ID, who, length, at); err != nil {
		return n, err
	}
	n.ReleasedBy, n.ReleasedAt, n.Length = who, at, length
	return n, nil
}

// sound renders a bulletin, within the limit.
func (b *Board) sound(ctx context.Context, n Bulletin) (time.Duration, error) {
	if b.studio == nil {
		return 0, &ivr.Error{Op: "render bulletin", Message: "there is no voice here", Cure: "use `ikomek109 bulletin`"}
	}
	length, err := b.studio.Render(ctx, n)
	if err != nil {
		return 0, &ivr.Error{
			Op: "render bulletin", Code: ivr.Unavailable, Err: err,
			Message: fmt.Sprintf("bulletin %d has no sound and is not released", n.ID),
			Cure:    fmt.Sprintf("see what `ikomek109 doctor` says, then `ikomek109 bulletin release %d`", n.ID),
		}
	}
	return length, checkLength("release bulletin", length, "as it was rendered")
}

// lengthBeside tells how long the bulletins play that are said when n is.
func (b *Board) lengthBeside(ctx context.Context, n Bulletin) (time.Duration, error) {
	now, err := b.store.Current(ctx, time.Now())
	if err != nil {
		return 0, err
	}
	var length time.Duration
	for _, o := range now.Bulletins {
		meets := o.From.Before(n.Until) && n.From.Before(o.Until)
		if o.ID != n.ID && !o.ReleasedAt.IsZero() && meets {
			length += o.Length
		}
	}
	return length, nil
}

// End takes a bulletin down before its time.
func (b *Board) End(ctx context.Context, id int64, who, reason string) (Bulletin, error) {
	const op = "end bulletin"
	if err := checkNote(op, who, reason); err != nil {
		return Bulletin{}, err
	}
	n, err := b.find(ctx, id)
	if err != nil {
		return Bulletin{}, err
	}
	if n.State(time.Now()) == Expired {
		return n, &ivr.Error{Op: op, Code: ivr.Conflict, Message: fmt.Sprintf("bulletin %d has expired by itself", id)}
	}
	at := time.Now()
	if err := b.store.End(ctx, id, who, reason, at); err != nil {
		return n, err
	}
	n.EndedBy, n.EndedAt, n.EndReason = who, at, reason
	return n, nil
}

// maxBulletins bounds what is looked through for one bulletin.
const maxBulletins = 10_000

func (b *Board) find(ctx context.Context, id int64) (Bulletin, error) {
	all, err := b.store.Bulletins(ctx, maxBulletins)
	if err != nil {
		return Bulletin{}, err
	}
	for _, n := range all {
		if n.ID == id {
			return n, nil
		}
	}
	return Bulletin{}, &ivr.Error{
		Op: "find bulletin", Code: ivr.NotFound, Message: fmt.Sprintf("no bulletin %d", id),
		Cure: "`ikomek109 bulletin list` shows them",
	}
}
