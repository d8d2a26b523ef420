package flows

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// maxTried bounds the worlds in which one condition is tried, and all of a flow.
const (
	maxTried    = 4000
	maxTriedAll = 30_000
)

// checkAlways tries a condition in every world that can make a difference to
// it: each thing it asks for is all that it can be, or as great as the numbers
// it is compared with, and one more or less. A condition that comes out the
// same in all of them is a mistake. One that asks for too much, or reckons, is
// not judged.
func (r *conditionReader) checkAlways(c *condition) {
	slices.Sort(r.asked)
	asked := slices.Compact(r.asked)
	choices := make([][]any, 0, len(asked))
	worlds := 1
	for _, one := range asked {
		can := r.canBe(one)
		choices = append(choices, can)
		if worlds *= len(can); worlds > maxTried {
			return
		}
	}
	if r.log.tried += worlds; r.log.tried > maxTriedAll || r.reckons && len(asked) > 0 {
		return
	}
	var first bool
	for i := range worlds {
		yes, err := c.holds(r.worldOf(asked, choices, i))
		yes = yes && err == nil
		if i == 0 {
			first = yes
		} else if yes != first {
			return
		}
	}
	never := map[bool]string{true: "always", false: "never"}[first]
	r.log.add(r.here(), CodeAlwaysSame, fmt.Sprintf("%s %s holds, whatever happens", r.what, never), "look at its numbers and texts, or leave the case out")
}

// worldOf is the i-th of the worlds that choices give.
func (r *conditionReader) worldOf(asked []string, choices [][]any, i int) world {
	is := make(map[string]any, len(asked))
	for k, one := range asked {
		is[one] = choices[k][i%len(choices[k])]
		i /= len(choices[k])
	}
	w := emptyWorld(r.log.vars)
	for name, value := range is {
		if !strings.Contains(name, " ") {
			w[name] = value
		}
	}
	w["open"] = func(name string) bool { yes, _ := is["open "+name].(bool); return yes }
	w["queue"] = func(name string) queueView {
		n := func(field string) int { n, _ := is["queue "+name+" "+field].(int); return n }
		return queueView{Waiting: n("waiting"), Free: n("free"), OnDuty: n("on_duty"), Wait: n("wait")}
	}
	return w
}

// canBe lists what a thing that is asked for can be.
func (r *conditionReader) canBe(asked string) []any {
	switch name, _, _ := strings.Cut(asked, " "); name {
	case "mode":
		return list(Modes())
	case "language":
		return list([]string{string(Kazakh), string(Russian)})
	case "category":
		return list(append([]string{""}, r.log.categories...))
	case "hour":
		return r.near(0, 23)
	case "minute":
		return r.near(0, 59)
	case "weekday":
		return r.near(1, 7)
	case "caller_known", "open":
		return []any{false, true}
	case "time":
		return r.times()
	case "date":
		return list(append([]string{"2000-01-01", "2199-12-31"}, r.texts...))
	case "queue", "calls_today":
		return r.near(0, maxSpokenNumber)
	}
	if v := r.log.vars[asked]; v != nil && valueTypes()[v.kind].number {
		return r.near(0, maxSpokenNumber)
	}
	return list(append([]string{"", "0", "я"}, r.texts...))
}

// near lists the ends of a range, and what lies at the condition's numbers.
func (r *conditionReader) near(least, most int) []any {
	all := []int{least, most}
	for _, n := range r.numbers {
		for _, m := range []int{n - 1, n, n + 1} {
			if m > least && m < most {
				all = append(all, m)
			}
		}
	}
	slices.Sort(all)
	return list(slices.Compact(all))
}

// times lists the ends of the day, and what lies at the condition's times.
func (r *conditionReader) times() []any {
	all := []string{"00:00", "23:59"}
	for _, text := range r.texts {
		at, err := time.Parse("15:04", text)
		if err != nil {
			continue
		}
		for _, d := range []time.Duration{-time.Minute, 0, time.Minute} {
			all = append(all, at.Add(d).Format("15:04"))
		}
	}
	slices.Sort(all)
	return list(slices.Compact(all))
}

func list[T any](values []T) []any {
	all := make([]any, 0, len(values))
	for _, v := range values {
		all = append(all, v)
	}
	return all
}
