package main

import (
	"context"
	"time"

	"ikomek109/asterisk"
)

// rosterEvery is how often the roster is looked at: `agent add` is another
// process.
const rosterEvery = time.Second

// watchAgents keeps the agents' phones known to the switch, and the queue told
// of those that cannot be rung, until ctx ends.
func (v *service) watchAgents(ctx context.Context) {
	roster := time.NewTicker(rosterEvery)
	defer roster.Stop()
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
		v.reach.beat(ctx)
		select {
		case <-roster.C:
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
