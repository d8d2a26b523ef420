package config

import "reflect"

// Differs is the rules of waiting that are others in a mode, or a queue, than
// [Queue] says. They are texts, of the kinds that Queue has: what is empty is as
// there.
type Differs struct {
	RingTimeout        string `mapstructure:"ring_timeout"`
	AnnounceEvery      string `mapstructure:"announce_every"`
	OtherLanguageAfter string `mapstructure:"other_language_after"`
	Capacity           string `mapstructure:"capacity"`
	LongestWait        string `mapstructure:"longest_wait"`
	WrapUp             string `mapstructure:"wrap_up"`
	Choose             string `mapstructure:"choose"`
	RingAtOnce         string `mapstructure:"ring_at_once"`
	PlaceKept          string `mapstructure:"place_kept"`
}

// texts gives where each text lies, by its key.
func (d *Differs) texts() map[string]*string {
	return map[string]*string{
		"ring_timeout": &d.RingTimeout, "announce_every": &d.AnnounceEvery,
		"other_language_after": &d.OtherLanguageAfter, "capacity": &d.Capacity, "longest_wait": &d.LongestWait,
		"wrap_up": &d.WrapUp,
		"choose":  &d.Choose, "ring_at_once": &d.RingAtOnce, "place_kept": &d.PlaceKept,
	}
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

// Of gives the rules of one queue: those of Queue, and what differs in it.
func (q Queue) Of(name string) Queue {
	for _, s := range q.Single {
		if s.Queue == name {
			q, _ = q.with(s.Differs)
		}
	}
	return q
}

// with puts what differs in the place of what is daily; wrong are the texts
// that could not be read, by key.
func (q Queue) with(d Differs) (_ Queue, wrong map[string]error) {
	wrong = map[string]error{}
	texts := d.texts()
	for key, into := range map[string]any{
		"ring_timeout": &q.RingTimeout, "announce_every": &q.AnnounceEvery,
		"other_language_after": &q.OtherLanguageAfter, "capacity": &q.Capacity, "longest_wait": &q.LongestWait,
		"wrap_up": &q.WrapUp,
		"choose":  &q.Choose, "ring_at_once": &q.RingAtOnce, "place_kept": &q.PlaceKept,
	} {
		if *texts[key] == "" {
			continue
		}
		if err := take(*texts[key], into); err != nil {
			wrong[key] = err
		}
	}
	return q, wrong
}

// take reads a text into a value of the kind that it points to.
func take(text string, into any) error {
	value, err := parse(text, reflect.TypeOf(into).Elem())
	if err == nil {
		reflect.ValueOf(into).Elem().Set(reflect.ValueOf(value))
	}
	return err
}
