package ivr

import (
	"context"
	"strconv"
	"time"

	"ikomek109/flows"
)

// announceMost is the longest time between two announcements of the place: the
// first comes after what the rules of the queue say, each further one after half
// as long again.
const announceMost = 3 * time.Minute

// nextAnnouncement gives the time to the announcement after the one that came
// after every.
func nextAnnouncement(every time.Duration) time.Duration {
	return max(every, min(every+every/2, announceMost))
}

// tellPlace tells the place and the wait, after other words, and what can be
// pressed. A key or a free agent cuts it.
func (c *call) tellPlace(ctx context.Context, us ...flows.Utterance) error {
	if c.place > 0 {
		c.place = c.rec.state.Promise.keep(c.place)
		place := map[string]string{"place": strconv.Itoa(c.place)}
		us = append(us, c.phrases(place, "queue/place")...)
		c.rec.note(PlaceTold, "", "place", place["place"])
		us = append(us, c.waitTold(time.Now())...)
	}
	for _, k := range c.offers {
		us = append(us, k.Says...)
	}
	c.rec.state.Ahead = 1 // this; the state is saved again before the next, or "connecting"
	c.rec.state.Settled = false
	c.rec.save(ctx, false) // what is promised, before it is heard
	_, err := c.say(ctx, flows.Say{Barge: true, Utterances: us})
	return err
}

// waitTold puts the wait into words, and notes it; it is silent when unsure.
func (c *call) waitTold(now time.Time) []flows.Utterance {
	s, ok := c.forecast()
	if ok {
		s, ok = c.rec.state.Promise.hold(s, now)
	}
	if !ok {
		return nil
	}
	from, to := minutes(s.From), minutes(s.To)
	c.rec.note(WaitTold, "", "from", from, "to", to)
	switch {
	case s.To > maxToldWait:
		return c.phrases(nil, "queue/wait_long")
	case s.From == s.To:
		return c.phrases(map[string]string{"minutes": to}, "queue/wait")
	default:
		return c.phrases(map[string]string{"from": from, "to": to}, "queue/wait_range")
	}
}

// forecast is the wait of this caller. Of those on duty only who can serve them
// shortens it, and whoever of another queue these serve before makes it longer.
func (c *call) forecast() (span, bool) {
	t, w := c.asTicket(c.queued), c.line.opt.World
	state := w.Queue(t.Queue)
	agents, before := w.Serving(t)
	state.OnDuty = min(state.OnDuty, agents)
	return forecast(c.place+before, state)
}

// asTicket is what the world is asked about a caller in a queue by.
func (c *call) asTicket(q flows.Enqueue) Ticket {
	return Ticket{
		Call: c.rec.record.ID, Queue: c.rec.record.Queue, Language: q.Language, Category: q.Category, OtherLanguage: q.OtherLanguage,
	}
}

func minutes(d time.Duration) string { return strconv.Itoa(int(d / time.Minute)) }
