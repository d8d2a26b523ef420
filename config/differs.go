package config

import (
	"reflect"
	"time"
)

// Differs is the rules of waiting that are others in a mode than [Queue] says.
// They are texts, of the kinds that Queue has: what is empty is as there.
type Differs struct {
	RingTimeout        string `mapstructure:"ring_timeout"`
	AnnounceEvery      string `mapstructure:"announce_every"`
	OtherLanguageAfter string `mapstructure:"other_language_after"`
	Capacity           string `mapstructure:"capacity"`
	LongestWait        string `mapstructure:"longest_wait"`
	WrapUp             string `mapstructure:"wrap_up"`
}

// In gives the rules of waiting in a mode: those of Queue, and what differs.
func (q Queue) In(mode string) Queue {
	switch mode {
	case "heightened":
		q, _ = q.with(q.Heightened)
	case "emergency":
		q, _ = q.with(q.Emergency)
	}
	return q
}

// with puts what differs in the place of what is daily; wrong are the texts
// that could not be read, by key.
func (q Queue) with(d Differs) (_ Queue, wrong map[string]error) {
	wrong = map[string]error{}
	for _, f := range []struct {
		key, text string
		into      *time.Duration
	}{
		{"ring_timeout", d.RingTimeout, &q.RingTimeout},
		{"announce_every", d.AnnounceEvery, &q.AnnounceEvery},
		{"other_language_after", d.OtherLanguageAfter, &q.OtherLanguageAfter},
		{"longest_wait", d.LongestWait, &q.LongestWait},
		{"wrap_up", d.WrapUp, &q.WrapUp},
	} {
		if f.text == "" {
			continue
		}
		value, err := parseDuration(f.text)
		if err != nil {
			wrong[f.key] = err
			continue
		}
		*f.into, _ = value.(time.Duration)
	}
	if d.Capacity != "" {
		n, err := parse(d.Capacity, reflect.TypeFor[int]())
		if err != nil {
			wrong["capacity"] = err
		} else {
			q.Capacity, _ = n.(int)
		}
	}
	return q, wrong
}
