package queue

import (
	"maps"
	"slices"
	"time"

	"ikomek109/flows"
	"ikomek109/ivr"
)

// seat is a ticket in memory, and what the store does not keep of it.
type seat struct {
	Ticket
	inbox *ivr.Inbox // nil: the call has not come (back) to the queue yet
	told  int        // the lowest place told to the caller; 0: none yet

	refused map[ivr.AgentID]time.Time // who has refused the caller, and until when that holds
	passed  Lack                      // the reason told last why one behind was offered first

	out      bool // turned out or leaving: has no place any more
	reserved bool // a claim is under way
	doubtful bool // the store said something unexpected: wait for the reload
	owed     bool // the store has yet to hear of a change: see debts

	in  *line // the line it is filed in; nil when none
	rev int64 // the floor's rev when it last changed
}

// member is an agent in memory.
type member struct {
	Agent
	reserved bool
	doubtful bool
	rests    time.Time // not offered anything before
	rev      int64
}

// usable tells whether the agent can be offered a caller now.
func (f *floor) usable(m *member, now time.Time) bool {
	return m.Free() && !m.reserved && !m.doubtful && !now.Before(m.rests) && f.engaged[m.ID] == 0
}

// need is what the callers of one row ask of an agent beside the queue.
type need struct {
	language flows.Language
	topic    string
	other    bool // another language will do after a while
}

func (t *Ticket) need() need { return need{t.Language, t.Topic(), t.OtherLanguage} }

// row is the callers of one queue and one need.
type row struct {
	next  line // who can be offered
	held  line // who has a place but can't be offered now: being offered, or not back yet, or of another node
	aside line // who is back in the menu, and may come back to the place at any time
}

// ahead is how many of the row come before a ticket.
func (w *row) ahead(t *Ticket) int { return w.next.ahead(t) + w.held.ahead(t) + w.aside.ahead(t) }

// patience is 1 for a seat that waits for a callback, else 0.
func (s *seat) patience() int {
	if s.Patient {
		return 1
	}
	return 0
}

// room is one queue in memory.
type room struct {
	rows  map[need]*row
	count map[Status]int
	// patient is how many have a place who wait for a callback: they hold no line, and
	// fill no queue.
	patient int
	moved   bool      // places may have changed since they were told
	toldAt  time.Time // when places were last told
}

// floor is the desk's copy of the store. It has no lock of its own: the desk's
// guards it. Whoever changes a seat goes through change, a member through touch.
type floor struct {
	seats   map[ivr.CallID]*seat
	members map[ivr.AgentID]*member
	rooms   map[string]*room
	engaged map[ivr.AgentID]int  // calls that agents make themselves
	refused map[ivr.CallID]*seat // whom somebody has refused
	rev     int64                // grows with each change
	gone    map[ivr.CallID]bool  // seats removed while a reload reads the store; nil otherwise
}

func newFloor() *floor {
	return &floor{
		seats:   map[ivr.CallID]*seat{},
		members: map[ivr.AgentID]*member{},
		rooms:   map[string]*room{},
		engaged: map[ivr.AgentID]int{},
		refused: map[ivr.CallID]*seat{},
	}
}

func (f *floor) room(queue string) *room {
	r := f.rooms[queue]
	if r == nil {
		r = &room{rows: map[need]*row{}, count: map[Status]int{}}
		f.rooms[queue] = r
	}
	return r
}

func (r *room) row(n need) *row {
	w := r.rows[n]
	if w == nil {
		w = &row{}
		r.rows[n] = w
	}
	return w
}

// put puts a ticket into the memory in place of what was there for its call.
func (f *floor) put(t Ticket) *seat {
	s := f.seats[t.Call]
	if s == nil {
		s = &seat{}
		f.seats[t.Call] = s
	} else {
		f.unfile(s)
	}
	s.Ticket = t
	s.out, s.reserved, s.doubtful, s.owed = false, false, false, false
	f.file(s)
	return s
}

// change changes a seat and files it anew.
func (f *floor) change(s *seat, how func()) {
	f.unfile(s)
	how()
	f.file(s)
}

// remove takes a seat out of the memory.
func (f *floor) remove(s *seat) {
	f.unfile(s)
	delete(f.seats, s.Call)
	delete(f.refused, s.Call)
	if f.gone != nil {
		f.gone[s.Call] = true
	}
}

func (f *floor) unfile(s *seat) {
	r := f.room(s.Queue)
	r.count[s.Status]--
	if s.in != nil {
		s.in.remove(&s.Ticket)
		r.patient -= s.patience()
		s.in = nil
		r.moved = true
	}
}

// file puts a seat where its state says it belongs.
func (f *floor) file(s *seat) {
	f.rev++
	s.rev = f.rev
	r := f.room(s.Queue)
	r.count[s.Status]++
	w := r.row(s.need())
	switch {
	case s.out || (s.Status != Waiting && s.Status != Offered && s.Status != Aside):
		return
	case s.Status == Aside:
		s.in = &w.aside
	case s.Status == Waiting && s.inbox != nil && !s.reserved && !s.doubtful && !s.owed:
		s.in = &w.next
	default:
		s.in = &w.held
	}
	s.in.add(&s.Ticket)
	r.patient += s.patience()
	r.moved = true
}

// place is how many of the queue come before the seat, and one. Callers being
// offered still count, so that a missed offer makes nobody's place worse, and so
// do those aside, who have their place back when they return.
func (f *floor) place(s *seat) int {
	place := 1
	for _, w := range f.room(s.Queue).rows {
		place += w.ahead(&s.Ticket)
	}
	return place
}

// tell notes the place as told and gives it. What was told never grows: who
// steps in front of others, with a ticket from another queue, does not make a
// liar of what they heard.
func (f *floor) tell(s *seat) int {
	if place := f.place(s); s.told == 0 || place < s.told {
		s.told = place
	}
	return s.told
}

// bind makes an agent ring for or talk with a call.
func (f *floor) bind(id ivr.AgentID, w World, call ivr.CallID) {
	if m := f.members[id]; m != nil {
		m.World, m.Call = w, call
		if w == Talking {
			m.LastCall = call
		}
		f.touch(m)
	}
}

// free unbinds an agent from a call, unless something else binds them by now.
func (f *floor) free(id ivr.AgentID, call ivr.CallID, at time.Time) *member {
	m := f.members[id]
	if m == nil || m.Call != call {
		return nil
	}
	m.World, m.Call, m.IdleSince = Idle, "", at
	f.touch(m)
	return m
}

// freeAll unbinds all agents of a seat; who was only rung is as idle as before.
func (f *floor) freeAll(s *seat, at time.Time) {
	for _, id := range s.Agents {
		if s.Status == Offered {
			f.spare(id, s.Call)
			continue
		}
		f.free(id, s.Call, at)
	}
}

// spare unbinds an agent who was rung for nothing, and is as idle as before.
func (f *floor) spare(id ivr.AgentID, call ivr.CallID) {
	if m := f.members[id]; m != nil && m.Call == call {
		f.free(id, call, m.IdleSince)
	}
}

// touch ends what was reserved of a member and notes that it changed.
func (f *floor) touch(m *member) {
	f.rev++
	m.rev, m.reserved = f.rev, false
}

// state is what Decide has to look at.
func (f *floor) state(now time.Time, rules Rulebook) State {
	s := State{Now: now, Rules: rules}
	refused := f.refusedIn(now)
	for name, r := range f.rooms {
		for n, w := range r.rows {
			if len(w.next) > 0 {
				whole := Line{Queue: name, Language: n.language, Topic: n.topic, OtherLanguage: n.other, Tickets: w.next}
				s.Lines = append(s.Lines, apart(whole, refused[&w.next], now)...)
			}
		}
	}
	if len(s.Lines) == 0 {
		return s
	}
	for _, m := range f.members {
		if f.usable(m, now) {
			s.Agents = append(s.Agents, &m.Agent)
		}
	}
	return s
}

// agents gives a copy of all agents, by id.
func (f *floor) agents() []Agent {
	all := make([]Agent, 0, len(f.members))
	for _, id := range slices.Sorted(maps.Keys(f.members)) {
		a := f.members[id].Agent
		a.Languages, a.Queues, a.Topics = slices.Clone(a.Languages), slices.Clone(a.Queues), slices.Clone(a.Topics)
		all = append(all, a)
	}
	return all
}
