package asterisk_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"ikomek109/asterisk"
	"ikomek109/ivr"
)

// desk is a domain that keeps every call's mailbox and lives no call.
type desk struct {
	arrivals chan ivr.Arrival
	codes    chan ivr.CodeCall
	slow     chan struct{} // when set: Reconcile answers once it is closed

	mu      sync.Mutex
	boxes   map[ivr.ChannelID]*ivr.Inbox // guarded by mu
	refuse  bool                         // guarded by mu; take no new calls
	again   bool                         // guarded by mu; the earlier program's legs are not known yet
	reports []report                     // guarded by mu; every Reconcile
}

type report struct {
	node string
	legs []ivr.LegState
}

func newDesk() *desk {
	return &desk{
		arrivals: make(chan ivr.Arrival, 1000), codes: make(chan ivr.CodeCall, 10),
		boxes: make(map[ivr.ChannelID]*ivr.Inbox),
	}
}

func (d *desk) Arrive(a ivr.Arrival) *ivr.Inbox {
	if d.refuses() {
		return nil
	}
	in := d.open(a.Channel)
	d.arrivals <- a
	return in
}

func (d *desk) Code(c ivr.CodeCall) *ivr.Inbox {
	in := d.open(c.Channel)
	d.codes <- c
	return in
}

func (d *desk) Reconcile(_ context.Context, node string, legs []ivr.LegState) ivr.Routes {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.reports = append(d.reports, report{node, legs})
	if d.slow != nil {
		d.mu.Unlock()
		<-d.slow
		d.mu.Lock()
	}
	routes := ivr.Routes{Known: map[ivr.ChannelID]*ivr.Inbox{}, Again: d.again}
	for _, l := range legs {
		if in, ok := d.boxes[l.Channel]; ok {
			routes.Known[l.Channel] = in
		} else if !d.again {
			routes.Strange = append(routes.Strange, l.Channel)
		}
	}
	return routes
}

// open gives a leg's mailbox, a new one for a leg that has none.
func (d *desk) open(id ivr.ChannelID) *ivr.Inbox {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.boxes[id] == nil {
		d.boxes[id] = ivr.NewInbox()
	}
	return d.boxes[id]
}

func (d *desk) set(refuse, again bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.refuse, d.again = refuse, again
}

func (d *desk) refuses() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.refuse
}

func (d *desk) told() []report {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]report(nil), d.reports...)
}

// arrived waits for a citizen's call.
func (d *desk) arrived(t testing.TB) (ivr.Arrival, *ivr.Inbox) {
	t.Helper()
	select {
	case a := <-d.arrivals:
		return a, d.open(a.Channel)
	case <-time.After(10 * time.Second):
		t.Fatal("no call arrived")
	}
	return ivr.Arrival{}, nil
}

// take gives a mailbox's oldest event, waiting for one until ctx ends.
func take(ctx context.Context, in *ivr.Inbox) (ivr.Event, error) {
	for {
		if ev, ok := in.TryTake(); ok {
			return ev, nil
		}
		select {
		case <-in.Ready():
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// next waits for a mailbox's next event, of the type wanted.
func next[E ivr.Event](t testing.TB, in *ivr.Inbox) E {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	ev, err := take(ctx, in)
	if err != nil {
		t.Fatalf("waiting for %T: %v", *new(E), err)
	}
	want, ok := ev.(E)
	if !ok {
		t.Fatalf("got %#v, want a %T", ev, *new(E))
	}
	return want
}

// quiet fails when a mailbox holds anything more.
func quiet(t testing.TB, in *ivr.Inbox) {
	t.Helper()
	if ev, ok := in.TryTake(); ok {
		t.Fatalf("an event too many: %#v", ev)
	}
}

// eventually waits for something that happens in its own time.
func eventually(t testing.TB, within time.Duration, what string, ok func() bool) {
	t.Helper()
	deadline := time.NewTimer(within)
	defer deadline.Stop()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-deadline.C:
			t.Fatalf("not within %s: %s", within, what)
		case <-tick.C:
		}
	}
}

// begin makes and starts a switch that ends with the test.
func begin(t testing.TB, o asterisk.Options, d *desk) *asterisk.Switch {
	t.Helper()
	s, err := asterisk.New(o)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Start(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { shut(t, s) })
	return s
}

func shut(t testing.TB, s *asterisk.Switch) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := s.Shutdown(ctx); err != nil {
		t.Error(err)
	}
}

// up waits until the switch serves calls.
func up(t testing.TB, s *asterisk.Switch) {
	t.Helper()
	eventually(t, 10*time.Second, "the switch is up", func() bool { return s.Status().State == asterisk.Up })
}
