package flows

import (
	"fmt"
	"time"
)

// switchNode leads on by conditions, without a word: the first case that holds,
// or else. What conditions can ask for is told beside condition.
//
//	who:
//	  kind: switch
//	  cases:
//	    - when: mode == "emergency" and queue("main").waiting > 20
//	      to: topics
//	    - when: not open("office") or time >= "18:00"
//	      to: goodbye
//	  else: operator
type switchNode struct {
	base
	cases []switchCase
	or    ref
}

type switchCase struct {
	when *condition
	to   ref
}

// maxSwitch bounds the cases of one switch.
const maxSwitch = 20

func readSwitch(f fields, b base) node {
	n := &switchNode{base: b}
	if e, ok := f.need("cases", CodeMissingKey, "add cases: - when: …, and where it leads"); ok {
		n.readCases(e)
	}
	n.or = f.needTarget("else", CodeDeadEnd, "say where to go when no case holds")
	n.or.passive, n.or.instant = true, true
	return n
}

func (n *switchNode) readCases(e entry) {
	items := e.items()
	if len(items) > maxSwitch {
		e.log.add(e.at, CodeTooBig, fmt.Sprintf("%s has %d cases, more than %d", n.what(), len(items), maxSwitch), "put some of them into a switch of their own")
		return
	}
	first := map[string]int{}
	for i, one := range items {
		one.what = fmt.Sprintf("case %d of %s", i+1, n.what())
		f := one.fields("when", "to")
		c := switchCase{}
		if when, ok := f.need("when", CodeMissingKey, "say when it holds, such as when: mode == \"emergency\""); ok {
			when.what = fmt.Sprintf("the condition of %s", one.what)
			c.when = when.condition()
		}
		c.to = f.needTarget("to", CodeDeadEnd, "say which node it leads to")
		c.to.passive, c.to.instant = true, true
		if c.when != nil {
			if line, twice := first[c.when.text]; twice {
				one.log.add(one.at, CodeAlwaysSame, fmt.Sprintf("%s asks the same as case %d, and is never reached", one.what, line), "remove it, or ask for something else")
			} else {
				first[c.when.text] = i + 1
			}
		}
		n.cases = append(n.cases, c)
	}
	if len(items) == 0 && len(e.value.Content) == 0 {
		e.log.add(e.at, CodeMissingKey, n.what()+" has no cases", "add some, or go to the node of else at once")
	}
}

func (n *switchNode) refs() []ref {
	all := make([]ref, 0, len(n.cases)+1)
	for _, c := range n.cases {
		all = append(all, c.to)
	}
	return append(all, n.or)
}

func (n *switchNode) phrases() []Phrase { return nil }

func (n *switchNode) ways(*Flow) []Way {
	all := make([]Way, 0, len(n.cases)+1)
	for _, c := range n.cases {
		if c.when != nil {
			all = append(all, Way{On: c.when.text, To: c.to.name})
		}
	}
	return append(all, Way{On: OnElse, To: n.or.name})
}

func (n *switchNode) prompt(t *turn) { t.switchTo(n.choose(t)) }

// choose gives the node of the first case that holds, and the condition.
func (n *switchNode) choose(t *turn) (to, why string) {
	w := t.world()
	for _, c := range n.cases {
		yes, err := c.when.holds(w)
		if err != nil {
			t.event(Event{Kind: EventFault, Reason: "condition " + c.when.text})
			continue
		}
		if yes {
			return c.to.name, c.when.text
		}
	}
	return n.or.name, OnElse
}

func (t *turn) switchTo(name, why string) {
	t.event(Event{Kind: EventSwitched, To: name, Reason: why})
	t.enter(name)
}

// take has nothing to answer: no call ever stands here.
func (n *switchNode) take(*turn, Input) bool { return false }

// world is what conditions may ask for at this step.
func (t *turn) world() world {
	w := world{
		"mode": t.env.Mode, "language": string(t.state.Language), "category": t.state.Category,
		"time": "", "date": "", "hour": 0, "minute": 0, "weekday": 0,
		"calls_today": t.env.CallsToday, "caller_known": t.env.CallerKnown,
		"open":  func(name string) bool { return t.flow.calendars[name].open(t.env.Now) },
		"queue": t.queueView,
	}
	if !t.env.Now.IsZero() {
		at := t.env.Now.In(cityTime())
		w["time"], w["date"] = at.Format("15:04"), at.Format(time.DateOnly)
		w["hour"], w["minute"], w["weekday"] = at.Hour(), at.Minute(), weekday(at)
	}
	for name, v := range t.flow.vars {
		value, _ := t.value(name)
		w[name] = v.in(value)
	}
	return w
}

func (t *turn) queueView(name string) queueView {
	if t.env.Queue == nil {
		return queueView{}
	}
	q := t.env.Queue(name)
	minutes := int((q.Wait + time.Minute - 1) / time.Minute)
	return queueView{Waiting: q.Waiting, Free: q.Free, OnDuty: q.OnDuty, Wait: minutes}
}
