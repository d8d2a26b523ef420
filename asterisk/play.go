package asterisk

import (
	"context"
	"net/http"
	"time"

	"github.com/CyCoreSystems/ari/v5"

	"ikomek109/ivr"
)

// Play starts a playback of files, one after the other without gaps. It is
// never sent twice. Exactly one PlayEnded follows while the leg lives.
func (s *Switch) Play(ctx context.Context, p ivr.Play) error {
	const op = "play"
	if err := s.alive(ctx, op); err != nil {
		return err
	}
	media, err := s.media(p)
	if err != nil {
		return err
	}
	w := &watch{
		s: s, name: string(p.ID),
		look: func() (ending, bool) { return s.playOver(p.ID) }, cut: func() { _ = s.stop(p.ID) },
	}
	told := func(how ending) ivr.Event {
		return ivr.PlayEnded{Channel: p.Channel, Play: p.ID, Failed: how.failed}
	}
	if !s.legs.began(string(p.ID), task{channel: p.Channel, end: told}, p.Length+s.opts.Timing.Grace, w.overdue) {
		return &ivr.Error{Op: op, Code: ivr.Conflict, Message: "a playback with this id is under way"}
	}
	err = s.rest.call(ctx, http.MethodPost, command{
		path: []string{"channels", string(p.Channel), "play", string(p.ID)},
		body: playRequest{Media: media},
	}, nil)
	if err == nil {
		return nil
	}
	s.legs.dropped(string(p.ID))
	if uncertain(err) {
		// It may be playing to nobody's knowledge, and the next prompt would
		// wait for it.
		s.aside(func(context.Context) { _ = s.stop(p.ID) })
	}
	return failure(op, err)
}

// media names what is to be played as Asterisk wants it named.
func (s *Switch) media(p ivr.Play) ([]string, error) {
	refuse := func(message string) error {
		return &ivr.Error{Op: "play", Code: ivr.Invalid, Message: message, Cure: "give absolute paths without extension"}
	}
	media := make([]string, 0, len(p.Sounds)+1)
	for _, sound := range p.Sounds {
		if !soundPath(sound) {
			return nil, refuse("a sound's path is not absolute or holds a control character")
		}
		media = append(media, "sound:"+sound)
	}
	if p.Recording != "" {
		name, err := s.tape(p.Recording)
		if err != nil {
			return nil, err
		}
		media = append(media, "recording:"+name)
	}
	if len(media) == 0 || p.ID == "" {
		return nil, refuse("a playback without an id or without sounds")
	}
	return media, nil
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
	for tries := 1; statusOf(err) == http.StatusInternalServerError && tries < stopTries; tries++ {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(stopAgain):
		}
		err = s.stop(id)
	}
	if statusOf(err) == http.StatusNotFound {
		s.legs.again(string(id), asIfEnded) // its end may have been missed
	}
	return unlessGone(op, err)
}

// Asterisk refuses to stop a playback between the moment it calls it playing
// and the moment it has opened the first sound, which takes a busy one some
// milliseconds. A key pressed just then would not cut the prompt.
const (
	stopTries = 6
	stopAgain = 20 * time.Millisecond
)

func (s *Switch) stop(id ivr.PlayID) error {
	return s.lib.Playback().Stop(key(ari.PlaybackKey, string(id)))
}

// playOver tells whether a playback has ended, and how.
func (s *Switch) playOver(id ivr.PlayID) (how ending, over bool) {
	data, err := s.lib.Playback().Data(key(ari.PlaybackKey, string(id)))
	if err != nil {
		return ending{}, statusOf(err) == http.StatusNotFound
	}
	return ending{failed: data.State == "failed"}, data.State == "done" || data.State == "failed"
}
