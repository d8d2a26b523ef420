package revision

import (
	"context"
	"fmt"
	"time"

	"ikomek109/flows"
	"ikomek109/ivr"
)

// Voice gives the phrases of a flow their sounds.
type Voice interface {
	// Render makes what is missing of them. After it no call on the flow lacks a sound;
	// else there is an error that says what is to be done.
	Render(ctx context.Context, f *flows.Flow) error
}

// Publisher stores revisions. It is safe for many goroutines when its parts are.
type Publisher struct {
	Store Store
	Voice Voice
	// Sounds finds what is wrong with the prompts that a flow has, such as one
	// that should be recorded and is not: with an error among it nothing is
	// published. Nil finds nothing.
	Sounds func(ctx context.Context, f *flows.Flow) (flows.Findings, error)
	// Known is what a flow may name of the settings.
	Known flows.Known
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

// storeWithin bounds the wait for a store that cannot be written.
const storeWithin = 5 * time.Second

// Publish makes a candidate the newest revision: new calls get it. With a
// candidate that is no other than the live revision nothing is stored, and that
// one is given, with new false.
//
// Errors: those of Admit; *Refused when its prompts can't all be rendered; Invalid
// for a Meta that can't be on record; Conflict when somebody published meanwhile;
// else those of the store.
func (p *Publisher) Publish(ctx context.Context, c *Candidate, m Meta) (r Revision, stored bool, err error) {
	if err := m.Check(); err != nil {
		return r, false, err
	}
	live, err := p.Admit(ctx, c)
	if err != nil || live.Digest == c.Digest {
		return live, false, err
	}
	if err := p.Inspect(ctx, c); err != nil {
		return r, false, err
	}
	if err := p.Voice.Render(ctx, c.Flow); err != nil {
		return r, false, &Refused{Name: c.Source.Name, Err: err}
	}
	within, cancel := context.WithTimeout(ctx, storeWithin)
	defer cancel()
	r, err = p.Store.Add(within, Revision{
		Flow: c.Flow.ID(), Main: c.Source.Main, Digest: c.Digest, Source: c.Source.Name, Named: c.Source.Named,
		By: m.By, Of: m.Of, Author: m.Author, Note: m.Note, At: p.now(),
	}, c.files, live.Number)
	return r, err == nil, err
}

// Admit tells whether a candidate may take the place of the live revision, which
// is given; the zero one when none was published.
//
// Errors: *Refused when the candidate is not fit; Denied when it is the menu that
// ships, nobody named it, and a menu of the city's own is live.
func (p *Publisher) Admit(ctx context.Context, c *Candidate) (live Revision, err error) {
	if why := c.Refusal(); why != nil {
		return live, why
	}
	live, err = p.newest(ctx)
	if err == nil && live.Digest != c.Digest && c.yields(live) {
		err = &ivr.Error{
			Op: "publish", Code: ivr.Denied,
			Message: fmt.Sprintf("the settings name no menu, and the one that ships takes no other's place: revision %d is from %s", live.Number, live.Source),
			Cure:    "set line.flow in the settings to your menu, or name the file: `ikomek109 flow publish FILE` (`--shipped` for the one that ships)",
		}
	}
	return live, err
}

// yields tells that the candidate is only a stand-in, and a menu that somebody
// named is live.
func (c *Candidate) yields(live Revision) bool {
	return c.Source.Default && live.Number != 0 && live.Source != Shipped
}

// Inspect looks at the prompts of a candidate that is fit otherwise, and notes
// what is wrong with them. The error is *Refused when that keeps it from being
// published.
func (p *Publisher) Inspect(ctx context.Context, c *Candidate) error {
	if p.Sounds == nil {
		return nil
	}
	var err error
	if c.Sounds, err = p.Sounds(ctx, c.Flow); err != nil {
		return &Refused{Name: c.Source.Name, Err: err}
	}
	if n := errorsIn(c.Sounds); n > 0 {
		return &Refused{Name: c.Source.Name, Errors: n}
	}
	return nil
}

// newest is the live revision, the zero one when none was published.
func (p *Publisher) newest(ctx context.Context) (Revision, error) {
	r, err := p.Store.Newest(ctx)
	if ivr.CodeOf(err) == ivr.NotFound {
		return Revision{}, nil
	}
	return r, err
}

func (p *Publisher) now() time.Time {
	if p.Now == nil {
		return time.Now()
	}
	return p.Now()
}

// Old reads a stored revision again, to be published once more: it is checked
// and tested anew, for the settings, the program and the calendar go on.
func (p *Publisher) Old(ctx context.Context, number int64) (*Candidate, error) {
	r, err := p.Store.Get(ctx, number)
	if err != nil {
		return nil, err
	}
	files, err := p.Store.Files(ctx, number)
	if err != nil {
		return nil, err
	}
	return Read(Source{Files: memory(files), Main: r.Main, Name: r.Source, Named: r.Named}, p.Known), nil
}

// Before finds the revision that a roll back without a number means: the newest
// before the live one that callers heard otherwise. From a revision that was
// rolled back to, it goes on further back. NotFound when there is none.
func (p *Publisher) Before(ctx context.Context) (Revision, error) {
	live, err := p.Store.Newest(ctx)
	if err != nil {
		return Revision{}, err
	}
	origin := live
	for origin.By == ByRollback && origin.Of > 0 && origin.Of < origin.Number {
		if origin, err = p.Store.Get(ctx, origin.Of); err != nil {
			return Revision{}, err
		}
	}
	return p.lastUnlike(ctx, live.Flow, origin.Number)
}

// lastUnlike finds the newest revision with another flow, below a number.
func (p *Publisher) lastUnlike(ctx context.Context, flow string, below int64) (Revision, error) {
	const page = 100
	for from := below; ; {
		some, err := p.Store.List(ctx, from, page)
		if err != nil {
			return Revision{}, err
		}
		for _, r := range some {
			if r.Flow != flow {
				return r, nil
			}
		}
		if len(some) < page {
			return Revision{}, &ivr.Error{
				Op: "roll back", Code: ivr.NotFound, Message: fmt.Sprintf("no revision before %d says anything else", below),
			}
		}
		from = some[len(some)-1].Number
	}
}

// Changed tells whether the settings' menu on disk is another than the one last
// published from there: what a start publishes. A menu that somebody rolled
// back stays rolled back, and one that was published from another file stays
// live, until the file that the settings name is changed. The menu that ships
// with the program takes the place of no other.
func (p *Publisher) Changed(ctx context.Context, c *Candidate) (bool, error) {
	live, err := p.newest(ctx)
	if err != nil || live.Number == 0 {
		return live.Number == 0, err
	}
	if c.yields(live) {
		return false, nil
	}
	last, err := p.Store.LastNamed(ctx)
	if ivr.CodeOf(err) == ivr.NotFound {
		return true, nil
	}
	return last.Source != c.Source.Name || last.Digest != c.Digest, err
}
