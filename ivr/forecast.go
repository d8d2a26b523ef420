package ivr

import (
	"time"

	"ikomek109/flows"
)

// maxToldWait is the longest wait told in minutes; a longer one is told as such.
const maxToldWait = time.Hour

// span is a wait as it is told to a caller, in whole minutes.
type span struct{ From, To time.Duration }

// forecast is the wait of who stands at a place: the place times the average
// handle time, shared by the agents on duty, and a quarter more or less, since
// nobody knows better. False while it cannot be told: with nobody on duty for them, or
// too few calls handled.
func forecast(place int, q flows.QueueState) (span, bool) {
	if place < 1 || q.OnDuty < 1 || q.Handling <= 0 {
		return span{}, false
	}
	wait := time.Duration(place) * q.Handling / time.Duration(q.OnDuty)
	from := max(time.Minute, (wait - wait/4).Truncate(time.Minute))
	to := (wait + wait/4 + time.Minute - 1).Truncate(time.Minute)
	return span{From: from, To: max(from, to)}, true
}

// promise is what a caller was told of a queue. The longest wait, and when: what is
// told later is never longer, at neither end, and once the time has passed nothing
// more is told. And the lowest place: who steps in front with an earlier place, or a program that
// is started again, does not make a liar of what they heard.
type promise struct {
	From  time.Duration `json:"from,omitempty"`
	To    time.Duration `json:"to,omitempty"`
	At    time.Time     `json:"at,omitzero"`
	Place int           `json:"place,omitempty"`
}

// keep gives a place as it may be told after what was told before.
func (p *promise) keep(place int) int {
	if p.Place == 0 || place < p.Place {
		p.Place = place
	}
	return p.Place
}

// hold gives a forecast as it may be told after what was told before.
func (p *promise) hold(s span, now time.Time) (span, bool) {
	if p.To > 0 && now.Sub(p.At) >= p.To {
		return span{}, false
	}
	if p.To == 0 || s.To < p.To {
		p.To, p.At = s.To, now
	}
	if p.From == 0 || s.From < p.From {
		p.From = s.From
	}
	return span{From: p.From, To: p.To}, true
}
