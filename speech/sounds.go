package speech

import (
	"time"
)

// Status says what there is of a clip. The zero value is none of them.
type Status uint8

// The statuses of a clip.
const (
	// Missing has no sound that could be played.
	Missing Status = iota + 1
	// Draft is spoken by the draft voice.
	Draft
	// Stale has a recording of other words; the draft voice speaks.
	Stale
	// Broken has a recording that cannot be played; the draft voice speaks.
	Broken
	// Recorded is spoken by its recording.
	Recorded
)

// Statuses lists all statuses, what is worst first.
func Statuses() []Status { return []Status{Missing, Broken, Stale, Draft, Recorded} }

// String gives the status in one word.
func (s Status) String() string {
	switch s {
	case Missing:
		return "missing"
	case Draft:
		return "draft"
	case Stale:
		return "stale"
	case Broken:
		return "broken"
	case Recorded:
		return "recorded"
	default:
		return "unset"
	}
}

// Status tells what there is of a clip. A clip that is Stale or Broken may have
// no draft yet: see Missing.
func (l *Library) Status(c Clip) Status {
	all := l.recordingsOf(c)
	_, recorded := speaks(all, c.Text)
	switch {
	case recorded:
		return Recorded
	case len(all) > 0 && all[0].broken != nil:
		return Broken
	case len(all) > 0:
		return Stale
	}
	if _, ok := l.find(c); ok {
		return Draft
	}
	return Missing
}

// Missing returns those of the clips that cannot be played now.
func (l *Library) Missing(clips []Clip) []Clip {
	var out []Clip
	for _, c := range clips {
		if _, ok := l.find(c); !ok {
			out = append(out, c)
		}
	}
	return out
}

// Sounds returns the files that speak a phrase with its values, in order, as
// absolute paths without ending as Asterisk sees them, and how long they play.
// It is made for the way of a call: after the first time it does not touch the
// disk. The error is a *PhraseError, a *MissingError or ErrLanguage.
func (l *Library) Sounds(lang, id, text string, values map[string]string) ([]string, time.Duration, error) {
	return l.paths(lang, id, text, values, func(s sound) string { return s.seen })
}

// Files is Sounds for whoever reads the files on this machine: paths of the
// 8 kHz files, with their ending.
func (l *Library) Files(lang, id, text string, values map[string]string) ([]string, time.Duration, error) {
	return l.paths(lang, id, text, values, func(s sound) string { return s.here + phoneExt })
}

func (l *Library) paths(lang, id, text string, values map[string]string, path func(sound) string) ([]string, time.Duration, error) {
	t, err := l.template(lang, id, text)
	if err != nil {
		return nil, 0, err
	}
	paths := make([]string, 0, len(t.parts)+4*t.slots)
	samples := 0
	add := func(s sound, ok bool, c Clip) error {
		if !ok {
			return &MissingError{Clip: c}
		}
		paths = append(paths, path(s))
		samples += s.samples
		return nil
	}
	var buf []string // most phrases say no value
	if t.slots > 0 {
		buf = make([]string, 0, 32)
	}
	err = t.walk(values, buf, func(c Clip) error {
		s, ok := l.fixed(c)
		return add(s, ok, c)
	}, func(token string) error {
		s, ok := l.word(lang, token)
		if !ok {
			return add(s, ok, wordClip(lang, token))
		}
		return add(s, ok, Clip{})
	})
	if err != nil {
		return nil, 0, err
	}
	return paths, time.Duration(samples) * (time.Second / phoneRate), nil
}

// template returns the phrase, read; each is read once.
func (l *Library) template(lang, id, text string) (*template, error) {
	key := Clip{Lang: lang, ID: id, Text: text}
	l.mu.RLock()
	t, ok := l.templates[key]
	l.mu.RUnlock()
	if ok {
		return t, nil
	}
	t, err := parse(lang, id, text)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	remember(l.templates, key, t)
	l.mu.Unlock()
	return t, nil
}

// fixed looks up a fixed piece.
func (l *Library) fixed(c Clip) (sound, bool) {
	l.mu.RLock()
	s, ok := l.sounds[c]
	times := l.forgot
	l.mu.RUnlock()
	if ok {
		return s, true
	}
	if s, ok = l.find(c); ok {
		rememberSince(l, times, l.sounds, c, s)
	}
	return s, ok
}

// word looks up the clip of a token.
func (l *Library) word(lang, token string) (sound, bool) {
	key := word{lang, token}
	l.mu.RLock()
	s, ok := l.words[key]
	times := l.forgot
	l.mu.RUnlock()
	if ok {
		return s, true
	}
	if s, ok = l.find(wordClip(lang, token)); ok {
		rememberSince(l, times, l.words, key, s)
	}
	return s, ok
}

// rememberSince is remember, unless files have changed since the look-up began.
func rememberSince[K comparable](l *Library, forgot int, m map[K]sound, key K, s sound) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.forgot == forgot {
		remember(m, key, s)
	}
}

// remember stores what was looked up, and begins anew when there is too much.
func remember[K comparable, V any](m map[K]V, key K, value V) {
	if len(m) >= maxRemembered {
		clear(m)
	}
	m[key] = value
}

// find decides which file speaks a clip: its recording when the words are
// still the same, else its draft. For a draft that is not known it looks on
// disk once more, where another process may have rendered it meanwhile.
func (l *Library) find(c Clip) (sound, bool) {
	if r, ok := speaks(l.recordingsOf(c), c.Text); ok {
		tail := "/" + c.Lang + "/" + r.base
		return sound{seen: l.opts.RecordingsSeen + tail, here: l.opts.Recordings + tail, samples: r.samples}, true
	}
	name := l.draftName(c)
	here := l.draftPath(c.Lang, name)
	l.mu.RLock()
	samples, ok := l.drafts[name]
	l.mu.RUnlock()
	if !ok {
		n, err := probePair(here)
		if err != nil {
			return sound{}, false
		}
		samples = n
		l.know(name, n)
	}
	return sound{seen: l.opts.CacheSeen + "/" + c.Lang + "/" + name, here: here, samples: samples}, true
}

// know adds a draft.
func (l *Library) know(name string, samples int) {
	l.mu.Lock()
	l.drafts[name] = samples
	l.mu.Unlock()
}
