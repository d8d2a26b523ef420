package revision

import (
	"context"
	"errors"

	"ikomek109/ivr"
)

// Start makes a menu live when the program starts: the settings' menu c, if it
// was changed since it was last published from there and is fit; else the
// newest revision. Why c is not live, if it should be, is logged and told by
// Status. An error means that there is nothing at all to answer with.
func (l *Live) Start(ctx context.Context, p *Publisher, c *Candidate, m Meta) error {
	why := p.publishChanged(ctx, c, m)
	err := l.Take(ctx)
	if l.Flow() == nil {
		err = errors.Join(l.Status().Trouble, err)
		if !l.lastResort(ctx, p, c) {
			return firstOf(why, err)
		}
		why = firstOf(why, err)
	}
	if why != nil {
		l.Blame(why)
		l.log.Error("the menu of the settings is not live; another answers", "flow", l.Flow().ID(),
			"revision", l.Status().Revision.Number, "err", why)
	}
	return nil
}

// Reload publishes the settings' menu c, as a signal asks for, and takes it up.
// When it was published already, stored is false. An error, which Status tells
// too, says why it is not live: it may be stored all the same, by this or an
// earlier publishing.
func (l *Live) Reload(ctx context.Context, p *Publisher, c *Candidate, m Meta) (r Revision, stored bool, err error) {
	if r, stored, err = p.Publish(ctx, c, m); err != nil {
		l.Blame(err)
		return r, stored, err
	}
	if l.Status().Revision.Number < r.Number {
		err = l.Take(ctx)
	}
	if s := l.Status(); err == nil && s.Revision.Number < r.Number {
		return r, stored, firstOf(s.Trouble)
	}
	if err == nil && !stored {
		l.Blame(nil)
	}
	return r, stored, err
}

// publishChanged publishes the settings' menu if there is need; the error says
// why it should be live and is not.
func (p *Publisher) publishChanged(ctx context.Context, c *Candidate, m Meta) error {
	if why := c.Refusal(); why != nil {
		return why
	}
	changed, err := p.Changed(ctx, c)
	if err != nil || !changed {
		return err
	}
	_, _, err = p.Publish(ctx, c, m)
	if ivr.CodeOf(err) == ivr.Conflict {
		return nil // somebody else has just published
	}
	return err
}

// lastResort makes something live when the newest revision can't be: the menu
// on disk, or the newest of the older revisions that this program can read.
func (l *Live) lastResort(ctx context.Context, p *Publisher, c *Candidate) bool {
	if c.Refusal() == nil && p.Voice.Render(ctx, c.Flow) == nil {
		l.Put(c.Flow, Revision{})
		return true
	}
	const enough = 50
	some, err := l.opt.Store.List(ctx, 0, enough)
	if err != nil {
		return false
	}
	for _, r := range some {
		f, err := l.load(ctx, r)
		if err == nil && p.Voice.Render(ctx, f) == nil {
			l.Put(f, r)
			return true
		}
	}
	return false
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return errors.New("there is no menu to answer with; publish one by `ikomek109 flow publish`")
}
