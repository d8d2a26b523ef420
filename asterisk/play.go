package asterisk

import (
	"context"
	"net/http"
	"time"

	"github.com/CyCoreSystems/ari/v5"

	"ikomek109/ivr"
)

const (
	// asIfEnded is how soon a playback is asked after when Asterisk says it
	// is not there, and its end has not been seen.
	asIfEnded = 250 * time.Millisecond
	// ours gives up a playback that Asterisk would not tell about.
	maxChecks = 30
)

// Play starts a playback of files, one after the other without gaps. It is
// never sent twice. Exactly one PlayEnded follows while the leg lives.
func (s *Switch) Play(ctx context.Context, p ivr.Play) error {
	const op = "play"
	if err := s.alive(ctx, op); err != nil {
		return err
	}
	media := make([]string, len(p.Sounds))
	for i, sound := range p.Sounds {
		if !soundPath(sound) {
			return &ivr.Error{
				Op: op, Code: ivr.Invalid, Message: "a sound's path is not absolute or holds a control character",
				Cure: "give absolute paths without extension",
			}
		}
		media[i] = "sound:" + sound
	}
	if len(media) == 0 || p.ID == "" {
		return &ivr.Error{Op: op, Code: ivr.Invalid, Message: "a playback without an id or without sounds"}
	}
	w := &watch{s: s, id: p.ID}
	if !s.legs.began(p.ID, p.Channel, p.Length+s.opts.Timing.Grace, w.overdue) {
		return &ivr.Error{Op: op, Code: ivr.Conflict, Message: "a playback with this id is under way"}
	}
	err := s.rest.call(ctx, http.MethodPost, command{
		path: []string{"channels", string(p.Channel), "play", string(p.ID)},
		body: playRequest{Media: media},
	}, nil)
	if err == nil {
		return nil
	}
	s.legs.dropped(p.ID)
	if uncertain(err) {
		// It may be playing to nobody's knowledge, and the next prompt would
		// wait for it.
		s.aside(func(context.Context) { _ = s.stop(p.ID) })
	}
	return failure(op, err)
}

type playRequest struct {
	Media []string `json:"media"`
}

// soundPath accepts what can be the path of a file, and nothing that Asterisk
// would read as another kind of medium.
func soundPath(path string) bool {
	if len(path) < 2 || path[0] != '/' {
		return false
	}
	for i := range len(path) {
		if path[i] < ' ' || path[i] == 0x7f {
			return false
		}
	}
	return true
}

// Stop ends a playback early; its PlayEnded follows. One that has ended is no
// error.
func (s *Switch) Stop(ctx context.Context, id ivr.PlayID) error {
	const op = "stop playback"
	if err := s.alive(ctx, op); err != nil {
		return err
	}
	err := s.stop(id)
	if statusOf(err) == http.StatusNotFound {
		s.legs.again(id, asIfEnded) // its end may have been missed
	}
	return unlessGone(op, err)
}

func (s *Switch) stop(id ivr.PlayID) error {
	return s.lib.Playback().Stop(key(ari.PlaybackKey, string(id)))
}

// watch is the watchdog of one playback.
type watch struct {
	s      *Switch
	id     ivr.PlayID
	checks int // only touched by the timer's function, which never overlaps itself
}

// overdue is called when a playback's end was not seen in time.
func (w *watch) overdue() { w.s.aside(func(context.Context) { w.check() }) }

func (w *watch) check() {
	w.checks++
	data, err := w.s.lib.Playback().Data(key(ari.PlaybackKey, string(w.id)))
	switch {
	case statusOf(err) == http.StatusNotFound:
		w.s.counts.overdue.Add(1)
		w.s.legs.ended(w.id, false)
	case err == nil && (data.State == "done" || data.State == "failed"):
		w.s.counts.overdue.Add(1)
		w.s.legs.ended(w.id, data.State == "failed")
	case w.checks >= maxChecks:
		// Stuck, as after a medium that never ends.
		w.s.counts.overdue.Add(1)
		_ = w.s.stop(w.id)
		w.s.legs.ended(w.id, true)
	default:
		w.s.legs.again(w.id, w.s.opts.Timing.Grace)
	}
}
