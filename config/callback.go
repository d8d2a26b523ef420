package config

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// Pauses gives Intervals as durations. Load has checked them.
func (c Callback) Pauses() []time.Duration {
	pauses := make([]time.Duration, len(c.Intervals))
	for i, text := range c.Intervals {
		pauses[i], _ = time.ParseDuration(text) // see checkIntervals
	}
	return pauses
}

// Open tells whether a moment, in the city's time, lies between From and To.
func (c Callback) Open(at time.Time) bool {
	now := at.Format("15:04")
	return c.From <= now && now < c.To
}

var (
	// hourForm has two digits for the hour, so that times compare as texts.
	hourForm    = regexp.MustCompile(`^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$`)
	placeholder = regexp.MustCompile(`\{(number|digits)\}`)
)

func (l *loading) checkCallback() {
	c := l.settings.Callback
	if c.Dial != "" && !dialsCitizens(c.Dial) {
		l.problem("callback.dial", quote(c.Dial)+" calls nobody",
			"write PJSIP/{number}@trunk for a trunk of your own Asterisk, or an address like sip:{number}@192.0.2.7")
	}
	l.oneOf("callback.first", c.First, "agent", "citizen")
	l.within("callback.ring_timeout", c.RingTimeout, 5*time.Second, 2*time.Minute, false)
	l.between("callback.tries", c.Tries, 1, 10)
	l.within("callback.keep", c.Keep, time.Hour, 3660*24*time.Hour, false)
	l.word("callback.calendar", c.Calendar, true)
	l.checkIntervals(c.Intervals)
	good := l.hour("callback.from", c.From)
	if l.hour("callback.to", c.To) && good && c.To <= c.From {
		l.problem("callback.to", "comes before callback.from", "nobody would ever be called back")
	}
}

func (l *loading) hour(key, hour string) (good bool) {
	if good = hourForm.MatchString(hour); !good {
		l.problem(key, quote(hour)+" is no time of day", "write it like 08:00")
	}
	return good
}

// dialsCitizens tells whether a number can be put where the placeholder is.
func dialsCitizens(dial string) bool {
	const one = "+77001234567"
	address := strings.NewReplacer("{number}", one, "{digits}", one[1:]).Replace(dial)
	return len(placeholder.FindAllString(dial, -1)) == 1 && (sipForm.MatchString(address) || trunkForm.MatchString(address))
}

func (l *loading) checkIntervals(all []string) {
	const key = "callback.intervals"
	if len(all) == 0 || len(all) > 10 {
		l.problem(key, "must hold 1 to 10 times", `write ["5m", "20m", "60m"]`)
	}
	before := time.Duration(0)
	for _, text := range all {
		d, err := time.ParseDuration(text)
		switch {
		case err != nil || d < time.Second || d > 24*time.Hour:
			l.problem(key, quote(text)+" is no time between two tries", "write 1s to 24h, such as 5m")
		case d < before:
			l.problem(key, fmt.Sprintf("%q is shorter than the one before", text), "let them rise")
		}
		before = d
	}
}
