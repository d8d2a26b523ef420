package ivr

import (
	"maps"
	"sync/atomic"
	"time"
)

// Choice is an option that a caller chose in a menu.
type Choice struct {
	At           time.Time
	Menu, Option string
}

// tallySlot is how finely a Tally forgets.
const tallySlot = 5 * time.Minute

// Tally counts choices over the last hours. One goroutine adds to it; the
// counts may be read by many.
type Tally struct {
	over  time.Duration
	slots map[time.Time]counts // by their beginning
	now   atomic.Pointer[counts]
}

// counts are choices by menu and option.
type counts map[string]map[string]int

func (c counts) add(menu, option string, n int) {
	if c[menu] == nil {
		c[menu] = map[string]int{}
	}
	c[menu][option] += n
}

// NewTally makes a tally over a length of time.
func NewTally(over time.Duration) *Tally {
	t := &Tally{over: over, slots: map[time.Time]counts{}}
	t.now.Store(&counts{})
	return t
}

// Add counts choices, and forgets those that are too old at the given moment.
func (t *Tally) Add(now time.Time, choices ...Choice) {
	oldest := now.Add(-t.over)
	for _, c := range choices {
		slot := c.At.Truncate(tallySlot)
		if t.slots[slot] == nil {
			t.slots[slot] = counts{}
		}
		t.slots[slot].add(c.Menu, c.Option, 1)
	}
	maps.DeleteFunc(t.slots, func(slot time.Time, _ counts) bool { return !slot.Add(tallySlot).After(oldest) })
	sum := counts{}
	for _, slot := range t.slots {
		for menu, options := range slot {
			for option, n := range options {
				sum.add(menu, option, n)
			}
		}
	}
	t.now.Store(&sum)
}

// Of gives how often the options of a menu were chosen. The map is not changed
// any more.
func (t *Tally) Of(menu string) map[string]int { return (*t.now.Load())[menu] }
