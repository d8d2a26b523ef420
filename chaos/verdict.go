package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"

	"ikomek109/chaos/books"
	"ikomek109/ivr"
	"ikomek109/phone"
	"ikomek109/queue"
	"ikomek109/sqlite"
)

// balanceWithin bounds how long after the last call everything may still take: a
// bridge whose end was not carried out goes at the second slow beat (30 s) at which it
// stands empty.
const balanceWithin = 75 * time.Second

// verdict waits until the books balance, prints them, and gives what does not
// add up.
func (s *session) verdict(ctx context.Context) ([]string, error) {
	var r books.Result
	var wrong []string
	var err error
	for until := time.Now().Add(balanceWithin); ; {
		s.cancelCallbacks(ctx)
		if r, wrong, err = s.look(ctx); err == nil && len(wrong) == 0 || time.Now().After(until) {
			break
		}
		if sleep(ctx, time.Second) != nil {
			return nil, ctx.Err()
		}
	}
	if err != nil {
		return nil, err
	}
	if len(wrong) == 0 {
		wrong = s.agentsServe(ctx)
	}
	wrong = append(append(wrong, s.broken...), s.faultsOfOurs()...)
	fmt.Printf("%d calls placed, %d of them had by the fallback alone; %d records; %d called back, %d handed on, %d held\n%s\n",
		len(s.calls), r.Fallback, r.Records, r.Met, r.Handed, r.Held, r.Sum)
	for _, w := range wrong {
		fmt.Println("WRONG:", w)
	}
	if len(wrong) == 0 {
		fmt.Println("the books balance")
	}
	return wrong, nil
}

// cancelCallbacks has nobody wait for the line's next try any more, and lets those
// calls go that it makes just now.
func (s *session) cancelCallbacks(ctx context.Context) {
	for _, a := range s.agents {
		a.forget(ctx)
	}
	for {
		select {
		case call := <-s.home.Incoming():
			hangUp(ctx, call)
			continue
		default:
		}
		break
	}
	var open []struct{ ID int }
	out, err := s.rig.Do(ctx, "callbacks", "--json")
	if err == nil {
		err = json.Unmarshal([]byte(out), &open)
	}
	if err != nil {
		s.broke("the callbacks cannot be listed: %v", err)
	}
	for _, c := range open {
		if _, err := s.rig.Do(ctx, "callbacks", "cancel", strconv.Itoa(c.ID)); err != nil {
			s.say("callback %d is not cancelled: %v", c.ID, err) // it may be over by now
		}
	}
}

// look compares the calls with the log, and looks for what is left.
func (s *session) look(ctx context.Context) (r books.Result, wrong []string, err error) {
	store, err := sqlite.Open(ctx, sqlite.Options{Path: s.rig.Store(), ReadOnly: true})
	if err != nil {
		return r, nil, err
	}
	defer func() { err = errors.Join(err, store.Close(ctx)) }()
	log, err := accounts(ctx, store)
	if err != nil {
		return r, nil, err
	}
	r = books.Balance(s.placed(), log)
	left, err := s.left(ctx, store)
	return r, append(r.Wrong, left...), err
}

// placed is what the phones know of their calls.
func (s *session) placed() []books.Placed {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]books.Placed, 0, len(s.calls))
	for _, c := range s.calls {
		n := ivr.Number(c.number)
		all = append(all, books.Placed{Number: n, Answered: c.answered, Taken: s.taken[n]})
	}
	return all
}

// accounts reads the whole log.
func accounts(ctx context.Context, store *sqlite.Store) (all []books.Account, err error) {
	for f := (sqlite.Filter{Limit: sqlite.MaxCalls}); ; {
		page, err := store.Calls(ctx, f)
		if err != nil {
			return nil, err
		}
		for i := range page {
			r, entries, err := store.Call(ctx, page[i].ID)
			if err != nil {
				return nil, err
			}
			all = append(all, books.Account{Record: r, Entries: entries})
		}
		if len(page) < f.Limit {
			return all, nil
		}
		f.Before = page[len(page)-1].ID
	}
}

// left is what nobody has let go of: in the queue, in Asterisk, on the roster.
func (s *session) left(ctx context.Context, store *sqlite.Store) (wrong []string, err error) {
	tickets, err := store.Tickets().All(ctx)
	if err != nil {
		return nil, err
	}
	for _, t := range tickets {
		wrong = append(wrong, "a ticket is left of call "+string(t.Call))
	}
	carries, err := s.rig.Asterisk().Carries(ctx)
	if err != nil {
		return nil, err
	}
	for _, c := range carries {
		wrong = append(wrong, "left in Asterisk: "+c)
	}
	staff, _, err := store.Staff().Agents(ctx)
	for _, a := range staff {
		if a.World != queue.Idle {
			wrong = append(wrong, fmt.Sprintf("%s is %s, and there is no call", a.ID, a.World))
		}
	}
	return wrong, err
}

// serveWithin bounds how long a caller may wait for an agent who is free.
const serveWithin = 15 * time.Second

// agentsServe has each agent, one after the other, say to be ready, and a citizen
// call whom they have to be given.
func (s *session) agentsServe(ctx context.Context) (wrong []string) {
	for _, a := range s.agents {
		a.forget(ctx)
	}
	for _, a := range s.agents {
		if err := s.serves(ctx, a); err != nil {
			wrong = append(wrong, fmt.Sprintf("%s cannot serve any more: %v", a.id, err))
		}
	}
	return wrong
}

// serves has one agent be given a caller.
func (s *session) serves(ctx context.Context, a *agent) error {
	ctx, cancel := context.WithTimeout(ctx, serveWithin+answerWithin)
	defer cancel()
	for _, other := range s.agents {
		if err := s.code(ctx, other, map[bool]string{true: "*11", false: "*10"}[other == a]); err != nil {
			return err
		}
	}
	call, err := s.crowd.Dial(ctx, s.rig.LineAddress(), phone.DialOptions{Quiet: true, From: &phone.Party{User: "+77020000000"}})
	if err != nil {
		return err
	}
	defer hangUp(ctx, call)
	for _, key := range []byte("10") {
		if _, err := call.WaitSound(ctx, time.Time{}); err != nil {
			return err
		}
		if _, err := call.SendKey(ctx, key, phone.RFC4733); err != nil {
			return err
		}
	}
	late := time.NewTimer(serveWithin)
	defer late.Stop()
	select {
	case got := <-a.phone.Incoming():
		hangUp(ctx, got)
		return nil
	case <-late.C:
		return fmt.Errorf("no call came within %s", serveWithin)
	}
}

// code dials a code of agents and waits until the line has said its word.
func (s *session) code(ctx context.Context, a *agent, code string) error {
	call, err := a.phone.Dial(ctx, "sip:"+code+"@"+s.rig.SIPAddr(), phone.DialOptions{Quiet: true})
	if err != nil {
		return fmt.Errorf("%s dials %s: %w", a.id, code, err)
	}
	select {
	case <-call.Done():
		return nil
	case <-ctx.Done():
		return fmt.Errorf("%s dialled %s, and the line does not end the call", a.id, code)
	}
}

// faultsOfOurs looks into the program's log for what must never be there.
func (s *session) faultsOfOurs() (wrong []string) {
	log, err := os.ReadFile(s.rig.Log())
	if err != nil {
		return []string{err.Error()}
	}
	for _, sign := range []string{"panic:", "fatal error:", "DATA RACE", "a fault of the program", "refused a step for good", "refused the end of a call for good"} {
		if n := bytes.Count(log, []byte(sign)); n > 0 {
			wrong = append(wrong, fmt.Sprintf("the program's log says %d times %q", n, sign))
		}
	}
	return wrong
}
