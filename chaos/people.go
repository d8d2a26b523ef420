package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"ikomek109/ivr"
	"ikomek109/phone"
)

// citizenCall is a call that was placed, from a number of its own.
type citizenCall struct {
	number   string
	answered bool // guarded by session.mu
}

const (
	answerWithin = 20 * time.Second // a call that is not answered by then is given up
	hangUpWithin = 5 * time.Second
)

// citizen calls again and again, and does each time what the dice say.
func (s *session) citizen(ctx context.Context, dice *rand.Rand) {
	for sleep(ctx, between(dice, 100*time.Millisecond, time.Second)) == nil {
		s.call(ctx, dice)
	}
}

// call is one call.
func (s *session) call(ctx context.Context, dice *rand.Rand) {
	keys, stays := habit(dice)
	c := s.place()
	dial, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	call, err := s.crowd.Dial(dial, s.rig.LineAddress(), phone.DialOptions{Quiet: true, From: &phone.Party{User: c.number}})
	if err != nil {
		return // refused or given up: it may have a record, and not two
	}
	s.mu.Lock()
	c.answered = true
	s.mu.Unlock()
	defer hangUp(ctx, call)
	for _, key := range keys {
		if stay(ctx, call, between(dice, 200*time.Millisecond, 2*time.Second)) != nil {
			return
		}
		if _, err := call.SendKey(ctx, byte(key), phone.RFC4733); err != nil { //nolint:gosec // a key
			return
		}
	}
	_ = stay(ctx, call, stays)
}

// habit is what somebody does in a call: through the menu to an answer, into the
// queue, from there to a callback, away at any moment, or keys at random.
func habit(dice *rand.Rand) (keys string, stays time.Duration) {
	switch dice.IntN(11) {
	case 0, 1, 2:
		return "11", between(dice, time.Second, 4*time.Second)
	case 3, 4, 5, 6:
		return "10", between(dice, 2*time.Second, 25*time.Second)
	case 7: // to be called back, on this number
		return "1011", between(dice, time.Second, 4*time.Second)
	case 8:
		for range dice.IntN(8) {
			keys += string("0123456789*#"[dice.IntN(12)])
		}
		return keys, between(dice, time.Second, 10*time.Second)
	}
	return "", between(dice, 0, 3*time.Second)
}

// place gives a new call its number.
func (s *session) place() *citizenCall {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &citizenCall{number: fmt.Sprintf("+7701%07d", len(s.calls)+1)}
	s.calls = append(s.calls, c)
	return c
}

// stay lets time pass in a call; an error says that it has ended.
func stay(ctx context.Context, call *phone.Call, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-call.Done():
		return phone.ErrEnded
	case <-ctx.Done():
		return ctx.Err()
	}
}

func hangUp(ctx context.Context, call *phone.Call) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), hangUpWithin)
	defer cancel()
	_ = call.Hangup(ctx) // an Asterisk that is held does not answer
}

// atHome picks up when the line calls somebody back, whoever it is.
func (s *session) atHome(ctx context.Context, dice *rand.Rand) {
	for {
		select {
		case call := <-s.home.Incoming():
			_ = stay(ctx, call, between(dice, 0, 6*time.Second))
			hangUp(ctx, call)
		case <-ctx.Done():
			return
		}
	}
}

// agent is one who takes calls.
type agent struct {
	id     ivr.AgentID
	number string // by which colleagues key them
	phone  *phone.Phone
}

// firstNumber is the lowest that an agent can have.
const firstNumber = 201

func (s *session) newAgent(ctx context.Context, i int) (*agent, error) {
	id := fmt.Sprintf("agent%c", 'a'+i)
	number := strconv.Itoa(firstNumber + i)
	out, err := s.rig.Do(ctx, "agent", "add", id, "--name", id, "--number", number)
	if err != nil {
		return nil, err
	}
	fields := strings.Fields(out) // user NAME password PASSWORD
	if len(fields) < 4 {
		return nil, fmt.Errorf("`agent add` printed %q", out)
	}
	p, err := phone.New(phone.Options{ //nolint:contextcheck // ended by its Close
		User: fields[1], Password: fields[3], Registrar: s.rig.SIPAddr(),
		Incoming: phone.AnswerAfter(500*time.Millisecond, phone.DialOptions{Quiet: true}),
	})
	if err != nil {
		return nil, err
	}
	a := &agent{id: ivr.AgentID(id), number: number, phone: p}
	for range 50 { // the line takes a new agent up within a second
		if err = p.Register(ctx); err == nil || sleep(ctx, 100*time.Millisecond) != nil {
			break
		}
	}
	return a, err
}

// forget lets calls go that nobody looked at any more.
func (a *agent) forget(ctx context.Context) {
	for {
		select {
		case call := <-a.phone.Incoming():
			hangUp(ctx, call)
		default:
			return
		}
	}
}

// work takes calls, hangs up after a while, and says now and then to be ready.
func (s *session) work(ctx context.Context, a *agent, dice *rand.Rand) {
	s.ready(ctx, a)
	for {
		ready := time.NewTimer(between(dice, 4*time.Second, 9*time.Second))
		select {
		case call := <-a.phone.Incoming():
			s.serve(ctx, a, call, dice)
		case <-ready.C:
			s.ready(ctx, a)
		case <-ctx.Done():
			ready.Stop()
			return
		}
		ready.Stop()
	}
}

// serve talks to a caller; one call in eight is not taken. One in three is put on hold,
// or handed on: after asking a colleague or at once, to a colleague or to the queue.
func (s *session) serve(ctx context.Context, a *agent, call *phone.Call, dice *rand.Rand) {
	refuses, talks := dice.IntN(8) == 0, between(dice, time.Second, 6*time.Second)
	deed := s.deed(a, dice)
	defer hangUp(ctx, call)
	if refuses || stay(ctx, call, talks) != nil {
		return
	}
	for _, keys := range deed {
		for _, key := range []byte(keys) {
			if _, err := call.SendKey(ctx, key, phone.RFC4733); err != nil {
				return
			}
		}
		if stay(ctx, call, between(dice, time.Second, 4*time.Second)) != nil {
			return
		}
	}
}

// deed is what an agent keys in a conversation, with a pause after each.
func (s *session) deed(a *agent, dice *rand.Rand) []string {
	to := s.agents[dice.IntN(len(s.agents))].number
	if to == a.number || dice.IntN(3) == 0 {
		to = "1" // the queue
	}
	switch dice.IntN(9) {
	case 0:
		return []string{"*0", "*0"}
	case 1: // and, when somebody is there, hangs up
		return []string{"*2", to + "#"}
	case 2: // or joins them by the key
		return []string{"*2", to + "#", "*2"}
	case 3:
		return []string{"*3", to + "#"}
	case 4: // thinks better of it
		return []string{"*2", to + "#", "*0"}
	}
	return nil
}

// ready dials the code for it, and listens to the answer.
func (s *session) ready(ctx context.Context, a *agent) {
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	call, err := a.phone.Dial(ctx, "sip:*11@"+s.rig.SIPAddr(), phone.DialOptions{Quiet: true})
	if err != nil {
		return
	}
	defer hangUp(ctx, call)
	_ = stay(ctx, call, 3*time.Second)
}
