package main

import (
	"context"
	"time"

	"ikomek109/asterisk"
)

// rosterEvery is how often the roster is looked at: `agent add` is another
// process. registeredEvery is the same for the agents' phones.
const (
	rosterEvery     = time.Second
	registeredEvery = 5 * time.Second
)

// watchAgents keeps the agents' phones known to the switch, and the queue told
// of those that are not registered, until ctx ends.
func (v *service) watchAgents(ctx context.Context) {
	roster, registered := time.NewTicker(rosterEvery), time.NewTicker(registeredEvery)
	defer roster.Stop()
	defer registered.Stop()
	pushed := int64(-1) // no version of the roster is negative
	looked := false
	for {
		if now := v.sw.Status(); now.State == asterisk.Up {
			pushed = v.pushAgents(ctx, pushed)
			if !looked {
				looked = true
				v.warnLeft(ctx, now.Node)
			}
		}
		select {
		case <-roster.C:
		case <-registered.C:
			if v.sw.Status().State == asterisk.Up {
				v.tellReachable(ctx)
			}
		case <-ctx.Done():
			return
		}
	}
}

// pushAgents brings the switch up to the roster's version, and gives the
// version that it has now.
func (v *service) pushAgents(ctx context.Context, pushed int64) int64 {
	now, err := v.store.Staff().Version(ctx)
	if err == nil && now == pushed {
		return pushed
	}
	if err == nil {
		err = v.pushRoster(ctx, &pushed)
	}
	if err != nil && ctx.Err() == nil {
		v.log.Warn("the agents' phones are not all known to the switch yet", "err", err)
	}
	return pushed
}

func (v *service) pushRoster(ctx context.Context, pushed *int64) error {
	agents, version, err := v.store.Staff().Agents(ctx)
	if err != nil {
		return err
	}
	if err := v.sw.SyncAgents(ctx, agents); err != nil {
		return err
	}
	*pushed = version
	return nil
}

// tellReachable tells the queue which phones are registered. It is told on each
// look, not on each change: what the queue made of it meanwhile (an agent was
// with a caller, a phone could not be rung) is no business of ours to remember.
func (v *service) tellReachable(ctx context.Context) {
	phones, err := v.sw.Phones(ctx)
	if err != nil {
		v.log.Debug("registrations were not read", "err", err)
		return
	}
	for _, a := range v.desk.Agents() {
		yes, there := phones[a.ID]
		if !there || a.World.WithCaller() {
			continue
		}
		if err := v.desk.Reachable(ctx, a.ID, yes); err != nil {
			v.log.Debug("reachability was not noted", "agent", a.ID, "err", err)
		}
	}
}
