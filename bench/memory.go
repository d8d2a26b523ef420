package main

import (
	"context"
	"fmt"
	"time"

	"ikomek109/bench/figures"
	"ikomek109/bench/load"
	"ikomek109/bench/rig"
)

// quarter of the callers wait at the first look, all of them at the second:
// what the program needs without any is not theirs.
const quarter = 4

// Before a look the queue is left alone for settleFor: those who came last have
// heard their place by then. Its figures are read every lookEvery meanwhile,
// which also makes the collector run, so that the least heap seen is one that
// was just cleaned.
const (
	settleFor = 15 * time.Second
	lookEvery = 100 * time.Millisecond
)

// weight is the program's memory at a moment.
type weight struct {
	callers                float64
	resident, heap, stacks float64 // bytes
}

// memory measures what the program keeps for a caller who waits.
func (s *session) memory(ctx context.Context) error {
	if s.Waiting == 0 {
		return nil
	}
	empty, err := s.weigh(ctx, 2*time.Second)
	if err != nil {
		return err
	}
	few, rest := s.staying(rig.WaitKeys), s.staying(rig.WaitKeys)
	n := max(s.Waiting/quarter, 1)
	first, err := s.join(ctx, few, n)
	if err != nil {
		return err
	}
	second, err := s.join(ctx, rest, s.Waiting-n)
	if err != nil {
		return err
	}
	if err := s.reportMemory(empty, first, second); err != nil {
		return err
	}
	if err := s.leave(ctx, few); err != nil {
		return err
	}
	if err := s.restart(ctx, n); err != nil {
		return err
	}
	if err := s.leave(ctx, rest); err != nil {
		return err
	}
	return s.quiet(ctx)
}

func (s *session) staying(keys string) *load.Staying {
	return &load.Staying{Address: s.rig.LineAddress(), Keys: keys}
}

func (s *session) leave(ctx context.Context, who *load.Staying) error {
	s.talk.say("hanging up", 0, 0)
	if err := who.Leave(ctx, s.AtOnce); err != nil {
		return fmt.Errorf("hanging up those who waited: %w", err)
	}
	return nil
}

// reportMemory gives two figures with limits: what the process grew by in all,
// garbage of the arrivals included, and what a caller keeps alive.
func (s *session) reportMemory(empty, first, second weight) error {
	per, err := perCaller(empty, first, second)
	if err != nil {
		return err
	}
	r := s.report
	r.AddOne(fmt.Sprintf("memory, resident, from 0 to %.0f waiting", second.callers), "KB/caller", per.resident)
	r.Limit(maxWaiting)
	r.AddOne(fmt.Sprintf("memory alive, from %.0f to %.0f waiting", first.callers, second.callers), "KB/caller", per.heap+per.stacks)
	r.Limit(maxWaiting)
	r.AddOne("  of this heap", "KB/caller", per.heap)
	r.AddOne("  of this stacks", "KB/caller", per.stacks)
	return nil
}

// share is what one caller takes, in KB.
type share struct{ resident, heap, stacks float64 }

// perCaller gives what a caller takes, from looks at an empty line, at few and at
// all. Nobody takes nothing: a figure that says so compares what something else
// has changed meanwhile, and is under every limit.
func perCaller(empty, first, second weight) (share, error) {
	const kb = 1024
	more := second.callers - first.callers
	s := share{
		resident: (second.resident - empty.resident) / (second.callers - empty.callers) / kb,
		heap:     (second.heap - first.heap) / more / kb,
		stacks:   (second.stacks - first.stacks) / more / kb,
	}
	if more > 0 && first.callers >= empty.callers && s.resident > 0 && s.heap > 0 && s.stacks > 0 {
		return s, nil
	}
	return s, fmt.Errorf("the looks at %.0f, %.0f and %.0f callers who wait do not compare: "+
		"a caller would take %.2f KB resident, %.2f KB of heap and %.2f KB of stacks; "+
		"run it again on a quieter machine, with more callers if there were few (--waiting)",
		empty.callers, first.callers, second.callers, s.resident, s.heap, s.stacks)
}

// join lets more callers join, waits until all are in the queue and quiet, and
// looks.
func (s *session) join(ctx context.Context, who *load.Staying, more int) (weight, error) {
	if err := s.come(ctx, who, more); err != nil {
		return weight{}, err
	}
	s.talk.say("letting the queue settle", 0, 0)
	return s.weigh(ctx, settleFor)
}

// come lets more callers come, to stay.
func (s *session) come(ctx context.Context, who *load.Staying, more int) error {
	s.made += more
	t := who.Join(ctx, s.crowd(fmt.Sprintf("%d more callers to stay:", more)), more)
	if t.Failed > 0 {
		return fmt.Errorf("%d of %d callers did not come to stay, the first: %w", t.Failed, t.Calls, t.First)
	}
	return nil
}

// weigh looks for a while and gives the last look, with the least heap.
func (s *session) weigh(ctx context.Context, during time.Duration) (last weight, err error) {
	least := 0.0
	for until := time.Now().Add(during); time.Now().Before(until); {
		m, err := s.rig.Metrics(ctx)
		if err != nil {
			return last, err
		}
		if heap := m["go_memstats_heap_alloc_bytes"]; least == 0 || heap < least {
			least = heap
		}
		last = weight{
			callers: m["ikomek109_queue_waiting"], heap: least,
			stacks: m["go_memstats_stack_inuse_bytes"],
		}
		if err := sleep(ctx, lookEvery); err != nil {
			return last, err
		}
	}
	last.resident, err = figures.Resident(s.rig.ProgramPid())
	return last, err
}

// quietWithin bounds the wait for the last call's end.
const quietWithin = 30 * time.Second

// quiet waits until no call lives.
func (s *session) quiet(ctx context.Context) error {
	late := time.Now().Add(quietWithin)
	for {
		m, err := s.rig.Metrics(ctx)
		if err != nil {
			return err
		}
		live := m["ikomek109_calls_live"]
		if live == 0 {
			return nil
		}
		if time.Now().After(late) {
			return fmt.Errorf("%.0f calls still live %s after the last hang-up", live, quietWithin)
		}
		if err := sleep(ctx, lookEvery); err != nil {
			return err
		}
	}
}
