package queue

import (
	"context"
	"regexp"
	"time"

	"ikomek109/ivr"
)

// cutOff tells whether a call ended for a reason after which its caller may well
// dial again, still wanting what they waited for. Who was served, handed over,
// promised a call or said goodbye has left for another.
func cutOff(why string) bool {
	switch ivr.Reason(why) {
	case ivr.CallerHungUp, ivr.SwitchLost, ivr.SwitchFailed, ivr.ProgramFault, ivr.GoneMeantime:
		return true
	case ivr.AgentHungUp, ivr.Goodbye, ivr.NoAnswer, ivr.PutOff:
	}
	return false
}

// telling is a number that tells one caller from others: "anonymous" is a word
// that many phones send.
var telling = regexp.MustCompile(`^\+?[0-9]{3,15}$`)

func tells(n ivr.Number) bool { return telling.MatchString(n.Reveal()) }

// forget drops the places that nobody can get back any more.
func (d *Desk) forget(ctx context.Context, now time.Time) {
	d.mu.Lock()
	kept := d.rules.Default.PlaceKept
	for _, r := range d.rules.Queues {
		kept = max(kept, r.PlaceKept)
	}
	d.mu.Unlock()
	d.heard(ctx, d.opt.Tickets.Forget(ctx, now.Add(-kept)))
}
