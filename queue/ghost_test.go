package queue_test

import (
	"context"
	"log/slog"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"ikomek109/ivr"
	"ikomek109/queue"
	"ikomek109/queue/queuetest"
)

// interrupted is a store in which something happens while agents are read.
type interrupted struct {
	*queuetest.Store
	meanwhile atomic.Pointer[func()]
}

func (s *interrupted) Agents(ctx context.Context) ([]queue.Agent, int64, error) {
	if do := s.meanwhile.Swap(nil); do != nil {
		(*do)()
	}
	return s.Store.Agents(ctx)
}

// TestWhoHasLeftIsNotBroughtBack: a caller whose ticket the store has lost, and
// who hangs up just when that is found out, would be a ghost to whom agents
// are offered, and who never lets go of one.
func TestWhoHasLeftIsNotBroughtBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &interrupted{Store: queuetest.NewStore()}
		desk := queue.NewDesk(queue.Options{Tickets: store, Staff: store, Log: slog.New(slog.DiscardHandler)})
		if err := desk.Start(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		defer desk.Stop(t.Context()) //nolint:errcheck // nothing is owed
		if _, err := desk.Enter(t.Context(), ticket("c1", kk), ivr.NewInbox()); err != nil {
			t.Fatal(err)
		}
		if err := store.Drop(t.Context(), "c1", false, time.Now()); err != nil {
			t.Fatal(err)
		}
		hangUp := func() {
			if err := desk.Leave(t.Context(), "c1", "abandoned"); err != nil {
				t.Error(err)
			}
		}
		store.meanwhile.Store(&hangUp)
		time.Sleep(40 * time.Second) // the recheck finds that the ticket is lost
		if err := store.Add(t.Context(), ready("a")); err != nil {
			t.Fatal(err)
		}
		time.Sleep(5 * time.Second)
		agents, _, err := store.Store.Agents(t.Context())
		if err != nil || !agents[0].Free() {
			t.Errorf("agent %+v, %v", agents[0], err)
		}
		if all, err := store.All(t.Context()); err != nil || len(all) != 0 {
			t.Errorf("tickets %v, %v", all, err)
		}
	})
}
