package ivr

import (
	"cmp"
	"maps"
	"slices"
	"sync/atomic"
	"time"
)

// Choice is an option that a caller chose in a menu.
type Choice struct {
	At           time.Time
	Menu, Option string
}

// tallySlot is how finely a Tally forgets, and how often it changes its mind.
const tallySlot = 5 * time.Minute

// What is clearly more: so many choices, and so many in a hundred.
const (
	clearlyMore    = 10
	clearlyPercent = 20
)

// Tally counts choices over the last hours. What it tells is settled: a menu
// must not change its order with each caller, nor back and forth between two
// options that are asked for alike. One goroutine adds to it and settles; what
// it tells may be read by many.
type Tally struct {
	over    time.Duration
	slots   map[time.Time]counts // by their beginning
	settled time.Time            // the slot in which Settle did something last
	orders  map[string][]string  // of the options of each menu, asked for most first
	now     atomic.Pointer[counts]
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
	t := &Tally{over: over, slots: map[time.Time]counts{}, orders: map[string][]string{}}
	t.now.Store(&counts{})
	return t
}

// Add counts choices. They are told after the next Settle.
func (t *Tally) Add(choices ...Choice) {
	for _, c := range choices {
		slot := c.At.Truncate(tallySlot)
		if t.slots[slot] == nil {
			t.slots[slot] = counts{}
		}
		t.slots[slot].add(c.Menu, c.Option, 1)
	}
}

// Settle brings what is told up to date, once in some minutes: it forgets what
// is too old, and lets an option go before another when it is clearly ahead.
func (t *Tally) Settle(now time.Time) {
	slot := now.Truncate(tallySlot)
	if slot.Equal(t.settled) {
		return
	}
	t.settled = slot
	oldest := now.Add(-t.over)
	maps.DeleteFunc(t.slots, func(slot time.Time, _ counts) bool { return !slot.Add(tallySlot).After(oldest) })
	orders, ranks := map[string][]string{}, counts{}
	for menu, chosen := range t.sum() {
		orders[menu] = settle(t.orders[menu], chosen)
		for i, option := range orders[menu] {
			ranks.add(menu, option, len(orders[menu])-i)
		}
	}
	t.orders = orders
	t.now.Store(&ranks)
}

func (t *Tally) sum() counts {
	sum := counts{}
	for _, slot := range t.slots {
		for menu, options := range slot {
			for option, n := range options {
				sum.add(menu, option, n)
			}
		}
	}
	return sum
}

// settle brings the order of a menu up to date. An option that few ask for has
// no place in it until they are more, and keeps the one that it has while
// anybody asks.
func settle(before []string, chosen map[string]int) []string {
	order := slices.DeleteFunc(slices.Clone(before), func(option string) bool { return chosen[option] == 0 })
	var fresh []string
	for option, n := range chosen {
		if n >= clearlyMore && !slices.Contains(order, option) {
			fresh = append(fresh, option)
		}
	}
	slices.SortFunc(fresh, func(a, b string) int { return cmp.Or(cmp.Compare(chosen[b], chosen[a]), cmp.Compare(a, b)) })
	order = append(order, fresh...)
	for end := len(order) - 1; end > 0; end-- {
		for i := range end {
			if clearly(chosen[order[i+1]], chosen[order[i]]) {
				order[i], order[i+1] = order[i+1], order[i]
			}
		}
	}
	return order
}

func clearly(more, less int) bool {
	return more >= less+clearlyMore && 100*more >= (100+clearlyPercent)*less
}

// Of ranks the options of a menu that are asked for: the higher, the more. The
// map is not changed any more.
func (t *Tally) Of(menu string) map[string]int { return (*t.now.Load())[menu] }
