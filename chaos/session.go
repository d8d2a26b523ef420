package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"ikomek109/bench/rig"
	"ikomek109/chaos/proxy"
	"ikomek109/ivr"
	"ikomek109/phone"
)

// session is one run.
type session struct {
	options
	rig    *rig.Rig
	proxy  *proxy.Proxy
	disk   *disk // of the store
	crowd  *phone.Phone
	home   *phone.Phone // of all whom the line calls back
	agents []*agent
	begun  time.Time

	// settled is held by whoever ends the program, or takes the store from it.
	settled sync.Mutex
	resting sync.WaitGroup // of the store, once it takes steps again

	mu     sync.Mutex
	calls  []*citizenCall      // guarded by mu: every call that was placed
	asked  map[string]bool     // guarded by mu: channels that were looked at
	taken  map[ivr.Number]bool // guarded by mu: callers to whom the program had something played
	broken []string            // guarded by mu: what went wrong on the way
}

// chaos carries a run out and gives what does not add up.
func chaos(ctx context.Context, o options) (wrong []string, err error) {
	s := &session{options: o, asked: map[string]bool{}, taken: map[ivr.Number]bool{}, begun: time.Now()}
	fmt.Printf("chaos: seed %d, for %s, %d citizens, %d agents\n", o.Seed, o.For, o.Citizens, o.Agents)
	defer func() { err = errors.Join(err, s.close()) }() //nolint:contextcheck // the end is bounded by itself
	if err := s.setUp(ctx); err != nil {
		return nil, err
	}
	s.begun = time.Now()
	s.live(ctx)
	if ctx.Err() != nil {
		return nil, errors.New("stopped before the end")
	}
	if wrong, err = s.verdict(ctx); err != nil || len(wrong) > 0 {
		s.rig.Keep()
		fmt.Printf("seed %d; the logs and the store are in %s\n", s.Seed, s.rig.Dir())
	}
	return wrong, err
}

// setUp starts an Asterisk, the program and the phones.
func (s *session) setUp(ctx context.Context) (err error) {
	if s.Program, err = filepath.Abs(s.Program); err != nil {
		return err
	}
	if s.disk, err = newDisk(); err != nil {
		s.say("the disk of the store is not filled: %v", err)
	}
	if s.home, err = phone.New(phone.Options{Incoming: phone.AnswerAfter(time.Second, phone.DialOptions{Quiet: true})}); err != nil { //nolint:contextcheck // ended by close
		return err
	}
	_, home, _ := strings.Cut(s.home.URI(), "@")
	s.rig, err = rig.New(ctx, rig.Options{
		Program: s.Program, Calls: 3*s.Citizens + 3*s.Agents, StoreDir: s.disk.dir(),
		Settings: []string{
			"IKOMEK109_QUEUE_RING_TIMEOUT=4s", "IKOMEK109_LOG_LEVEL=debug", "IKOMEK109_CALLBACK_DIAL=sip:{number}@" + home,
			"IKOMEK109_CALLBACK_FROM=00:00", "IKOMEK109_CALLBACK_TO=24:00",
		},
		Via: func(ctx context.Context, asterisk string) (string, error) {
			s.proxy, err = proxy.New(ctx, asterisk, s.played)
			if err != nil {
				return "", err
			}
			return s.proxy.Addr(), nil
		},
	})
	if err != nil {
		return err
	}
	if s.crowd, err = phone.New(phone.Options{}); err != nil { //nolint:contextcheck // ended by close
		return err
	}
	for i := range s.Agents {
		a, err := s.newAgent(ctx, i)
		if err != nil {
			return err
		}
		s.agents = append(s.agents, a)
	}
	return nil
}

func (s *session) close() error {
	var errs []error
	for _, p := range []*phone.Phone{s.crowd, s.home} {
		if p != nil {
			errs = append(errs, p.Close())
		}
	}
	for _, a := range s.agents {
		errs = append(errs, a.phone.Close())
	}
	if s.rig != nil {
		errs = append(errs, s.rig.Close())
	}
	if s.proxy != nil {
		errs = append(errs, s.proxy.Close())
	}
	return errors.Join(append(errs, s.disk.close())...)
}

// live lets citizens call and agents answer while things go wrong, and returns
// when both have ended: the faults first.
func (s *session) live(ctx context.Context) {
	calling, hangUp := context.WithCancel(ctx)
	defer hangUp()
	var people sync.WaitGroup
	for i := range s.Citizens {
		people.Go(func() { s.citizen(calling, s.dice(100+i)) })
	}
	for i, a := range s.agents {
		people.Go(func() { s.work(calling, a, s.dice(10_000+i)) })
	}
	people.Go(func() { s.atHome(calling, s.dice(20_000)) })
	s.torment(ctx)
	s.say("the faults are over; the traffic goes on")
	s.goesOn(ctx)
	s.say("the traffic ends")
	hangUp()
	people.Wait()
}

// dice are those of one part of the run: the same each time for a seed.
func (s *session) dice(part int) *rand.Rand {
	return rand.New(rand.NewPCG(s.Seed, uint64(part))) //nolint:gosec // no secret, and small
}

// say prints what happens, with the time since the begin.
func (s *session) say(format string, args ...any) {
	fmt.Printf("%7.2fs  %s\n", time.Since(s.begun).Seconds(), fmt.Sprintf(format, args...))
}

// broke notes what is wrong whatever the books say.
func (s *session) broke(format string, args ...any) {
	what := fmt.Sprintf(format, args...)
	s.say("%s", what)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.broken = append(s.broken, what)
}

// played notes whose call it is to which the program had something played.
func (s *session) played(channel string) {
	s.mu.Lock()
	known := s.asked[channel]
	s.asked[channel] = true
	s.mu.Unlock()
	if known {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	var about struct{ Caller struct{ Number string } }
	err := s.rig.Asterisk().Ask(ctx, "channels/"+url.PathEscape(channel), &about)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil { // it has ended; or Asterisk is held just now, and the next sound asks again
		delete(s.asked, channel)
		return
	}
	s.taken[ivr.Number(about.Caller.Number)] = true
}

// sleep lets time pass, unless ctx ends first.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// between gives a time by the dice.
func between(dice *rand.Rand, least, most time.Duration) time.Duration {
	return least + time.Duration(dice.Int64N(int64(most-least)))
}
