package flows

import (
	"fmt"
	"slices"
	"time"
)

// answerNode reads an answer, then offers to hear it again, to go back, the
// operator and the goodbye. Out of its term it is not read: the caller is
// told so and goes where "expired" leads.
//
//	water:
//	  kind: answer
//	  owner: Су арнасы        # who keeps it up to date
//	  valid: {from: 2026-01-01, until: 2026-12-31T18:00}   # a day counts whole
//	  category: utilities/water
//	  expired: operator       # the default
//	  text: {kk: Бүгін су бар., ru: Сегодня вода есть.}
type answerNode struct {
	base
	text        Text
	owner       string
	from, until time.Time // until is the first moment out of term
	category    ref
	expired     ref
}

// partAfter is the part of an answer that offers what to do next.
const partAfter = "after"

// Keys of an answer, once it was read.
const (
	keyAgain = '1'
	keyUp    = '2'
	keyLeave = '3'
)

func readAnswer(f fields, b base) node {
	n := &answerNode{base: b}
	n.text = f.needText()
	if e, ok := f.need("owner", CodeNoOwner, "name the department or person who keeps it up to date"); ok {
		if s, good := e.str(); good && s == "" {
			f.log.add(e.here(), CodeNoOwner, e.what+" is empty", "name the department or person who keeps it up to date")
		} else {
			n.owner = s
		}
	}
	if e, ok := f.need("valid", CodeBadTerm, "say how long the answer is true: valid: {from: 2026-01-01, until: 2026-12-31}"); ok {
		n.readTerm(e)
	}
	n.category = f.category()
	n.expired = f.target("expired")
	n.expired.passive, n.expired.instant = true, true
	return n
}

func (n *answerNode) readTerm(e entry) {
	f := e.fields("from", "until")
	ok := true
	for _, key := range []string{"from", "until"} {
		one, given := f.need(key, CodeBadTerm, "write both from and until")
		if !given {
			ok = false
			continue
		}
		s, good := one.str()
		at, day, err := parseMoment(s)
		if !good || err != nil {
			e.log.add(one.here(), CodeBadTerm, fmt.Sprintf("%s is %q, which is no date", one.what, clip(s)), "write 2026-12-31, or 2026-12-31T18:00")
			ok = false
			continue
		}
		if key == "from" {
			n.from = at
			continue
		}
		if n.until = at; day {
			n.until = at.AddDate(0, 0, 1)
		}
	}
	if ok && !n.from.Before(n.until) {
		e.log.add(e.here(), CodeBadTerm, e.what+" ends before it begins", "put the earlier date in from")
	}
}

// parseMoment reads a day or a minute of city time; day tells which.
func parseMoment(s string) (at time.Time, day bool, err error) {
	if at, err = time.ParseInLocation(time.DateOnly, s, cityTime()); err == nil {
		return at, true, nil
	}
	at, err = time.ParseInLocation("2006-01-02T15:04", s, cityTime())
	return at, false, err
}

// inTerm reports whether the answer may be read.
func (n *answerNode) inTerm(now time.Time) bool {
	return !now.Before(n.from) && now.Before(n.until)
}

func (n *answerNode) refs() []ref {
	var all []ref
	if n.expired.name != "" {
		all = append(all, n.expired)
	}
	if n.category.name != "" {
		all = append(all, n.category)
	}
	return all
}

func (n *answerNode) phrases() []Phrase { return []Phrase{n.phrase("text", n.text)} }

func (n *answerNode) prompt(t *turn) {
	if t.state.Part == partAfter {
		n.promptAfter(t)
		return
	}
	t.category(n.category.name)
	if !n.inTerm(t.env.Now) {
		to := n.expired.name
		if to == "" {
			to = t.flow.operator
		}
		t.event(Event{Kind: EventExpired, To: to})
		t.say(true, t.system("answer/expired")...)
		t.enter(to)
		return
	}
	t.say(true, t.text(n.phrase("text", n.text))...)
	t.wait()
}

func (n *answerNode) promptAfter(t *turn) {
	t.offer(t.flow.phrases["answer/again"], keyAgain)
	t.offer(t.flow.phrases["answer/back"], keyUp)
	t.offer(t.flow.phrases["menu/operator"], keyOperator)
	t.offer(t.flow.phrases["answer/goodbye"], keyLeave)
	t.listen(ListenTimeout)
}

func (n *answerNode) take(t *turn, in Input) bool {
	switch in := in.(type) {
	case Played:
		t.event(Event{Kind: EventHeard, Cut: in.Cut, Heard: in.Heard, Total: in.Total})
		if !in.Cut && len(t.state.Heard) < maxHeard && !slices.Contains(t.state.Heard, n.name) {
			t.state.Heard = append(t.state.Heard, n.name)
		}
		t.state.Part = partAfter
		n.promptAfter(t)
		return true
	case Key:
		return n.takeKey(t, in)
	}
	return false
}

func (n *answerNode) takeKey(t *turn, key Key) bool {
	switch key.Digit {
	case keyAgain:
		t.repeat(key)
	case keyUp:
		t.back(key)
	case keyLeave:
		t.event(Event{Kind: EventChosen, Key: string(key.Digit), To: t.flow.goodbye})
		t.goTo(t.flow.goodbye)
	default:
		return false
	}
	return true
}

func (n *answerNode) ways(f *Flow) []Way {
	way := Way{On: OnExpired, To: n.expired.name}
	if way.To == "" {
		way.To, way.Implied = f.operator, true
	}
	return []Way{way, {On: string(keyLeave), To: f.goodbye, Implied: true}}
}
