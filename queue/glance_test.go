package queue_test

import (
	"fmt"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"ikomek109/flows"
	"ikomek109/ivr"
	"ikomek109/queue"
	"ikomek109/queue/queuetest"
)

// TestEstimateWait holds the formula of the domain: place × handle time ÷
// agents, none with a free one, silence below five calls.
func TestEstimateWait(t *testing.T) {
	for name, c := range map[string]struct {
		g       queue.Glance
		handled int
		want    time.Duration
		ok      bool
	}{
		"a free agent":               {queue.Glance{Free: 1, OnDuty: 4}, 0, 0, true},
		"free, but others are first": {queue.Glance{Waiting: 1, Free: 1, OnDuty: 2}, 10, 3 * time.Minute, true},
		"three before, two agents":   {queue.Glance{Waiting: 3, OnDuty: 2}, 10, 6 * time.Minute, true},
		"nobody on duty":             {queue.Glance{Waiting: 3}, 10, 0, false},
		"too few calls to say":       {queue.Glance{Waiting: 3, OnDuty: 2}, 4, 0, false},
	} {
		got, ok := queue.EstimateWait(c.g, c.handled, time.Duration(c.handled)*3*time.Minute)
		if got != c.want || ok != c.ok {
			t.Errorf("%s: %s, %v; want %s, %v", name, got, ok, c.want, c.ok)
		}
	}
}

// TestGlance looks at a queue with one who waits, one agent free for it, one
// paused, and one of another queue.
func TestGlance(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := queuetest.NewStore()
		for id, change := range map[ivr.AgentID]func(*queue.Agent){
			"free":    func(*queue.Agent) {},
			"paused":  func(a *queue.Agent) { a.Chosen = ivr.Paused },
			"away":    func(a *queue.Agent) { a.World = queue.Unreachable },
			"another": func(a *queue.Agent) { a.Queues = []string{"another"} },
			"russian": func(a *queue.Agent) { a.Languages = []flows.Language{flows.Russian} },
		} {
			a := queuetest.NewAgent(id)
			change(&a)
			if err := store.Add(t.Context(), a); err != nil {
				t.Fatal(err)
			}
		}
		desk := queue.NewDesk(queue.Options{Tickets: store, Staff: store, Log: slog.New(slog.DiscardHandler)})
		if err := desk.Start(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if got, want := desk.Glance("general"), (queue.Glance{Free: 2, OnDuty: 2}); got != want {
			t.Errorf("before: %+v, want %+v", got, want)
		}
		if _, err := desk.Enter(t.Context(), queuetest.NewTicket("c1"), ivr.NewInbox()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if got, want := desk.Glance("general"), (queue.Glance{Waiting: 1, Free: 1, OnDuty: 2}); got != want {
			t.Errorf("while one is being offered: %+v, want %+v", got, want)
		}
		if got := desk.Glance("nobody's"); got.Waiting != 0 {
			t.Errorf("a queue that nobody entered: %+v", got)
		}
		if err := desk.Stop(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// TestServing counts who could serve a caller: of two Kazakh agents on duty neither
// is of use to one who speaks Russian, unless another language will do.
func TestServing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		health, off, away, tax := ready("health", kk), ready("off", ru), ready("away", ru), ready("tax", ru)
		health.Topics, tax.Queues = []string{"health"}, []string{"tax"}
		off.Chosen, away.World = ivr.Paused, queue.Unreachable
		s := newStage(t, queue.Rules{OtherLanguageAfter: time.Minute}, ready("all", kk), health, off, away, tax)
		defer s.stop()
		for name, c := range map[string]struct {
			ticket ivr.Ticket
			want   int
		}{
			"kazakh":                   {ivr.Ticket{Queue: "main", Language: kk}, 2},
			"kazakh, of another topic": {ivr.Ticket{Queue: "main", Language: kk, Category: "curfew/night"}, 1},
			"russian":                  {ivr.Ticket{Queue: "main", Language: ru}, 0},
			"russian, kazakh will do":  {ivr.Ticket{Queue: "main", Language: ru, OtherLanguage: true}, 2},
			"russian, in another":      {ivr.Ticket{Queue: "tax", Language: ru}, 1},
		} {
			if got, _ := s.desk.Serving(c.ticket); got != c.want {
				t.Errorf("%s: %d, want %d", name, got, c.want)
			}
		}
		s.desk.SetRules(queue.Rulebook{}) // never another language
		if got, _ := s.desk.Serving(ivr.Ticket{Queue: "main", Language: ru, OtherLanguage: true}); got != 0 {
			t.Errorf("against the rules: %d", got)
		}
	})
}

// TestServingBefore counts who of other queues comes before a caller: those who have
// waited longer, and whom an agent serves who also serves the caller.
func TestServingBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		both, tax, police := ready("both", kk), ready("tax", kk, ru), ready("police", kk)
		both.Queues, tax.Queues, police.Queues = []string{"main", "tax"}, []string{"tax"}, []string{"police"}
		s := newStage(t, queue.Rules{}, both, tax, police)
		defer s.stop()
		s.desk.SetRules(queue.Rulebook{}) // never another language
		for _, a := range []queue.Agent{both, tax, police} {
			s.desk.Engage(a.ID, true) // so that nobody is offered to them
		}
		for i, where := range []string{"tax", "tax", "police", "main", "tax"} {
			s.join(ivr.CallID(fmt.Sprint(i)), func(k *ivr.Ticket) {
				k.Queue = where
				if i == 1 {
					k.Language = ru // whom only the other agent of that queue serves
				}
			})
			time.Sleep(time.Second)
		}
		for call, want := range map[ivr.CallID]int{"3": 1, "4": 1, "2": 0, "nobody": 0} {
			where := map[ivr.CallID]string{"3": "main", "4": "tax", "2": "police"}[call]
			if _, got := s.desk.Serving(ivr.Ticket{Call: call, Queue: where, Language: kk}); got != want {
				t.Errorf("%s: %d, want %d", call, got, want)
			}
		}
	})
}
