package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"ikomek109/asterisk/conf"
	"ikomek109/config"
	"ikomek109/flows"
	"ikomek109/ivr"
	"ikomek109/notice"
	"ikomek109/pin"
	"ikomek109/queue"
	"ikomek109/speech"
	"ikomek109/sqlite"
	"ikomek109/web"
)

// studio renders bulletins by the line's own voice: a [notice.Studio].
type studio struct{ voice *speech.Library }

// renderWithin bounds the rendering of one bulletin in both languages.
const renderWithin = 2 * time.Minute

// clipsOfBulletin are the pieces of sound of a bulletin, one in each language.
func clipsOfBulletin(b notice.Bulletin) (clips []speech.Clip) {
	for _, l := range flows.Languages() {
		clips = append(clips, speech.Clip{Lang: string(l), ID: b.PhraseID(), Text: b.Text.In(l)})
	}
	return clips
}

// bulletinClips are those of the bulletins that are said, or may be soon.
func bulletinClips(ctx context.Context, s config.Settings) (clips []speech.Clip, err error) {
	if _, err := os.Stat(s.Store.Path); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	store, err := sqlite.Open(ctx, sqlite.Options{Path: s.Store.Path, ReadOnly: true})
	if err != nil {
		return nil, err
	}
	defer store.Close(ctx) //nolint:errcheck // it was only read
	current, err := store.Notices().Current(ctx, time.Now())
	for _, b := range current.Bulletins {
		clips = append(clips, clipsOfBulletin(b)...)
	}
	return clips, err
}

// Render implements [notice.Studio]. What has sound already is only measured.
func (s studio) Render(ctx context.Context, b notice.Bulletin) (length time.Duration, err error) {
	ctx, cancel := context.WithTimeout(ctx, renderWithin)
	defer cancel()
	clips := clipsOfBulletin(b)
	if b.Recording != "" {
		if err := s.recorded(b, clips); err != nil {
			return 0, err
		}
	}
	if len(s.voice.Missing(clips)) > 0 {
		if err := s.voice.Build(ctx, clips, nil); err != nil {
			return 0, err
		}
	}
	return s.length(b)
}

// length tells how long a bulletin plays in both languages; an error says which
// sound is missing.
func (s studio) length(b notice.Bulletin) (length time.Duration, err error) {
	for _, l := range flows.Languages() {
		_, one, err := s.voice.Sounds(string(l), b.PhraseID(), b.Text.In(l), nil)
		if err != nil {
			return 0, err
		}
		length += one
	}
	return length, nil
}

// recorded refuses a bulletin whose recording is not there: whoever named one
// does not want the draft voice. Once it is said, the draft voice stands in for
// a recording that is lost.
func (s studio) recorded(b notice.Bulletin, clips []speech.Clip) error {
	for _, c := range clips {
		if st := s.voice.Status(c); st != speech.Recorded && b.ReleasedAt.IsZero() {
			return fmt.Errorf("the recording %s/%s is %s; bring it in with `ikomek109 prompts import`, with these words", c.Lang, c.ID, st)
		}
	}
	return nil
}

// startNotices has the line go by the modes and bulletins of the store.
func (v *service) startNotices(ctx context.Context) error {
	zone, err := v.settings.Line.Location()
	if err != nil {
		return err
	}
	v.wall = notice.NewWall(notice.WallOptions{
		Source: v.store.Notices(), Studio: studio{v.voice}, Log: v.log,
		Mode: func(m notice.Mode) { v.desk.SetRules(rulebook(v.settings.Queue, m)) },
	})
	v.pins = pin.NewGuard(v.store.Pins()) // one for all phones: it looks at one PIN at a time
	v.world = newWorld(v, zone)
	if err := v.wall.Read(ctx); err != nil {
		v.log.Error("the mode and the bulletins could not be read; the line is daily until they can", "err", err)
	}
	v.watch.on(sqlite.NoticesCounter, v.wall.Read)
	v.aside("the modes", 10*time.Second, v.wall.Run)
	v.aside("the figures for menus", 10*time.Second, v.world.run)
	return nil
}

// rulebook is how callers wait in a mode.
func rulebook(q config.Queue, m notice.Mode) queue.Rulebook {
	q = q.In(string(m))
	b := queue.Rulebook{Default: waitingRules(q), Queues: map[string]queue.Rules{}}
	for _, s := range q.Single {
		b.Queues[s.Queue] = waitingRules(q.Of(s.Queue))
	}
	return b
}

func waitingRules(q config.Queue) queue.Rules {
	return queue.Rules{
		Rules:              ivr.Rules{RingTimeout: q.RingTimeout, AnnounceEvery: q.AnnounceEvery, WrapUp: q.WrapUp},
		Choose:             queue.Choose(q.Choose),
		RingAtOnce:         q.RingAtOnce,
		OtherLanguageAfter: q.OtherLanguageAfter,
		Capacity:           q.Capacity,
		LongestWait:        q.LongestWait,
		PlaceKept:          q.PlaceKept,
	}
}

// codes are what agents' codes do beyond choosing a state.
func (v *service) codes() map[string]ivr.Service {
	return map[string]ivr.Service{conf.CodeMode: v.modeByPhone, conf.CodeRecord: v.recordByPhone, conf.CodeTasks: v.tasksByPhone}
}

// whoKeyed tells whose number and PIN was keyed in at a place.
func (v *service) whoKeyed(ctx context.Context, keyed, place string) (name string, err error) {
	who, err := v.pins.Open(ctx, keyed, place)
	return who.Name, err
}

// modeByPhone serves the code by which the mode is set.
func (v *service) modeByPhone(ctx context.Context, h *ivr.Handset) error {
	return notice.ByPhone(ctx, h, notice.ByPhoneOptions{
		Board: notice.NewBoard(v.store.Notices(), nil, notice.Rules{}), Mode: v.wall.Mode,
		Open:  v.whoKeyed,
		Lasts: v.settings.Modes.PhoneLasts, Zone: v.world.zone, Log: v.log,
	})
}

// api is modes and bulletins over HTTP. A file of tokens that cannot be used
// leaves it off: that is no reason not to answer citizens.
func (v *service) api() *web.API {
	tokens, err := readTokens(v.settings.Modes.TokensFile)
	if err != nil {
		v.log.Error("there is no API", "err", err)
	}
	rules := notice.Rules{SecondPerson: v.settings.Modes.SecondPerson, Persons: persons(v.store.Pins())}
	return &web.API{
		Board: notice.NewBoard(v.store.Notices(), studio{v.voice}, rules), Source: v.store.Notices(), Tokens: tokens,
	}
}
