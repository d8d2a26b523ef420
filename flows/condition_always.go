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
// same in all of them is a mistake. Worlds that can never be, such as an hour
// that is not of the time, are tried too: they only make it judge less. A
// condition that asks for too much is not judged, and neither is one that
// reckons, compares two things that both vary, or looks into free texts.
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
	if r.log.tried += worlds; r.log.tried > maxTriedAll || r.vague && len(asked) > 0 {
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
	case "time", "date":
		return r.moments(name)
	case "queue", "calls_today":
		return r.near(0, maxSpokenNumber)
	}
	switch v := r.log.vars[asked]; {
	case v == nil:
	case valueTypes()[v.kind].number:
		return r.near(0, maxSpokenNumber)
	case v.kind == "time" || v.kind == "date":
		return append(r.moments(v.kind), "", "24:00")
	}
	return r.between()
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

// moments lists the ends of the day, or of the dates that can be, and what lies
// at the condition's own.
func (r *conditionReader) moments(kind string) []any {
	form, step, all := "15:04", time.Minute, []string{"00:00", "23:59"}
	if kind == "date" {
		form, step, all = time.DateOnly, 24*time.Hour, []string{"1900-01-01", "2199-12-31"}
	}
	for _, text := range r.texts {
		at, err := time.Parse(form, text)
		if err != nil {
			continue
		}
		for _, d := range []time.Duration{-step, 0, step} {
			all = append(all, at.Add(d).Format(form))
		}
	}
	slices.Sort(all)
	return list(slices.Compact(all))
}

// between lists the ends of all texts, those of the condition, and for each of
// these the text that comes next in the order: none lies in between.
func (r *conditionReader) between() []any {
	all := []string{"", "0", "\U0010FFFF"}
	for _, text := range r.texts {
		all = append(all, text, text+"\x00")
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
